"""Documents that are remembered: as few as their length allows, those that were asked for last."""

from __future__ import annotations

from graphql import parse
from muniment.api.graphql.documents import LONGEST, Documents


def test_what_was_not_asked_for_the_longest_is_forgotten() -> None:
    known = Documents(most=100)
    texts = [f"{{ node(id: {number}) {{ id }} }}" for number in range(9)]
    for text in texts:
        known.add(text, parse(text))
        known.get(texts[0])
    assert known.get(texts[0]) is not None
    assert known.get(texts[1]) is None
    assert known.get(texts[-1]) is not None


def test_what_is_very_long_is_not_remembered() -> None:
    known = Documents()
    text = "{ id }" + " " * LONGEST
    known.add(text, parse(text))
    assert known.get(text) is None
