"""Threads that wait for the database, so that the event loop does not."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """At most so many. Whoever gives up waiting leaves its thread to end by itself: its deadline sees to it."""

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="database")

    async def call(self, work: Callable[[], T]) -> T:
        """Do work in a thread, in the context of whoever asks for it."""
        return await get_running_loop().run_in_executor(self._pool, copy_context().run, work)

    def close(self) -> None:
        """Take no more work, and drop what was not begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)
