"""One attempt of a schedule: claimed once it holds the lease, and recorded however it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ...errors import LeaseHeld, MunimentError, RunInterrupted
from ...graph.clock import Clock, wall_clock
from ...graph.database import Database
from ...graph.schedules import FAILED, INTERRUPTED, Schedules
from ..report import RunReport
from .declared import Schedule


class NotOurs(MunimentError):
    """Another scheduler has begun this attempt."""


@dataclass
class Attempt:
    """An attempt to run a schedule. ``seen`` is None where a person asks for it: nobody else's attempt is this one."""

    schedule: Schedule
    serves: datetime | None = None
    seen: int | None = None
    clock: Clock = wall_clock
    _claims: int | None = None

    def claim(self, database: Database, run: str) -> None:
        """Begin it; NotOurs where another did. Called by the run that holds the lease."""
        known = Schedules(database, self.clock)
        self._claims = known.claim(self.schedule.name, run, serves=self.serves, seen=self.seen)
        if self._claims is None:
            raise NotOurs(f"another scheduler has begun {self.schedule.name} already")

    def perform(self, graph: Callable[[], Database], work: Callable[[], RunReport]) -> RunReport:
        """Do the work, in which ``claim`` is called, and record how it ends."""
        Schedules(graph(), self.clock).meet(self.schedule.name, self.schedule.definition)
        try:
            report = work()
        except (LeaseHeld, NotOurs):
            raise
        except (RunInterrupted, KeyboardInterrupt) as error:
            self.record(graph(), INTERRUPTED, error)
            raise
        except Exception as error:
            self.record(graph(), FAILED, error)
            raise
        self.record(graph(), "complete" if report.complete else "incomplete")
        return report

    def record(self, database: Database, status: str, error: BaseException | None = None) -> None:
        """How it ended, as far as the graph still answers."""
        told = None
        if error is not None:
            told = error.message[:500] if isinstance(error, MunimentError) else type(error).__name__
        known = Schedules(database, self.clock)
        with suppress(MunimentError):
            if self._claims is not None:
                known.end(self.schedule.name, self._claims, status, told)
            elif status == FAILED:
                known.never_began(self.schedule.name, told or "", serves=self.serves, seen=self.seen)
