"""What all routes share: the open database, the settings, the limits, and threads that wait for the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ..graph.clock import Clock, wall_clock
from ..graph.database import Database
from ..graph.memory import Memory
from ..settings import Settings
from .graphql.documents import Documents
from .graphql.limits import Limits
from .graphql.loading import Reader
from .metrics import Metrics
from .security.caller import Caller
from .threads import Threads

T = TypeVar("T")

QUERIES = 16
"""Queries to the database at a time."""


@dataclass
class Service:
    """One server."""

    database: Database
    settings: Settings
    limits: Limits = field(default_factory=Limits)
    clock: Clock = wall_clock
    metrics: Metrics = field(default_factory=Metrics)
    documents: Documents = field(default_factory=Documents)
    threads: Threads = field(default_factory=lambda: Threads(QUERIES))

    def __post_init__(self) -> None:
        self.database.memory = Memory()

    def reader(self, caller: Caller) -> Reader:
        """The database as one request of this caller sees it."""
        return Reader(self.database, self.limits.seconds, self.threads, caller.accounts)

    async def call(self, work: Callable[[], T]) -> T:
        """Do work that waits for the database, in a thread."""
        return await self.threads.call(work)

    def close(self) -> None:
        """Called once, after the last request."""
        self.threads.close()
        self.database.close()
