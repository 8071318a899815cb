"""Threads that wait for the database: what comes of the work comes back, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from contextvars import ContextVar

import pytest
from muniment.api.threads import Threads

ASKED: ContextVar[str] = ContextVar("asked", default="nobody")


def test_work_is_done_elsewhere_in_the_context_of_whoever_asks() -> None:
    async def ask() -> tuple[str, str]:
        ASKED.set("alice")
        return await Threads(2).call(lambda: (ASKED.get(), threading.current_thread().name))

    assert asyncio.run(ask()) == ("alice", "database_0")


def test_an_error_is_that_of_whoever_asks_and_the_thread_goes_on() -> None:
    async def ask() -> int:
        threads = Threads(1)
        with pytest.raises(ZeroDivisionError):
            await threads.call(lambda: 1 // 0)
        return await threads.call(lambda: 7)

    assert asyncio.run(ask()) == 7


def test_there_are_no_more_threads_than_said_and_no_more_than_work() -> None:
    async def ask() -> tuple[set[str], set[str]]:
        threads = Threads(3)
        alone = {await threads.call(lambda: threading.current_thread().name) for _ in range(5)}
        together = threading.Barrier(3)

        def name() -> str:
            together.wait(30)
            return threading.current_thread().name

        return alone, set(await asyncio.gather(*(threads.call(name) for _ in range(6))))

    assert asyncio.run(ask()) == ({"database_0"}, {"database_0", "database_1", "database_2"})


def test_whoever_gives_up_leaves_the_thread_to_the_next_when_it_is_done() -> None:
    async def ask() -> str:
        threads, on = Threads(1), threading.Event()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.call(lambda: on.wait(30)), 0.01)
        next_one = asyncio.ensure_future(threads.call(lambda: "next"))
        on.set()
        return await next_one

    assert asyncio.run(ask()) == "next"


def test_what_was_not_begun_is_dropped_at_the_end_and_nothing_more_taken() -> None:
    async def ask() -> None:
        threads, begun, on = Threads(1), threading.Event(), threading.Event()

        def work() -> str:
            begun.set()
            on.wait(30)
            return "done"

        first = asyncio.ensure_future(threads.call(work))
        second = asyncio.ensure_future(threads.call(work))
        await asyncio.to_thread(begun.wait, 30)
        threads.close()
        with pytest.raises(asyncio.CancelledError):
            await second
        on.set()
        assert await first == "done"
        with pytest.raises(RuntimeError, match="have ended"):
            await threads.call(work)

    asyncio.run(ask())


def test_an_answer_is_not_kept_by_the_thread_that_made_it() -> None:
    class Answer:
        pass

    async def ask() -> bool:
        made = await Threads(1).call(Answer)
        seen = weakref.ref(made)
        del made
        await asyncio.sleep(0.05)
        gc.collect()
        return seen() is None

    assert asyncio.run(ask())
