"""The time that an answer may take: when it is over, nothing goes on for it in the database either."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread

from ..graph.deadline import DEADLINE, Deadline


@asynccontextmanager
async def timed(seconds: float) -> AsyncIterator[None]:
    """TimeoutError when what is inside takes longer; its queries are ended by then."""
    deadline = Deadline(seconds)
    token = DEADLINE.set(deadline)
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        # Not among the threads that wait for the database: all of them may be waiting for what is to be ended.
        await to_thread.run_sync(deadline.end, limiter=CapacityLimiter(1))
        raise
    finally:
        DEADLINE.reset(token)
