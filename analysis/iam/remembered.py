"""What was made of some content, kept for as long as the content keeps coming: policies recur from request to request.

The key is the content itself as JSON, never an object that may change. JSON tells true from 1 and "1", and keeps the
order of keys, on which the order of reasons depends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import orjson

Made = TypeVar("Made")

EXACT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
"""Takes texts for texts only, not dates and what else Python can write as one."""


class Remembered(Generic[Made]):
    """A function of what JSON decodes to, a tuple being a list, that remembers what it made.

    Holds two generations, each of at most ``budget`` bytes of content. When the young one is full it becomes the old
    one, and what nobody asked for meanwhile is forgotten.
    """

    def __init__(self, make: Callable[[object], Made], budget: int) -> None:
        self._make = make
        self._budget = budget
        self._young: dict[bytes, Made] = {}
        self._old: dict[bytes, Made] = {}
        self._size = 0

    def __call__(self, raw: object) -> Made:
        """What the function makes of the content; made anew where that is not JSON."""
        try:
            content = orjson.dumps(raw, None, EXACT)
        except TypeError:
            return self._make(raw)
        made = self._young.get(content)
        return self._older(content, raw) if made is None else made

    def _older(self, content: bytes, raw: object) -> Made:
        made = self._old.get(content)
        if made is None:
            if b"null" in content:
                return self._make(raw)  # It may stand for a number that is none, which is not the same.
            made = self._make(raw)
        if len(content) <= self._budget // 4:
            if self._size + len(content) > self._budget:
                self._old, self._young, self._size = self._young, {}, 0
            self._young[content] = made
            self._size += len(content)
        return made
