"""What the register knows of schedules: which attempt was begun last, how it ended, how often it failed.

An attempt is *claimed*: whoever begins it raises the number of claims that it had read. Of two schedulers that read the
same state one finds the number raised, and lets the attempt be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import neo4j

from .clock import Clock, timestamp
from .database import Database
from .ledger import KILLED, RUNNING

INTERRUPTED = "interrupted"
FAILED = "failed"
SKEW = timedelta(minutes=5)
"""By how much clocks of machines may differ before it is taken for an accident."""

_READ = "MATCH (s:Schedule) RETURN properties(s) AS schedule ORDER BY s.id"
_MEET = (
    "MERGE (s:Schedule {id: $id}) SET s.claims = coalesce(s.claims, 0) "
    "WITH s WHERE coalesce(s.definition, '') <> $definition "
    "SET s.definition = $definition, s.since_at = $now, s.fired_at = null, s.failures = 0"
)
# The write comes first: it takes the lock, and what is read after it holds until the transaction ends.
_TOUCH = "MATCH (s:Schedule {id: $id}) SET s.touched = coalesce(s.touched, 0) + 1"
_CLAIM = (
    "MATCH (s:Schedule {id: $id}) WHERE s.claims = $seen OR $seen IS NULL "
    "SET s.claims = s.claims + 1, s += $fields RETURN s.claims AS claims"
)
_SET_BACK = (
    "MATCH (s:Schedule {id: $id}) WHERE s.claims = $claims "
    "SET s.since_at = CASE WHEN s.since_at > $now THEN $now ELSE s.since_at END, "
    "s.fired_at = CASE WHEN s.fired_at > $now THEN $now ELSE s.fired_at END, "
    "s.started_at = CASE WHEN s.started_at > $now THEN $now ELSE s.started_at END, "
    "s.finished_at = CASE WHEN s.finished_at > $now THEN $now ELSE s.finished_at END"
)
_FORGET = (
    "MATCH (s:Schedule {id: $id}) WHERE s.run IS NULL OR $living IS NULL OR s.run <> $living "
    "DETACH DELETE s RETURN count(*) AS n"
)
_END = "MATCH (s:Schedule {id: $id}) WHERE s.claims = $claims SET s += $fields"


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """One schedule as the register knows it."""

    name: str
    since_at: datetime
    claims: int = 0
    fired_at: datetime | None = None
    status: str | None = None
    """``running``, ``complete``, ``incomplete``, ``failed``, ``killed`` or ``interrupted``; None before the first."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    run: str | None = None
    failures: int = 0
    error: str | None = None

    def is_ahead(self, now: datetime) -> bool:
        """Whether something was noted for later than now, by a clock that was set back since."""
        noted = (self.since_at, self.fired_at, self.started_at, self.finished_at)
        return any(at is not None and at > now + SKEW for at in noted)

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> ScheduleState:
        """From the node's properties."""
        return cls(
            found["id"],
            _moment(found.get("since_at")) or datetime.min.replace(tzinfo=UTC),
            found.get("claims", 0),
            _moment(found.get("fired_at")),
            found.get("status"),
            _moment(found.get("started_at")),
            _moment(found.get("finished_at")),
            found.get("run"),
            found.get("failures", 0),
            found.get("error"),
        )


class Schedules:
    """Reads and writes what is known of schedules. It needs no lease: an attempt is claimed by its number."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def states(self) -> dict[str, ScheduleState]:
        """Every schedule that a scheduler ever met, by name."""
        return {row["schedule"]["id"]: ScheduleState.of(row["schedule"]) for row in self._database.read(_READ)}

    def meet(self, name: str, definition: str) -> ScheduleState:
        """What is known of a schedule; one with other times than before begins anew."""
        known = self._database.read("MATCH (s:Schedule {id: $id}) RETURN s.definition AS definition", id=name)
        if not known or known[0]["definition"] != definition:
            self._write(_MEET, id=name, definition=definition, now=timestamp(self._clock()))
        return self.states()[name]

    def claim(self, name: str, run: str, *, serves: datetime | None = None, seen: int | None = None) -> int | None:
        """Begin an attempt, unless its number is no longer the one ``seen``; the number it has now, or None."""
        fields = {"status": RUNNING, "run": run, **self._begun(serves)}
        return self._claim(name, seen, fields)

    def never_began(self, name: str, error: str, *, serves: datetime | None = None, seen: int | None = None) -> None:
        """Record that an attempt failed before there was a run, unless another has been made meanwhile."""
        before = self.states()[name]
        now = timestamp(self._clock())
        fields = {"status": FAILED, "error": error, "failures": before.failures + 1, "finished_at": now}
        self._claim(name, seen, {**self._begun(serves), **fields, "run": None})

    def end(self, name: str, claims: int, status: str, error: str | None = None) -> None:
        """Record how an attempt ended, unless another was begun since. A failure counts, an interruption does not."""
        failures = self.states()[name].failures
        if status in (FAILED, KILLED):
            failures += 1
        elif status != INTERRUPTED:
            failures = 0
        finished = None if status == KILLED else timestamp(self._clock())
        fields = {"status": status, "finished_at": finished, "failures": failures, "error": error}
        self._write(_END, id=name, claims=claims, fields=fields)

    def set_back(self, name: str, claims: int) -> None:
        """Take what was noted for later than now as of now: the clock went wrong, and was set back since."""
        self._write(_SET_BACK, id=name, claims=claims, now=timestamp(self._clock()))

    def forget(self, name: str, living: str | None = None) -> bool:
        """Delete what is known of a schedule, unless its run is the one that lives; whether that was anything."""

        def forget(transaction: neo4j.ManagedTransaction) -> bool:
            return bool(transaction.run(_FORGET, id=name, living=living).single(strict=True)["n"])

        return self._database.write(forget)

    def _begun(self, serves: datetime | None) -> dict[str, Any]:
        fields = {"started_at": timestamp(self._clock()), "finished_at": None, "error": None}
        return fields | ({"fired_at": timestamp(serves)} if serves else {})

    def _claim(self, name: str, seen: int | None, fields: Mapping[str, Any]) -> int | None:
        def claim(transaction: neo4j.ManagedTransaction) -> int | None:
            transaction.run(_TOUCH, id=name).consume()
            found = transaction.run(_CLAIM, id=name, seen=seen, fields=fields).single()
            return int(found["claims"]) if found else None

        return self._database.write(claim)

    def _write(self, cypher: str, **parameters: Any) -> None:
        self._database.write(lambda transaction: transaction.run(cypher, parameters).consume())


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
