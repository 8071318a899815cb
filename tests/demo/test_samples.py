"""What the documentation says that questions answer is what they answer on the demo's organization."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from muniment.queries.library import questions

SAMPLING = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "samples.py"))
SAMPLES = json.loads(SAMPLING["SAMPLES"].read_text(encoding="utf-8"))
AGAIN = "run `make samples` and commit the result"


@pytest.fixture(scope="module")
def ask(register: None) -> Iterator[Any]:
    """Asks `muniment serve` over the demo's register."""
    with SAMPLING["served"]() as asking:
        yield asking


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_sample_is_what_is_answered(register: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(SAMPLING["WIDTH"]))
    assert name in SAMPLES, AGAIN
    answered = {apart(line) for line in SAMPLING["answered"](questions()[name])}
    command = SAMPLES[name]["command"]
    shown = command[:1] if name in SAMPLING["VARYING"] else [line for line in command if line != "…"]
    assert [line for line in shown if apart(line) not in answered] == [], AGAIN


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_sample_is_what_graphql_answers(ask: Any, name: str) -> None:
    sample = answer_in(SAMPLES[name]["graphql"])
    shown = answer_in(ask(SAMPLING["by_graphql"](questions()[name])))
    assert shown.keys() == sample.keys(), AGAIN
    assert [row.keys() for row in shown["rows"]] == [row.keys() for row in sample["rows"]], AGAIN
    if name not in SAMPLING["VARYING"]:
        whole = answer_in(ask(SAMPLING["by_graphql"](questions()[name], first=None)))
        assert [row for row in sample["rows"] if row not in whole["rows"]] == [], AGAIN
        assert {**sample, "rows": ()} == {**whole, "rows": ()}, AGAIN


def answer_in(response: dict[str, Any]) -> dict[str, Any]:
    """The answer to the one question that was asked."""
    (answer,) = response["data"].values()
    assert isinstance(answer, dict)
    return answer


def apart(line: str) -> str:
    """The line however wide its columns are."""
    return " ".join(line.split())
