"""Threads that wait for the database, so that the event loop does not.

``run_in_executor`` makes a future for the thread beside the event loop's own, and ties the two with locks and calls,
which takes twice as long as to hand work over and its outcome back. Here the event loop's future is all there is.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Job(NamedTuple):
    """Work to be done, and who waits for what comes of it."""

    loop: AbstractEventLoop
    outcome: Future[Any]
    context: Context
    work: Callable[[], Any]


class Threads:
    """At most so many. Whoever gives up waiting leaves its thread to end by itself: its deadline sees to it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._under_way = 0
        self._closed = False

    async def call(self, work: Callable[[], T]) -> T:
        """Do work in a thread, in the context of whoever asks for it; RuntimeError once it is closed."""
        if self._closed:
            raise RuntimeError("the threads that wait for the database have ended")
        job = Job(get_running_loop(), get_running_loop().create_future(), copy_context(), work)
        self._under_way += 1
        if len(self._threads) < min(self._under_way, self._most):
            self._threads.append(Thread(target=self._do, name=f"database_{len(self._threads)}", daemon=True))
            self._threads[-1].start()
        self._jobs.put(job)
        found: T = await job.outcome
        return found

    def close(self) -> None:
        """Take no more work, and drop what was not begun."""
        self._closed = True
        with suppress(Empty):
            while job := self._jobs.get_nowait():
                job.loop.call_soon_threadsafe(job.outcome.cancel)
        for _ in self._threads:
            self._jobs.put(None)

    def _do(self) -> None:
        while job := self._jobs.get():
            found, error = None, None
            try:
                found = job.context.run(job.work)
            except BaseException as raised:
                error = raised
            with suppress(RuntimeError):  # the event loop is closed: nobody waits any more
                job.loop.call_soon_threadsafe(self._settle, job.outcome, found, error)
            del job, found, error  # not kept until there is more to do

    def _settle(self, outcome: Future[Any], found: Any, error: BaseException | None) -> None:
        self._under_way -= 1
        if outcome.done():
            return
        if error is None:
            outcome.set_result(found)
        else:
            outcome.set_exception(error)
