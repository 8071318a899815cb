"""Ctrl-C and a polite kill, as one exception in the main thread."""

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
    """The interruption that an error came of: a driver that is torn from its work may end with an error of its own."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__context__
    return error


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
