"""Writes facts into the graph: the differences, and nothing else.

A scope's listing is compared with what the graph holds of it. Where the differences fit into one transaction, they are
written in one, with the scope's record. Where they do not, the first transaction marks the scope ``interrupted`` and
only the last gives it its real status, so that a run that is killed in between leaves no scope that claims to be
complete; the next listing of the scope mends it, since it is compared with what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from ..schema import NEVER_READ, Edge, Listing, Refusal, ScopeId, Status
from .batches import Row
from .changes import Recorder, owner
from .clock import Clock, timestamp
from .counts import Counts, Tally
from .database import Database
from .derivation import Derivation
from .diff import Change, Differences, Operation, diff, suspects
from .execution import Execution, ScopeRecord, Written, write_records
from .holding import Nearer, around, details, hold
from .lease import Lease
from .plan import Planner, Record
from .pruning import forgotten
from .stated import scope_fields, state

_SCOPES = (
    "UNWIND $scopes AS id MATCH (s:Scope {id: id}) RETURN id, s.status AS status, s.completed_at AS completed_at, "
    "s.nodes AS nodes, s.relationships AS relationships"
)
_LAST_CHANGE = "MATCH (c:Change) WHERE c.run = $run RETURN max(c.id) AS last"
_NONE = Tally()


@dataclass(frozen=True, slots=True)
class _Before:
    """What the ledger says of a scope before it is written."""

    scope: str
    is_new: bool
    """Whether it was never read completely."""
    owns_nothing: bool
    """Whether it is certain that the graph holds nothing of it."""

    @classmethod
    def of(cls, scope: str, record: Mapping[str, Any]) -> _Before:
        """What its record says; an empty one stands for none."""
        none = (record.get("nodes"), record.get("relationships")) == (0, 0)
        status = record.get("status")
        return cls(
            scope,
            is_new=not record.get("completed_at"),
            owns_nothing=status == NEVER_READ or (status == Status.COMPLETE and none),
        )


class Writer:
    """Writes for one run that holds the lease. One at a time: it is not for several threads."""

    def __init__(self, database: Database, lease: Lease, run_id: str, clock: Clock) -> None:
        self._database = database
        self._lease = lease
        self._run = run_id
        self._clock = clock
        self._recorder = Recorder(run_id, database.read(_LAST_CHANGE, run=run_id)[0]["last"])

    def write(self, listing: Listing) -> Counts:
        """Make the graph hold what the listing states, and return what differed.

        A complete listing also removes what its scope no longer states; a partial one adds and changes; a denied or
        failed one leaves only its scope's record. ValueError for facts that the schema does not declare or that refer
        to nothing, before anything is written. LeaseLost, DatabaseError: then the transaction at hand was not written.
        """
        now = timestamp(self._clock())
        execution = Execution(self._lease, self._record(listing, now))
        if listing.status in (Status.DENIED, Status.FAILED):
            return _counts(execution.finish())
        complete = listing.status is Status.COMPLETE
        stated = state(listing)
        before = self._before([stated.scope])[stated.scope]
        held = hold(self._database, stated, owns_nothing=before.owns_nothing)
        found = suspects(stated, held, complete=complete)
        nearer = Nearer(chain(stated.edges, held.edges))
        kinds = {node.id: node.kind for node in held.nodes.values()}
        differences = diff(stated, held, found, details(self._database, found, nearer, kinds), complete=complete)
        return self._apply(before, differences, nearer, execution, now)

    def write_empty(self, listings: Sequence[Listing]) -> Counts:
        """As ``write`` for each of the listings, which state nothing: nearly all of them at one stroke.

        An estate has regions by the thousand in which a service is not used.
        """
        before = self._before([str(listing.scope) for listing in listings])
        now = timestamp(self._clock())
        records: list[ScopeRecord] = []
        counts = Counts()
        for listing in listings:
            record = self._record(listing, now)
            if listing.status is not Status.COMPLETE:
                records.append(record)
            elif before[str(listing.scope)].owns_nothing:
                records.append(replace(record, fields={**record.fields, "nodes": 0, "relationships": 0}))
            else:
                counts += self.write(listing)
        return counts + _counts(write_records(self._lease, self._run, records))

    def derive(
        self,
        scope: ScopeId,
        types: Sequence[str],
        edges: Iterable[Edge],
        *,
        complete: bool,
        refusals: Sequence[Refusal] = (),
    ) -> Counts:
        """Make the graph hold these derived relationships of ``types``, and return what differed.

        ``edges`` are taken as they come, and may be a million. Unless ``complete``, nothing is removed. ``refusals``
        are what was not known while they were derived; they make the scope partial, and are no reason to keep anything:
        what follows from the facts changed. ValueError for one of another type, one derived twice and differently, and
        one that ends at no node of the graph: the scope is then left ``interrupted`` if anything was written.
        """
        now = timestamp(self._clock())
        status = Status.COMPLETE if complete and not refusals else Status.PARTIAL
        execution = Execution(self._lease, self._record(Listing(scope, (), (), status, refusals), now))
        derivation = Derivation(self._database, scope, tuple(types))
        derivation.load()
        tally = _NONE
        before = self._before([str(scope)])[str(scope)]
        record = self._recording(before, now)
        for changes, nearer in derivation.differing(edges):
            planner = Planner(self._database.engine, now, nearer, derivation.kinds, record)
            execution.add(planner.edge_phases(changes))
            tally += Tally.of(change.operation for change in changes)
        for changes, nearer in derivation.vanished() if complete else ():
            planner = Planner(self._database.engine, now, nearer, derivation.kinds, record)
            execution.add(planner.edge_phases(changes))
            tally += Tally.of(change.operation for change in changes)
        first = self._first_reading(before, now, _NONE, tally)
        written = execution.finish(first, {"nodes": 0, "relationships": derivation.edges})
        return _counts(written, relationships=tally)

    def prune(self) -> Counts:
        """Remove shared nodes and references that nothing refers to any more, and return how many there were."""
        now = timestamp(self._clock())
        found = forgotten(self._database)
        planner = Planner(self._database.engine, now, Nearer(()), {}, self._recording(None, now))
        execution = Execution(self._lease, None)
        execution.add([*planner.edge_phases(found.edges), planner.removals(found.nodes)])
        return _counts(execution.finish(), Tally(removed=len(found.nodes)), Tally(removed=len(found.edges)))

    def _apply(
        self, before: _Before, differences: Differences, nearer: Nearer, execution: Execution, now: str
    ) -> Counts:
        planner = Planner(self._database.engine, now, nearer, differences.kinds, self._recording(before, now))
        plan = planner.plan(differences, around(self._database, differences.remade))
        execution.together(plan.together)
        execution.add(plan.then)
        nodes = Tally.of(change.operation for change in differences.nodes if not change.silent)
        edges = Tally.of(change.operation for change in differences.edges)
        owned = {"nodes": differences.nodes_owned, "relationships": differences.edges_owned}
        return _counts(execution.finish(self._first_reading(before, now, nodes, edges), owned), nodes, edges)

    def _recording(self, before: _Before | None, now: str) -> Record:
        """Makes records of changes: of all, except what is created in a scope that is new."""

        def record(change: Change) -> Row | None:
            if change.silent or (before and before.is_new and change.operation is Operation.CREATED):
                return None
            return self._recorder.fact(change, before.scope if before else owner(change), now)

        return record

    def _first_reading(self, before: _Before, now: str, nodes: Tally, edges: Tally) -> list[Row]:
        if not (nodes.created or edges.created) or not before.is_new:
            return []
        return [self._recorder.first_reading(before.scope, now, nodes.created, edges.created)]

    def _before(self, scopes: Sequence[str]) -> dict[str, _Before]:
        """What the ledger says of scopes."""
        known = {row["id"]: row for row in self._database.read(_SCOPES, scopes=list(scopes))}
        return {scope: _Before.of(scope, known.get(scope, {})) for scope in scopes}

    def _record(self, listing: Listing, now: str) -> ScopeRecord:
        at = listing.finished_at or now
        fields = {
            **scope_fields(listing.scope),
            "status": str(listing.status),
            "attempted_at": at,
            "refusals": [str(refusal) for refusal in listing.refusals] or None,
            "calls": listing.calls,
            "run": self._run,
        }
        if listing.status is Status.COMPLETE:
            fields["completed_at"] = at
        return ScopeRecord(str(listing.scope), self._run, fields)


def _counts(written: Written, nodes: Tally = _NONE, relationships: Tally = _NONE) -> Counts:
    return Counts(nodes, relationships, written.statements, written.rows)
