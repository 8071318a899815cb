"""What one run did: which scopes it read, what changed, what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..schema import Refusal, ScopeId, Status


@dataclass(frozen=True, slots=True)
class ScopeOutcome:
    """How one scope was read, and how much it states."""

    scope: ScopeId
    status: Status
    nodes: int
    relationships: int
    calls: int = 0
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """How many nodes, or relationships, became other than they were."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Difference) -> Difference:
        return Difference(self.created + other.created, self.changed + other.changed, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.removed)


@dataclass(slots=True)
class RunReport:
    """One run, from its first call to its last word. Seconds by phase overlap: fetching goes on while writing."""

    run: str
    source: str
    started_at: str
    finished_at: str = ""
    scopes: list[ScopeOutcome] = field(default_factory=list)
    resumed: Sequence[ScopeId] = ()
    """Scopes not read again, because an interrupted run had completed them."""
    nodes: Difference = Difference()
    relationships: Difference = Difference()
    derived: Difference = Difference()
    """Relationships that the analysis concluded."""
    statements: int = 0
    """Statements sent to the database that write."""
    rows: int = 0
    """Rows of those statements: nodes, relationships and records written."""
    calls: Counter[str] = field(default_factory=Counter)
    """API calls by service, as in IAM actions: ``iam``, ``organizations``."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """``fetch``, ``write``, ``analyse`` and ``total``."""

    @property
    def complete(self) -> bool:
        """Whether every scope was read completely."""
        return all(outcome.status is Status.COMPLETE for outcome in self.scopes)

    @property
    def exit_code(self) -> int:
        """0, or 3 where something could not be read."""
        return 0 if self.complete else 3

    def count(self, status: Status) -> int:
        """How many scopes ended so."""
        return sum(outcome.status is status for outcome in self.scopes)

    def document(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "run": self.run,
            "source": self.source,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "complete": self.complete,
            "scopes": {status.value: self.count(status) for status in Status} | {"resumed": len(self.resumed)},
            "nodes": _difference(self.nodes),
            "relationships": _difference(self.relationships),
            "derived": _difference(self.derived),
            "written": {"statements": self.statements, "rows": self.rows},
            "calls": {"total": self.calls.total(), **dict(sorted(self.calls.items()))},
            "seconds": {phase: round(seconds, 3) for phase, seconds in self.seconds.items()},
            "missing": [
                {"scope": str(outcome.scope), "status": outcome.status.value, "reason": str(refusal)}
                for outcome in self.scopes
                for refusal in outcome.refusals
            ],
        }


def _difference(difference: Difference) -> dict[str, int]:
    return {"created": difference.created, "changed": difference.changed, "removed": difference.removed}
