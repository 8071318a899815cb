"""Reading ahead: one thread takes from a source while another works on what was taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

Item = TypeVar("Item")

_PATIENCE = 0.1
"""Seconds between two looks at whether the other side is still there."""


class _Ended(Generic[Item]):
    """The last thing in the queue, with the error that ended the source, if one did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


@contextmanager
def reading_ahead(source: Iterator[Item], depth: int) -> Iterator[Iterator[Item]]:
    """The items of ``source``, taken by a thread of their own, never more than ``depth`` of them waiting.

    An error of the source is raised where its next item would have come. Leaving the block early ends the source: a
    generator is closed in the thread that ran it, after the item that it is at.
    """
    queue: Queue[Item | _Ended[Item]] = Queue(depth)
    stopped = threading.Event()
    thread = threading.Thread(target=_take, args=(source, queue, stopped), name="collect", daemon=True)
    thread.start()
    try:
        yield _items(queue)
    finally:
        stopped.set()
        thread.join(_JOIN_SECONDS)


_JOIN_SECONDS = 2.0
"""How long a source may take to end after it was told to; it is left behind when it takes longer."""


def _take(source: Iterator[Item], queue: Queue[Item | _Ended[Item]], stopped: threading.Event) -> None:
    ended: _Ended[Item] = _Ended()
    try:
        for item in source:
            if not _put(queue, item, stopped):
                break
    except BaseException as error:
        ended = _Ended(error)
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
        _put(queue, ended, stopped)


def _put(queue: Queue[Item | _Ended[Item]], item: Item | _Ended[Item], stopped: threading.Event) -> bool:
    """Wait for room; False if nobody wants items any more."""
    while not stopped.is_set():
        try:
            queue.put(item, timeout=_PATIENCE)
        except Full:
            continue
        return True
    return False


def _items(queue: Queue[Item | _Ended[Item]]) -> Iterator[Item]:
    while True:
        try:
            item = queue.get(timeout=_PATIENCE)
        except Empty:
            continue
        if isinstance(item, _Ended):
            if item.error is not None:
                raise item.error
            return
        yield item
