"""How old what was read may become: ``[freshness]`` in the settings file.

::

    [freshness]
    default = "24h"
    last-accessed = "7d"                # a collector, or an analysis
    "aws/111122223333/*/*" = "6h"       # scopes by their ids, with * and ?

The first pattern that fits a scope counts, then its collector, then the default. Where nothing fits, nothing is late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from ..graph.ledger import ScopeState
from ..settings import Settings, duration

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Late:
    """A scope that was not read completely for longer than it may be; ``age`` in seconds, None if it never was."""

    scope: str
    age: int | None
    objective: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """The objectives, by pattern, collector or ``default``."""

    objectives: Mapping[str, timedelta]

    @classmethod
    def of(cls, settings: Settings) -> Freshness:
        """Read the table; SettingsError where a length of time cannot be understood."""
        table = settings.table("freshness")
        return cls({name: duration(given, f"freshness.{name}") for name, given in table.items()})

    def objective(self, scope: ScopeState) -> timedelta | None:
        """How old this scope may become; None if as old as it likes."""
        id_ = str(scope.id)
        fitting = [name for name in self.objectives if "/" in name and fnmatchcase(id_, name)]
        for name in (*fitting, scope.id.collector, DEFAULT):
            if name in self.objectives:
                return self.objectives[name]
        return None

    def late(self, scopes: Sequence[ScopeState], now: datetime) -> list[Late]:
        """The scopes that are older than they may be."""
        found = []
        for scope in scopes:
            objective, age = self.objective(scope), scope.age(now)
            if objective is not None and (age is None or age > objective):
                seconds = None if age is None else int(age.total_seconds())
                found.append(Late(str(scope.id), seconds, int(objective.total_seconds())))
        return found
