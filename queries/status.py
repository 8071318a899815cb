"""The answer to "what was read, when, and how completely": one row per scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..schema import NEVER_READ, Status
from .answer import Answer
from .atlas import Atlas
from .knowledge import ANALYSIS, assess
from .library import question, step

if TYPE_CHECKING:
    from ..graph.database import Database


def status(database: Database, *, now: datetime) -> Answer:
    """Every scope there is, and every account of the organization that has none, what is not complete first.

    Ages count to ``now``, in seconds.
    """
    asked = question("status")
    atlas = Atlas.load(database)
    scopes = database.read(step("scopes"))
    collectors = {scope["collector"] for scope in scopes if not scope["id"].startswith(f"{ANALYSIS}/")}
    analyses = {scope["collector"] for scope in scopes if scope["id"].startswith(f"{ANALYSIS}/")}
    found = assess(scopes, atlas, collectors, analyses)
    listed = {scope["id"] for scope in scopes}
    unread = [missing for missing in found.missing if missing.scope not in listed and missing.scope != "*"]
    rows = [_row(scope, now) for scope in scopes]
    rows += [
        {"scope": m.scope, "status": NEVER_READ, "age": None, "counts": None, "refused_calls": [m.reason]}
        for m in unread
    ]
    labels = {place: atlas.account(place) for place in atlas.places}
    return Answer(asked.id, {}, asked.columns, sorted(rows, key=_standing), found, labels=labels)


def _standing(row: Mapping[str, Any]) -> tuple[bool, str]:
    """Where a scope stands in the list: what is not complete first, for of the others there may be thousands."""
    return row["status"] == Status.COMPLETE, str(row["scope"])


def _row(scope: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "scope": scope["id"],
        "status": scope["status"],
        "age": _age(scope["completed_at"], now),
        "counts": {key: scope[key] or 0 for key in ("nodes", "relationships", "calls")},
        "refused_calls": list(scope["refusals"] or ()),
    }


def _age(completed_at: str | None, now: datetime) -> int | None:
    if not completed_at:
        return None
    then = datetime.strptime(completed_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return max(0, int((now - then).total_seconds()))
