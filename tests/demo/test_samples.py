"""What the documentation says that questions answer is what they answer on the demo's organization."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from muniment.queries.library import questions

SAMPLING = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "samples.py"))
SAMPLES = json.loads(SAMPLING["SAMPLES"].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_sample_is_what_is_answered(register: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(SAMPLING["WIDTH"]))
    assert name in SAMPLES, "run `make samples` and commit the result"
    answered = {apart(line) for line in SAMPLING["answered"](questions()[name])}
    shown = SAMPLES[name][:1] if name in SAMPLING["VARYING"] else [line for line in SAMPLES[name] if line != "…"]
    assert [line for line in shown if apart(line) not in answered] == [], "run `make samples` and commit the result"


def apart(line: str) -> str:
    """The line however wide its columns are."""
    return " ".join(line.split())
