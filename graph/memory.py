"""What was made of the graph as a whole, kept for as long as nobody writes there: a server is asked again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from ..errors import QueryTimeout
from .deadline import DEADLINE

Made = TypeVar("Made")

_FOR_EVER = -1.0


class Memory(Generic[Made]):
    """Keeps one thing. It is lent to one at a time, since what it is asked may change what it remembers of itself."""

    def __init__(self) -> None:
        self._made: Made | None = None
        self._written: Hashable = None
        self._lent = Lock()

    @contextmanager
    def lent(self, written: Callable[[], Hashable], make: Callable[[], Made]) -> Iterator[Made]:
        """The thing: as it was made, unless there was writing since, of which ``written`` tells; else made now.

        It is not kept where that is None. QueryTimeout where the deadline passes before others give it back.
        """
        self._take()
        try:
            # Asked before it is made: what is written meanwhile makes it out of date at once.
            now = written()
            made = self._made if now == self._written else None
            if made is None:
                self._made = None  # Not two of them at a time.
                made = make()
                self._made, self._written = (made, now) if now else (None, None)
            yield made
        finally:
            self._lent.release()

    def _take(self) -> None:
        deadline = DEADLINE.get()
        if not self._lent.acquire(timeout=_FOR_EVER if deadline is None else max(deadline.left, 0.0)):
            raise QueryTimeout("others were asking the same until there was no time left", "Ask again.")
