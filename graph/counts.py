"""How much was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .diff import Operation


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts became other than they were."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    @classmethod
    def of(cls, operations: Iterable[Operation]) -> Tally:
        """Count operations."""
        found = list(operations)
        return cls(*(found.count(operation) for operation in Operation))

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.created + other.created, self.changed + other.changed, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was written. ``statements`` write facts or records (the guard of the lease aside), ``rows`` are theirs."""

    nodes: Tally = Tally()
    relationships: Tally = Tally()
    statements: int = 0
    rows: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.nodes + other.nodes,
            self.relationships + other.relationships,
            self.statements + other.statements,
            self.rows + other.rows,
        )

    @property
    def differences(self) -> int:
        """Nodes and relationships that became other than they were."""
        return sum(tally.created + tally.changed + tally.removed for tally in (self.nodes, self.relationships))
