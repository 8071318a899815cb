"""What was made of some content, kept for as long as that keeps coming: policies recur from request to request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

import orjson

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

EXACT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
"""Takes texts for texts only, not dates and what else Python can write as one."""


class Generations(dict[Key, Made | None]):
    """A mapping that forgets what nobody asks for, by ``[]``, which is None of what is not kept. Safe to share between
    threads.

    Holds two generations, each of keys whose sizes, 1 by default, add up to at most ``budget``. When the young one,
    which is the mapping itself, is full, it becomes the old one, and what was not asked for meanwhile is forgotten;
    ``turns`` counts how often. A key of more than a quarter of it is not kept.
    """

    def __init__(self, budget: int, size: Callable[[Key], int] | None = None) -> None:
        super().__init__()
        self._budget = budget
        self._size_of = size
        self._old: Mapping[Key, Made | None] = {}
        self.turns = 0
        self._size = 0

    def __missing__(self, key: Key) -> Made | None:
        made = self._old.get(key)
        return None if made is None else self.keep(key, made)

    def keep(self, key: Key, made: Made) -> Made:
        """The value, which is kept from now on."""
        size = self._size_of(key) if self._size_of else 1
        if size <= self._budget // 4:
            if self._size + size > self._budget:
                self._old, self._size = dict(self), 0
                self.clear()
                self.turns += 1
            self[key] = made
            self._size += size
        return made


class Remembered(Generic[Made]):
    """A function of what JSON decodes to, a tuple being a list, that remembers what it made, up to ``budget`` bytes.

    The key is the content itself as JSON, never an object that may change. JSON tells true from 1 and "1", and keeps
    the order of keys, on which the order of reasons depends.
    """

    def __init__(self, make: Callable[[object], Made], budget: int) -> None:
        self._make = make
        self._kept: Generations[bytes, Made] = Generations(budget, len)

    def __call__(self, raw: object) -> Made:
        """What the function makes of the content; made anew where that is not JSON."""
        try:
            content = orjson.dumps(raw, None, EXACT)
        except TypeError:
            return self._make(raw)
        made = self._kept[content]
        if made is not None:
            return made
        if b"null" in content:
            return self._make(raw)  # It may stand for a number that is none, which is not the same.
        return self._kept.keep(content, self._make(raw))
