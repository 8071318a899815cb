"""Answers leave the API through one door, which withholds what a caller may not see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

API = Path(__file__).parents[2] / "api"
DOOR = API / "security" / "withholding.py"
PAST_IT = re.compile(r"run\.answering|queries\.running|queries\.(becoming|escalation|permitted|reach|review|status)\b")


@pytest.mark.parametrize("path", sorted(API.rglob("*.py")), ids=lambda path: str(path.relative_to(API)))
def test_nothing_answers_past_the_door(path: Path) -> None:
    if path != DOOR:
        assert PAST_IT.findall(path.read_text(encoding="utf-8")) == []
