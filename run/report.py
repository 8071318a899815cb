"""What one run did: which scopes it read, what changed, what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..graph.counts import Counts, Tally
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
    departed: list[ScopeId] = field(default_factory=list)
    """Scopes of accounts that left the organization."""
    stated: Counts = field(default_factory=Counts)
    """What became other of what sources state."""
    concluded: Counts = field(default_factory=Counts)
    """What became other of what the analysis concludes from it."""
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

    @property
    def written(self) -> Counts:
        """All that was written."""
        return self.stated + self.concluded

    def count(self, status: Status) -> int:
        """How many scopes ended so."""
        return sum(outcome.status is status for outcome in self.scopes)

    def figures(self) -> dict[str, int]:
        """What the ledger keeps of it."""
        return {
            "calls": self.calls.total(),
            "scopes": len(self.scopes),
            "incomplete": len(self.scopes) - self.count(Status.COMPLETE),
            "changes": self.written.differences,
        }

    def document(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "run": self.run,
            "source": self.source,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "complete": self.complete,
            "scopes": {status.value: self.count(status) for status in Status}
            | {"resumed": len(self.resumed), "departed": len(self.departed)},
            "nodes": _tally(self.stated.nodes),
            "relationships": _tally(self.stated.relationships),
            "derived": _tally(self.concluded.relationships),
            "written": {"statements": self.written.statements, "rows": self.written.rows},
            "calls": {"total": self.calls.total(), **dict(sorted(self.calls.items()))},
            "seconds": {phase: round(seconds, 3) for phase, seconds in self.seconds.items()},
            "missing": [
                {"scope": str(outcome.scope), "status": outcome.status.value, "reason": str(refusal)}
                for outcome in self.scopes
                for refusal in outcome.refusals
            ],
        }


def _tally(tally: Tally) -> dict[str, int]:
    return {"created": tally.created, "changed": tally.changed, "removed": tally.removed}
