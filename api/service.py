"""What all routes share: the open database, the settings, the limits, and threads that wait for the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from ..graph.clock import Clock, wall_clock
from ..graph.database import Database
from ..settings import Settings
from .graphql.documents import Documents
from .graphql.limits import Limits
from .graphql.loading import Reader
from .metrics import Metrics
from .security.caller import Caller

T = TypeVar("T")

QUERIES = 16
"""Queries to the database at a time."""


@dataclass
class Service:
    """One server. It is ``opened`` in the event loop that it serves in."""

    database: Database
    settings: Settings
    limits: Limits = field(default_factory=Limits)
    clock: Clock = wall_clock
    metrics: Metrics = field(default_factory=Metrics)
    documents: Documents = field(default_factory=Documents)
    _limiter: CapacityLimiter | None = None

    def open(self) -> None:
        """Called once, before the first request."""
        self._limiter = CapacityLimiter(QUERIES)

    def reader(self, caller: Caller) -> Reader:
        """The database as one request of this caller sees it."""
        assert self._limiter is not None
        return Reader(self.database, self.limits.seconds, self._limiter, caller.accounts)

    async def call(self, work: Callable[[], T]) -> T:
        """Do work that waits for the database, in a thread."""
        return await to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
