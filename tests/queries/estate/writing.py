"""Listings and conclusions written with the real writer."""

from __future__ import annotations

from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.schema import Edge, Listing, ScopeId

from .concluded import conclusions
from .names import NOW
from .read import listings


def fill(
    database: Database, read: list[Listing] | None = None, concluded: dict[ScopeId, list[Edge]] | None = None
) -> None:
    """Write listings and conclusions with the real writer."""
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    for one in listings() if read is None else read:
        writer.write(one)
    for scope, edges in (conclusions() if concluded is None else concluded).items():
        writer.derive(scope, sorted({edge.type for edge in edges}), edges, complete=True)
    lease.release()


def ran(database: Database) -> None:
    """Have the ledger tell of a run."""
    ledger = Ledger(database, lambda: NOW)
    with Lease.acquire(database, "test", 600, lambda: NOW) as lease:
        ledger.start_run(lease, "run-1", "aws", {}, "schedule estate")
        ledger.finish_run(lease, "run-1", "complete", calls=7, seconds=3, scopes=2, incomplete=0, changes=5)
