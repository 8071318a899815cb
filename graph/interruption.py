"""Ctrl-C and a polite kill, as one exception in the main thread, and never amid a talk with the database.

The driver knows no exception that comes from outside while it sends or receives. A connection that is torn there sends
a message twice, or leaves an answer unread, goes back to its pool, and gives the next question the answer to another: a
run that was interrupted so found nothing where its own records were, or waited for ever.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """The process was told to stop. A KeyboardInterrupt, so that nothing in between takes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def behind(error: BaseException | None) -> Interrupted | None:
    """The interruption that an error came of: what is torn from its work may end with an error of its own."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__context__
    return error


class _Main:
    """The main thread, the only one that signals interrupt: how deep in work that is not to be torn, and what waits."""

    depth = 0
    waiting: Interrupted | None = None


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted on the first SIGINT or SIGTERM; a second one ends the process as it usually would.

    Outside the main thread, where Python runs no signal handlers, it changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        restore()
        if _Main.depth:
            _Main.waiting = Interrupted(number)
            return
        raise Interrupted(number)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        restore()


@contextmanager
def untorn() -> Iterator[None]:
    """Have an interruption wait until the end of the block, and of all such blocks around it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Main.depth += 1
    try:
        yield
    finally:
        _Main.depth -= 1
        if not _Main.depth and (waiting := _Main.waiting):
            _Main.waiting = None
            raise waiting
