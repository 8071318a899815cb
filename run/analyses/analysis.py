"""What an analysis declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...analysis.iam.estates.estate import Estate
from ...graph.database import Database
from ...schema import GLOBAL, Edge, Node, ScopeId

SOURCE = "muniment"
"""The source of scopes that are concluded, not read."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: what it concludes, and the collectors whose facts it rests on."""

    name: str
    types: tuple[str, ...]
    """The relationships that it concludes. Another may conclude some of a type, between other nodes."""
    rests_on: frozenset[str]
    facts: Callable[[Database, Estate], Iterable[Node | Edge]]
    """Its conclusions: relationships, and the principal sets that they start from."""

    @property
    def scope(self) -> ScopeId:
        """What it concludes is of this scope."""
        return ScopeId(SOURCE, "all", GLOBAL, self.name)
