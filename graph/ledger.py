"""The register's record of its own runs: when each began and ended, how, and which scopes it read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

import neo4j
import orjson

from ..schema import NEVER_READ, ScopeId, Status
from .clock import Clock, timestamp
from .database import Database
from .lease import Lease
from .stated import scope_fields

RUNNING = "running"
KILLED = "killed"
MANUAL = "manual"
"""The trigger of a run that somebody began by hand."""

_START = "MERGE (r:IngestRun {id: $id}) SET r += $fields"
_FINISH = "MATCH (r:IngestRun {id: $id}) SET r += $fields"
_KILLED = "MATCH (r:IngestRun) WHERE r.status = 'running' AND r.id <> $run SET r.status = 'killed' RETURN r.id AS id"
_RUNS: LiteralString = (
    "MATCH (r:IngestRun) RETURN properties(r) AS run ORDER BY r.started_at DESC, r.id DESC LIMIT $limit"
)
_COMPLETED = "MATCH (s:Scope) WHERE s.run = $run AND s.status = 'complete' RETURN s.id AS id"
_EXPECT = "UNWIND $rows AS row CREATE (s:Scope) SET s = row"
_FORGET = "MATCH (s:Scope {id: $id}) DETACH DELETE s"
_SCOPES = "MATCH (s:Scope) RETURN properties(s) AS scope ORDER BY s.id"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ingestion. Times as the graph keeps them; ``settings`` is what it was asked to read."""

    id: str
    source: str
    status: str
    """``running`` (or killed, and not found so yet), ``complete``, ``incomplete``, ``failed`` or ``killed``."""
    started_at: str
    finished_at: str | None
    settings: Mapping[str, Any]
    calls: int


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What the register knows of one scope."""

    id: ScopeId
    status: str
    """``complete``, ``partial``, ``denied``, ``failed``, ``interrupted`` where its writing did not end, or
    ``never read``."""
    attempted_at: str | None
    completed_at: str | None
    refusals: tuple[str, ...]
    calls: int
    nodes: int
    relationships: int
    run: str | None

    @property
    def complete(self) -> bool:
        """Whether the last attempt read everything."""
        return self.status == Status.COMPLETE

    def age(self, now: datetime) -> timedelta | None:
        """Time since it was last read completely; None if it never was."""
        return now - datetime.fromisoformat(self.completed_at) if self.completed_at else None


class Ledger:
    """Reads and writes the records of runs. Writing needs the lease that the run holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> datetime:
        """The time, by this ledger's clock."""
        return self._clock()

    def new_run_id(self) -> str:
        """A time-ordered random id: ``20260131T100000Z-5f3a9c1e``."""
        return f"{self._clock():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"

    def start_run(
        self, lease: Lease, run: str, source: str, settings: Mapping[str, Any], trigger: str = MANUAL
    ) -> None:
        """Record that a run begins; one that is resumed is running again. Whatever ran before it was killed."""
        fields = {
            "source": source,
            "trigger": trigger,
            "status": RUNNING,
            "started_at": timestamp(self._clock()),
            "finished_at": None,
            "settings": orjson.dumps(settings, option=orjson.OPT_SORT_KEYS).decode(),
        }

        def start(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run(_KILLED, run=run).consume()
            transaction.run(_START, id=run, fields=fields).consume()

        lease.write(start)

    def find_killed(self, lease: Lease) -> list[str]:
        """Record of runs that do not end any more, since the lease is not theirs, that they were killed; their ids."""
        return lease.write(lambda transaction: [row["id"] for row in transaction.run(_KILLED, run="")])

    def expect(self, lease: Lease, scopes: Iterable[ScopeId]) -> None:
        """Record scopes that are to be read. What a run never comes to is then known to be missing."""
        known = {state.id for state in self.scopes()}
        rows = [
            {"id": str(scope), **scope_fields(scope), "status": NEVER_READ} for scope in scopes if scope not in known
        ]
        if rows:
            lease.write(lambda transaction: transaction.run(_EXPECT, rows=rows).consume())

    def finish_run(self, lease: Lease, run: str, status: str, **told: Any) -> None:
        """Record how a run ended: ``complete``, ``incomplete`` or ``failed``; ``told`` are other fields of it."""
        fields = {"calls": 0, **told, "status": status, "finished_at": timestamp(self._clock())}
        lease.write(lambda transaction: transaction.run(_FINISH, id=run, fields=fields).consume())

    def forget_scope(self, lease: Lease, scope: ScopeId) -> None:
        """Take out the record of a scope that nobody can read any more, and that states nothing any more."""
        lease.write(lambda transaction: transaction.run(_FORGET, id=str(scope)).consume())

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest runs, newest first."""
        return [_run(row["run"]) for row in self._database.read(_RUNS, limit=limit)]

    def latest_unfinished_run(self) -> Run | None:
        """The latest run, if it did not end as ``complete``: the one to resume."""
        latest = next(iter(self.runs(1)), None)
        return latest if latest and latest.status != Status.COMPLETE else None

    def completed_scopes(self, run: str) -> frozenset[ScopeId]:
        """Scopes that a run read and wrote completely, so that it need not read them again."""
        return frozenset(ScopeId.parse(row["id"]) for row in self._database.read(_COMPLETED, run=run))

    def scopes(self) -> list[ScopeState]:
        """All scopes in the order of their ids."""
        return [_scope(row["scope"]) for row in self._database.read(_SCOPES)]


def _run(found: Mapping[str, Any]) -> Run:
    return Run(
        found["id"],
        found.get("source", ""),
        found.get("status", ""),
        found.get("started_at", ""),
        found.get("finished_at"),
        orjson.loads(found.get("settings") or "{}"),
        found.get("calls", 0),
    )


def _scope(found: Mapping[str, Any]) -> ScopeState:
    return ScopeState(
        ScopeId.parse(found["id"]),
        found.get("status", ""),
        found.get("attempted_at"),
        found.get("completed_at"),
        tuple(found.get("refusals") or ()),
        found.get("calls", 0),
        found.get("nodes", 0),
        found.get("relationships", 0),
        found.get("run"),
    )
