"""Writes facts into the graph: the differences, and nothing else.

A scope's listing is compared with what the graph holds of it. Where the differences fit into one transaction, they are
written in one, with the scope's record. Where they do not, the first transaction marks the scope ``interrupted`` and
only the last gives it its real status, so that a run that is killed in between leaves no scope that claims to be
complete; the next listing of the scope mends it, since it is compared with what is there.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from ..schema import Listing, Status
from .changes import Recorder
from .clock import Clock, timestamp
from .counts import Counts, Tally
from .database import Database
from .diff import Change, Differences, Operation, diff, suspects
from .execution import Execution, ScopeRecord
from .holding import Nearer, around, details, hold
from .lease import Lease
from .plan import Planner
from .stated import scope_fields, state

_COMPLETED = "MATCH (s:Scope {id: $scope}) RETURN s.completed_at AS completed_at"
_LAST_CHANGE = "MATCH (c:Change) WHERE c.run = $run RETURN max(c.id) AS last"


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
        if listing.status in (Status.DENIED, Status.FAILED):
            written = Execution(self._lease, self._record(listing, now)).finish(())
            return Counts(statements=written.statements, rows=written.rows)
        complete = listing.status is Status.COMPLETE
        stated = state(listing)
        held = hold(self._database, stated)
        found = suspects(stated, held, complete=complete)
        nearer = Nearer(chain(stated.edges, held.edges))
        kinds = {node.id: node.kind for node in held.nodes.values()}
        differences = diff(stated, held, found, details(self._database, found, nearer, kinds), complete=complete)
        return self._apply(listing, differences, nearer, now)

    def _apply(self, listing: Listing, differences: Differences, nearer: Nearer, now: str) -> Counts:
        scope = str(listing.scope)
        known = bool(self._completed_at(scope))

        def record(change: Change) -> dict[str, Any] | None:
            told = (known or change.operation is not Operation.CREATED) and not change.silent
            return self._recorder.fact(change, scope, now) if told else None

        planner = Planner(self._database.engine, now, nearer, differences.kinds, record)
        moved = around(self._database, differences.remade)
        counts = Counts(
            Tally.of(change.operation for change in differences.nodes if not change.silent),
            Tally.of(change.operation for change in differences.edges),
        )
        first = []
        if not known and counts.nodes.created + counts.relationships.created:
            first = [self._recorder.first_reading(scope, now, counts.nodes.created, counts.relationships.created)]
        owned = {"nodes": differences.nodes_owned, "relationships": differences.edges_owned}
        execution = Execution(self._lease, self._record(listing, now, owned))
        written = execution.run(planner.plan(differences, moved), first)
        return counts + Counts(statements=written.statements, rows=written.rows)

    def _completed_at(self, scope: str) -> str | None:
        return next((row["completed_at"] for row in self._database.read(_COMPLETED, scope=scope)), None)

    def _record(self, listing: Listing, now: str, owned: dict[str, int] | None = None) -> ScopeRecord:
        at = listing.finished_at or now
        fields = {
            **scope_fields(listing.scope),
            **(owned or {}),
            "status": str(listing.status),
            "attempted_at": at,
            "refusals": [str(refusal) for refusal in listing.refusals] or None,
            "calls": listing.calls,
            "run": self._run,
        }
        if listing.status is Status.COMPLETE:
            fields["completed_at"] = at
        return ScopeRecord(str(listing.scope), self._run, fields)
