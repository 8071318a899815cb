"""Keyset cursors: where a page ended, as an opaque text. The page after it is found by index, however deep it lies."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from .failures import bad_input

FIRST = 20
"""Nodes on a page that does not say how many."""
MOST = 500
"""The most nodes on a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """So many nodes after a place; ``after`` is that of the last one seen: what the list is ordered by, and the id."""

    first: int = FIRST
    after: tuple[Any, ...] | None = None


def page(first: int | None, after: str | None, parts: int) -> Page:
    """What was asked for; BAD_USER_INPUT on a number of nodes or a cursor that cannot be."""
    number = FIRST if first is None else first
    if not 0 <= number <= MOST:
        raise bad_input(f"first is {number}: it goes from 0 to {MOST}")
    return Page(number, None if after is None else _place(after, parts))


def cursor(place: Sequence[Any]) -> str:
    """A place as a text."""
    return base64.urlsafe_b64encode(orjson.dumps(list(place))).decode().rstrip("=")


def _place(text: str, parts: int) -> tuple[Any, ...]:
    try:
        place = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        place = None
    if not isinstance(place, list) or len(place) != parts or not all(isinstance(part, str) for part in place):
        raise bad_input("after is not a cursor of this list")
    return tuple(place)
