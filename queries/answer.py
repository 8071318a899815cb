"""What every question is answered with: rows, and how far they can be trusted.

An answer never looks complete when it is not: what could not be read stands in ``missing``, and a program is told by
exit code 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A scope that the answer rests on and that is not completely known, and why."""

    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How completely the scopes under an answer were read.

    ``as_of`` is the oldest completion among them (ISO 8601, UTC), or None where none was ever complete.
    """

    missing: Sequence[Missing] = ()
    as_of: str | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``explanation`` holds the same as the rows, and why, in sentences; it is made when asked for."""

    question: str
    parameters: Mapping[str, Any]
    columns: Sequence[Column]
    rows: Sequence[Row]
    knowledge: Knowledge
    interpretation: str = ""
    explanation: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """Short names to show for ids: ``payments-prod/Admin`` for a role's ARN. Never part of the envelope."""

    @property
    def exit_code(self) -> int:
        """0 answered, 3 answered from incomplete knowledge."""
        return 0 if self.knowledge.complete else 3

    def envelope(self) -> dict[str, Any]:
        """The answer as JSON has it, whatever the question; see ``docs`` for the shape, which is stable."""
        envelope: dict[str, Any] = {
            "question": self.question,
            "parameters": dict(self.parameters),
            "interpretation": self.interpretation,
            "columns": [column.name for column in self.columns],
            "rows": [{column.name: row.get(column.name) for column in self.columns} for row in self.rows],
            "complete": self.knowledge.complete,
            "missing": [{"scope": missing.scope, "reason": missing.reason} for missing in self.knowledge.missing],
            "as_of": self.knowledge.as_of,
        }
        if self.explanation:
            envelope["explanation"] = list(self.explanation)
        return envelope
