"""Deletes what the register has kept long enough of its own history, under the lease, and says since when all is kept.

Since when is written before anything is deleted: whoever asks for more is told so, also amid deleting and after a kill.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .clock import timestamp
from .database import Database
from .lease import Lease

AT_ONCE = 5_000
"""Nodes that are deleted in one transaction."""

_OLD_RUNS = (
    "MATCH (r:IngestRun) WHERE r.started_at < $before AND r.status <> 'running' AND r.id <> $run "
    "AND NOT (r)-[:OWNS]->(:Scope)"
)
_COUNT = (
    "MATCH (c:Change) WHERE c.at < $before RETURN count(c) AS changes",
    f"{_OLD_RUNS} RETURN count(r) AS runs",
    "MATCH (m:WebhookMessage) WHERE m.status = 'failed' AND m.created_at < $undelivered RETURN count(m) AS messages",
)
_NOTE = (
    "MATCH (r:Register {id: 'register'}) WHERE coalesce(r.history_since, '') < $before SET r.history_since = $before"
)
_DELETE = {
    "changes": "MATCH (c:Change) WHERE c.at < $before WITH c LIMIT $most DETACH DELETE c RETURN count(*) AS n",
    "runs": f"{_OLD_RUNS} WITH r LIMIT $most DETACH DELETE r RETURN count(*) AS n",
    "messages": (
        "MATCH (m:WebhookMessage) WHERE m.status = 'failed' AND m.created_at < $undelivered WITH m LIMIT $most "
        "DETACH DELETE m RETURN count(*) AS n"
    ),
}
_SINCE = "MATCH (r:Register {id: 'register'}) RETURN r.history_since AS since"
_RUN_ID = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted."""

    changes: int = 0
    runs: int = 0
    messages: int = 0


def delete_older(
    database: Database, lease: Lease, run: str, *, before: datetime | None, undelivered: datetime | None
) -> Deleted:
    """Delete runs and changes from ``before`` a time, and messages of webhooks that were given up then; None for none.

    A run stays, whatever its age, while it is the last that attempted a scope, and the one that does this stays.
    """
    given: dict[str, Any] = {
        "run": run,
        "before": timestamp(before) if before else "",
        "undelivered": timestamp(undelivered) if undelivered else "",
    }
    found: dict[str, int] = {}
    for query in _COUNT:
        named = {name: value for name, value in given.items() if f"${name}" in query}
        found |= database.read(query, **named)[0]
    if found["changes"] or found["runs"]:
        lease.write(lambda tx: tx.run(_NOTE, before=given["before"]).consume())
    return Deleted(**{what: _delete(lease, _DELETE[what], given) for what, number in found.items() if number})


def _delete(lease: Lease, statement: str, given: dict[str, Any]) -> int:
    named = {name: value for name, value in given.items() if f"${name}" in statement}
    total = 0
    while number := int(lease.write(lambda tx: tx.run(statement, named, most=AT_ONCE).single(strict=True)["n"])):
        total += number
    return total


def history_since(database: Database) -> str | None:
    """Since when all runs and changes are kept; None where none was ever deleted."""
    return next((row["since"] for row in database.read(_SINCE)), None)


def began(run: str) -> str | None:
    """When a run began, by its id: ``20260131T100000Z-5f3a9c1e``; None for an id of another form."""
    found = _RUN_ID.fullmatch(run)
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6]}Z" if found else None
