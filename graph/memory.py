"""What was made of the graph as a whole, kept for as long as nobody writes there: a server is asked again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Generic, TypeVar

from ..errors import NotYet
from .deadline import DEADLINE

Made = TypeVar("Made")

_TO_SAY_SO = 0.5
"""Seconds before the deadline at which whoever waits is told, so that this comes before the deadline itself."""


class Memory(Generic[Made]):
    """Keeps one thing. It is lent to one at a time, since what it is asked may change what it remembers of itself.

    It is made in a thread of its own, which goes on when whoever asked for it has no time left: what takes longer than
    anybody may wait is there for those who ask again.
    """

    def __init__(self) -> None:
        self._making: Future[Made] | None = None
        self._written: Hashable = None
        self._lent = Lock()

    @contextmanager
    def lent(self, written: Callable[[], Hashable], make: Callable[[], Made]) -> Iterator[Made]:
        """The thing: as it was made, unless there was writing since, of which ``written`` tells; else made now.

        It is not kept where that is None. NotYet where the deadline passes before others give it back, or before it is
        made.
        """
        self._take()
        try:
            # Asked before it is made: what is written meanwhile makes it out of date at once.
            now = written()
            if now is None:
                self._making = None
                yield make()
            else:
                yield self._made(now, make)
        finally:
            self._lent.release()

    def _made(self, now: Hashable, make: Callable[[], Made]) -> Made:
        if self._making is not None:
            _wait_for(self._making)
        if self._making is None or now != self._written or self._making.exception() is not None:
            self._making = None  # Not two of them at a time.
            self._making, self._written = _begun(make), now
            _wait_for(self._making)
        return self._making.result()

    def _take(self) -> None:
        left = _time_left()
        if not self._lent.acquire(timeout=-1.0 if left is None else left):
            raise NotYet("others were asking the same until there was no time left", "Ask again.")


def _begun(make: Callable[[], Made]) -> Future[Made]:
    """What is being made from now on, under no deadline."""
    future: Future[Made] = Future()

    def run() -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="memory", daemon=True).start()
    return future


def _wait_for(making: Future[Made]) -> None:
    if not wait((making,), _time_left()).done:
        raise NotYet("what the answer rests on is still being read, which goes on", "Ask again in a minute.")


def _time_left() -> float | None:
    deadline = DEADLINE.get()
    return None if deadline is None else max(deadline.left - _TO_SAY_SO, 0.0)
