"""Carries rows into the database, in as few transactions as their size allows, each guarded by the lease."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

import neo4j

from ..errors import DatabaseError
from . import statements
from .batches import Batch, Item, Makes, Row, batches, fit
from .conclusions import LEARN
from .lease import Lease

Places: TypeAlias = dict[str, str]
"""The element ids of nodes, by their own ids."""

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


@dataclass(frozen=True, slots=True)
class Written:
    """Statements that write, and their rows."""

    statements: int = 0
    rows: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.statements + other.statements, self.rows + other.rows)


@dataclass
class Execution:
    """The writing of one scope, or of what belongs to none (``record`` is then None). ``finish`` is never left out.

    Nodes are removed after the last relationship is made, so that what is known of their places holds until then.
    """

    lease: Lease
    record: ScopeRecord | None
    written: Written = field(default_factory=Written)
    _pending: list[Batch] = field(default_factory=list)
    _begun: bool = False
    _places: Places = field(default_factory=dict)

    def together(self, phases: Iterable[Sequence[Item]]) -> None:
        """Rows that must not be parted into several transactions. They come before all others."""
        self._pending.extend(chain.from_iterable(batches(phase) for phase in phases))

    def add(self, phases: Iterable[Sequence[Item]]) -> None:
        """More rows, to be written after those before them."""
        for batch in chain.from_iterable(batches(phase) for phase in phases):
            if self._pending and not fit((*self._pending, batch)):
                self._part()
            self._pending.append(batch)

    def finish(self, changes: Sequence[Row] = (), owned: Mapping[str, int] | None = None) -> Written:
        """Write the last transaction, with what the scope's record says in the end and records that go with it."""
        record = None if self.record is None else (self.record, {**self.record.fields, **(owned or {})})
        if self._pending or changes or record:
            self._write(changes, record)
        return self.written

    def _part(self) -> None:
        self._write((), None if self._begun or self.record is None else (self.record, self.record.at_work))
        self._begun = True

    def _write(self, changes: Sequence[Row], record: tuple[ScopeRecord, Mapping[str, Any]] | None) -> None:
        pending = self._pending
        written, self._places = self.lease.write(
            lambda transaction: _write(transaction, pending, changes, record, self._places)
        )
        self.written += written
        self._pending = []


def write_records(lease: Lease, run: str, records: Sequence[ScopeRecord]) -> Written:
    """Write what the records of scopes say that have nothing else to write."""
    if not records:
        return Written()
    lease.write(lambda transaction: _record(transaction, run, [(record.id, record.fields) for record in records]))
    return Written(1, len(records))


def _record(transaction: neo4j.ManagedTransaction, run: str, records: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    rows = [{"id": scope, "fields": dict(fields)} for scope, fields in records]
    transaction.run(statements.SCOPE_RECORDS, rows=rows, run=run).consume()


def _write(
    transaction: neo4j.ManagedTransaction,
    pack: Sequence[Batch],
    changes: Sequence[Row],
    record: tuple[ScopeRecord, Mapping[str, Any]] | None,
    known: Places,
) -> tuple[Written, Places]:
    """Write it, and say of how many rows, and where all nodes are that are known by then."""
    written, places = Written(), dict(known)
    if pack:
        transaction.run(LEARN).consume()
    recorded = [*chain.from_iterable(batch.changes for batch in pack), *changes]
    of_changes = batches(Item(statements.CHANGES, row, _size(row)) for row in recorded)
    for batch in chain(pack, of_changes):
        _run(transaction, batch, places)
        written += Written(1, len(batch.rows))
    if record:
        scope, fields = record
        _record(transaction, scope.run, [(scope.id, fields)])
        written += Written(1, 1)
    return written, places


def _run(transaction: neo4j.ManagedTransaction, batch: Batch, places: Places) -> None:
    match batch.makes:
        case Makes.NODES:
            places.update(_found(transaction.run(batch.statement, rows=batch.rows)))
        case Makes.EDGES:
            _make_edges(transaction, batch, places)
        case Makes.NOTHING:
            transaction.run(batch.statement, rows=batch.rows).consume()


def _make_edges(transaction: neo4j.ManagedTransaction, batch: Batch, places: Places) -> None:
    strange = {row[end] for row in batch.rows for end in ("start", "end")} - places.keys()
    if strange:
        places.update(_found(transaction.run(statements.PLACES_BY_ID, ids=list(strange))))
    rows = [
        {"start": places[row["start"]], "end": places[row["end"]], "properties": row["properties"]}
        for row in batch.rows
        if row["start"] in places and row["end"] in places
    ]
    made = transaction.run(batch.statement, rows=rows).single(strict=True)["made"]
    if made != len(batch.rows):
        raise DatabaseError(
            f"{len(batch.rows) - made} of {len(batch.rows)} relationships could not be made: an end is missing",
            "Nothing of the transaction was written. If something else writes to this database, stop it.",
        )


def _found(result: neo4j.Result) -> Places:
    return dict(result.single(strict=True)["places"])


def _size(change: Row) -> int:
    return 500 + len(change["before"] or "") + len(change["after"] or "")
