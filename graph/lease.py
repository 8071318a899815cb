"""Who may write: one run at a time, fenced so that a run that was overtaken cannot write any more.

The lease is one node. Taking it raises its token. Every writing transaction writes to that node, so that two of them
conflict, and goes on only if the token is still its own: after M. Kleppmann, "How to do distributed locking", 2016.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, NamedTuple, Self, TypeVar
from uuid import uuid4

import neo4j

from ..errors import DatabaseError, LeaseHeld, LeaseLost
from .clock import Clock, timestamp
from .database import Database

T = TypeVar("T")

# The write comes first: it takes the lock, and what is read after it holds until the transaction ends.
_TOUCH = "MATCH (l:Lease {id: 'writer'}) SET l.touched = coalesce(l.touched, 0) + 1"
_READ = "MATCH (l:Lease {id: 'writer'}) RETURN l.holder AS holder, l.token AS token, l.expires_at AS expires_at"
_TAKE = (
    "MATCH (l:Lease {id: 'writer'}) SET l.holder = $holder, l.token = $token, l.expires_at = $expires_at, "
    "l.graph = coalesce(l.graph, $graph)"
)
_KEEP = (
    "MATCH (l:Lease {id: 'writer'}) WHERE l.token = $token AND l.holder = $holder "
    "SET l.expires_at = $expires_at RETURN l.token AS token"
)
_WRITTEN = "MATCH (l:Lease {id: 'writer'}) RETURN l.graph AS graph, l.touched AS touched"
_FREE = "MATCH (l:Lease {id: 'writer'}) SET l.holder = null, l.expires_at = null"


@dataclass
class Lease:
    """A lease that is held. ``seconds`` is how long it outlasts the last sign of life."""

    database: Database
    holder: str
    token: int
    seconds: float
    clock: Clock
    _writing: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def acquire(cls, database: Database, holder: str, seconds: float, clock: Clock, *, gone: str | None = None) -> Self:
        """Take the lease if it is free, has expired, or is held by ``gone``; LeaseHeld says whose it is."""
        _make(database)

        def take(transaction: neo4j.ManagedTransaction) -> int:
            transaction.run(_TOUCH).consume()
            found = _read(transaction)
            now = clock()
            if found["holder"] not in (None, gone) and found["expires_at"] > timestamp(now):
                raise LeaseHeld(
                    f"{found['holder']} is writing the graph; its lease ends at {found['expires_at']} unless renewed",
                    "Wait for it to end. If it was killed, its lease ends by itself.",
                )
            token: int = (found["token"] or 0) + 1
            expires_at = timestamp(now + timedelta(seconds=seconds))
            given = {"holder": holder, "token": token, "expires_at": expires_at, "graph": uuid4().hex}
            transaction.run(_TAKE, given).consume()
            return token

        return cls(database, holder, database.write(take), seconds, clock)

    def guard(self, transaction: neo4j.ManagedTransaction) -> None:
        """First thing in a writing transaction: LeaseLost unless the lease is still this one. It renews it too."""
        transaction.run(_TOUCH).consume()
        expires_at = timestamp(self.clock() + timedelta(seconds=self.seconds))
        kept = transaction.run(_KEEP, token=self.token, holder=self.holder, expires_at=expires_at).single()
        if kept is None:
            raise LeaseLost(
                f"{_read(transaction)['holder'] or 'another run'} took over the writing of the graph "
                f"from {self.holder}",
                "Nothing was written after that. Start the run again when the other has ended.",
            )

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Do ``work`` in one guarded transaction; LeaseLost if another holds the lease."""

        def guarded(transaction: neo4j.ManagedTransaction) -> T:
            self.guard(transaction)
            return work(transaction)

        with self._writing:
            return self.database.write(guarded)

    def renew(self) -> None:
        """Say that the holder is alive; LeaseLost if the lease was taken.

        While a transaction is being written this does nothing: it has renewed the lease, and would only be disturbed.
        """
        if self._writing.acquire(blocking=False):
            try:
                self.database.write(self.guard)
            finally:
                self._writing.release()

    def release(self) -> None:
        """Give the lease back. Nothing happens if it was taken meanwhile."""
        with suppress(LeaseLost):
            self.write(lambda transaction: transaction.run(_FREE).consume())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Written(NamedTuple):
    """What there is in a graph, told from what there was and will be: whose it is, and its writing transactions."""

    graph: str
    touched: int


def written(database: Database) -> Written | None:
    """What changes whenever anybody who holds the lease writes; None of a graph that nobody has written to yet."""
    for row in database.read(_WRITTEN):
        if row["graph"] is not None:
            return Written(row["graph"], row["touched"])
    return None


def _make(database: Database) -> None:
    """Have the node there. Of two that make it at once the constraint refuses one, which finds it then."""
    if database.read(_READ):
        return
    try:
        database.write(lambda transaction: transaction.run("MERGE (l:Lease {id: 'writer'})").consume())
    except DatabaseError:
        if not database.read(_READ):
            raise


def _read(transaction: neo4j.ManagedTransaction) -> dict[str, Any]:
    record = transaction.run(_READ).single()
    return dict(record) if record else {"holder": None, "token": None, "expires_at": None}
