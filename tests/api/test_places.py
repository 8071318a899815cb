"""Places among changes, as callers are given them that see some accounts only."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st
from muniment.api.security import places
from muniment.graph.changes import DIGITS

RUNS = st.sampled_from(["20260131T100000Z-0a1b2c3d", "r", "a/b"])
NUMBERS = st.integers(1, 10**DIGITS - 1)
KEYS = st.binary(min_size=32, max_size=32)


def test_the_examples_hold() -> None:
    assert doctest.testmod(places).failed == 0


@given(RUNS, NUMBERS, KEYS)
def test_a_place_is_found_again(run: str, number: int, key: bytes) -> None:
    place = f"{run}/{number:0{DIGITS}}"
    assert places.shown(places.hidden(place, key), key) == place


@given(RUNS, NUMBERS, KEYS, KEYS)
def test_it_is_nothing_to_another_register_nor_of_another_run(run: str, number: int, key: bytes, other: bytes) -> None:
    told = places.hidden(f"{run}/{number:0{DIGITS}}", key)
    assert key == other or places.shown(told, other) is None
    assert places.shown(f"x{told}", key) is None


@given(st.text(max_size=40), KEYS)
def test_what_was_never_told_is_no_place(text: str, key: bytes) -> None:
    assert places.shown(text, key) is None
    assert places.shown(f"r/{text}", key) is None
