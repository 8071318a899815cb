"""Carries rows into the database, in as few transactions as their size allows, each guarded by the lease."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import neo4j

from ..errors import DatabaseError
from . import statements
from .batches import TRANSACTION_BYTES, TRANSACTION_ROWS, Batch, Item, Row, batches, packs
from .lease import Lease
from .plan import Plan

INTERRUPTED = "interrupted"
"""The status of a scope while it is written in several transactions, and after a run that was killed in between."""


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """What a scope's ``Scope`` node is to say. ``at_work`` is said while there is more to write."""

    id: str
    run: str
    fields: Mapping[str, Any]

    @property
    def at_work(self) -> Mapping[str, Any]:
        kept = {name: self.fields[name] for name in ("source", "account_id", "region", "collector", "attempted_at")}
        return {**kept, "status": INTERRUPTED, "run": self.run}


@dataclass(slots=True)
class Written:
    """Statements that write, and their rows."""

    statements: int = 0
    rows: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.statements + other.statements, self.rows + other.rows)


@dataclass
class Execution:
    """The writing of one scope, or of what belongs to none (``record`` is then None)."""

    lease: Lease
    record: ScopeRecord | None
    written: Written = field(default_factory=Written)
    _marked: bool = False

    def run(self, plan: Plan, changes: Sequence[Row] = ()) -> Written:
        """Write a whole plan and then the scope's record; ``changes`` are records that go with that."""
        together = list(chain.from_iterable(batches(phase) for phase in plan.together))
        then = list(chain.from_iterable(batches(phase) for phase in plan.then))
        everything = together + then
        packed = [everything] if _fits(everything) else [pack for pack in (together, *packs(then)) if pack]
        for pack in packed[:-1]:
            self.part(pack)
        return self.finish(packed[-1], changes)

    def part(self, pack: Sequence[Batch]) -> None:
        """Write a transaction after which there is more to come."""
        record = None if self._marked or self.record is None else (self.record, self.record.at_work)
        self.written += self.lease.write(lambda transaction: _write(transaction, pack, (), record))
        self._marked = True

    def finish(self, pack: Sequence[Batch], changes: Sequence[Row] = ()) -> Written:
        """Write the last transaction, with what the scope's record says in the end."""
        record = None if self.record is None else (self.record, self.record.fields)
        if pack or changes or record:
            self.written += self.lease.write(lambda transaction: _write(transaction, pack, changes, record))
        return self.written


def _fits(pending: Sequence[Batch]) -> bool:
    rows = sum(len(batch.rows) for batch in pending)
    return rows <= TRANSACTION_ROWS and sum(batch.size for batch in pending) <= TRANSACTION_BYTES


def _write(
    transaction: neo4j.ManagedTransaction,
    pack: Iterable[Batch],
    changes: Sequence[Row],
    record: tuple[ScopeRecord, Mapping[str, Any]] | None,
) -> Written:
    written = Written()
    recorded = [*chain.from_iterable(batch.changes for batch in pack), *changes]
    of_changes = batches(Item(statements.CHANGES, row, _size(row)) for row in recorded)
    for batch in chain(pack, of_changes):
        _run(transaction, batch)
        written += Written(1, len(batch.rows))
    if record:
        scope, fields = record
        transaction.run(statements.SCOPE_RECORD, id=scope.id, run=scope.run, fields=dict(fields)).consume()
        written += Written(1, 1)
    return written


def _run(transaction: neo4j.ManagedTransaction, batch: Batch) -> None:
    result = transaction.run(batch.statement, rows=batch.rows)
    if not batch.exact:
        result.consume()
        return
    made = result.single(strict=True)["made"]
    if made != len(batch.rows):
        raise DatabaseError(
            f"{len(batch.rows) - made} of {len(batch.rows)} relationships could not be made: an end is missing",
            "Nothing of the transaction was written. If something else writes to this database, stop it.",
        )


def _size(change: Row) -> int:
    return 500 + len(change["before"] or "") + len(change["after"] or "")
