"""The scheduler: looks what is due, has it done by a child, looks again.

All that it must not forget is in the graph, so that it can be killed at any time, and that several can run at once, on
several machines: the lease lets one run write, and an attempt is claimed by its number.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from ...errors import LeaseHeld, MunimentError
from ...graph.clock import Clock, timestamp
from ...graph.database import Database
from ...graph.ledger import KILLED, RUNNING, Ledger
from ...graph.schedules import Schedules, ScheduleState
from ..holder import living_run, take_lease
from .child import HELD, SKIPPED, Attempt
from .declared import Schedule
from .keeper import Keeper
from .plan import Planned, Why, plan

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=15)
"""The longest between two looks: other schedulers, and people, write to the graph too."""
RECOVERY_LEASE_SECONDS = 30.0

_ENDED = {0: "ended, complete", 3: "ended, incomplete", SKIPPED: "left to another scheduler, which began it"}


class Process(Protocol):
    """A child, as far as the scheduler cares."""

    def wait(self) -> int: ...
    def stop(self) -> None: ...


Begin = Callable[[Attempt], Process]


class Scheduler:
    """Sees to the schedules of one settings file. ``look`` is for one thread at a time, ``stop`` for any."""

    def __init__(
        self, keeper: Keeper, schedules: Collection[Schedule], begin: Begin, *, clock: Clock, seed: str = ""
    ) -> None:
        self._keeper = keeper
        self._schedules = tuple(schedules)
        self._begin = begin
        self._clock = clock
        self._seed = seed
        self._stopping = threading.Event()
        self._child: Process | None = None
        self._changing = threading.Lock()
        self._said: dict[str, str] = {}
        self.interrupted = False
        """Whether stopping it interrupted a run."""

    @property
    def going_on(self) -> bool:
        """Whether nobody has stopped it."""
        return not self._stopping.is_set()

    def look(self) -> timedelta:
        """Do all that is due, one after the other, and return how long nothing will be."""
        try:
            while not self._stopping.is_set():
                with self._keeper.using() as database:
                    found = self._next(database)
                if found is None:
                    return TICK
                schedule, planned, state = found
                now = self._clock()
                if not planned.is_due(now):
                    self._say(schedule, f"next at {timestamp(planned.at)}")
                    return max(timedelta(seconds=0.2), min(TICK, planned.at - now))
                if not self._attempt(schedule, planned, state):
                    return timedelta(seconds=1)
        except MunimentError as error:
            logger.warning("%s", error.message)
        return TICK

    def stop(self) -> None:
        """Begin nothing more; interrupt the run that is going on, and wait until it ended."""
        with self._changing:
            self._stopping.set()
            child = self._child
        if child is not None:
            child.stop()

    def _next(self, database: Database) -> tuple[Schedule, Planned, ScheduleState] | None:
        """The attempt that comes next; None where another run is writing or nothing is to come."""
        known = Schedules(database, self._clock)
        living = living_run(database, self._clock)
        found = []
        for schedule in self._schedules:
            state = known.meet(schedule.name, schedule.definition)
            if state.status == RUNNING and state.run != living:
                logger.warning("%s: nothing runs %s any more: it was killed", schedule.name, state.run)
                known.end(schedule.name, state.claims, KILLED, "its process ended without a word")
                state = known.states()[schedule.name]
            if state.is_ahead(self._clock()):
                logger.warning(
                    "%s: the clock was set back since its last attempt; its times count from now", schedule.name
                )
                known.set_back(schedule.name, state.claims)
                state = known.states()[schedule.name]
            if planned := plan(schedule, state, self._clock(), self._seed):
                found.append((schedule, planned, state))
        if living is None:
            self._recover(database)
        first = min(found, key=lambda one: one[1].at, default=None)
        if first and living and first[1].is_due(self._clock()):
            self._say(first[0], f"due, and waits: {living} is writing the graph")
            return None
        return first

    def _recover(self, database: Database) -> None:
        """Have the ledger say of runs that nothing runs any more that they were killed."""
        ledger = Ledger(database, self._clock)
        if all(run.status != RUNNING for run in ledger.runs()):
            return
        with suppress(LeaseHeld), take_lease(database, "recovery", RECOVERY_LEASE_SECONDS, self._clock) as lease:
            for run in ledger.find_killed(lease):
                logger.warning("the run %s was killed; what it wrote stays", run)

    def _attempt(self, schedule: Schedule, planned: Planned, state: ScheduleState) -> bool:
        """Have it done; whether it was, or was found done by another."""
        missed = f", for {planned.times} times of which the others are dropped" if planned.times > 1 else ""
        logger.info("%s: begins (%s, due at %s%s)", schedule.name, planned.why, timestamp(planned.at), missed)
        self._said.pop(schedule.name, None)
        attempt = Attempt(schedule.name, planned.serves, state.claims, resume=self._resumes(schedule, planned, state))
        with self._changing:
            if self._stopping.is_set():
                return False
            child = self._child = self._begin(attempt)
        try:
            code = child.wait()
        finally:
            with self._changing:
                self._child = None
        return self._ended(schedule, attempt, code)

    def _resumes(self, schedule: Schedule, planned: Planned, state: ScheduleState) -> bool:
        """Whether it goes on from the attempt before, if that is not too old to be of use."""
        again = planned.why in (Why.RETRY, Why.RESUME)
        return again and state.started_at is not None and self._clock() - state.started_at <= schedule.grace

    def _ended(self, schedule: Schedule, attempt: Attempt, code: int) -> bool:
        if code == HELD:
            self._say(schedule, "due, and waits: another run is writing the graph")
            return False
        if code in _ENDED:
            logger.info("%s: %s", schedule.name, _ENDED[code])
            return True
        if self._stopping.is_set():
            # The polite signal ends it by its number where it came before the run had begun, or after it had ended.
            self.interrupted = code != -signal.SIGTERM
            if self.interrupted:
                logger.info("%s: interrupted; it goes on when a scheduler is back", schedule.name)
            return True
        logger.warning("%s: %s", schedule.name, _told(code))
        with self._keeper.using() as database:
            known = Schedules(database, self._clock)
            # It tells of its failures itself, unless it was gone before it could.
            known.never_began(schedule.name, _told(code), serves=attempt.serves, seen=attempt.seen)
            state = known.states()[schedule.name]
        if state.failures:
            times = "failed" if state.failures == 1 else f"failed {state.failures} times in a row"
            logger.warning("%s: %s: %s", schedule.name, times, state.error)
        return True

    def _say(self, schedule: Schedule, text: str) -> None:
        """Log it once, until something else is to be said."""
        if self._said.get(schedule.name) != text:
            self._said[schedule.name] = text
            logger.info("%s: %s", schedule.name, text)


def _told(code: int) -> str:
    return f"a signal ended it ({-code})" if code < 0 else f"it failed, with exit code {code}"


def next_times(
    schedules: Collection[Schedule], states: dict[str, ScheduleState], now: datetime, seed: str
) -> dict[str, datetime]:
    """When each of the schedules is next attempted, those aside that are running or have no time left."""
    fresh = {one.name: states.get(one.name) or ScheduleState(one.name, now) for one in schedules}
    planned = {one.name: plan(one, fresh[one.name], now, seed) for one in schedules}
    return {name: found.at for name, found in planned.items() if found}
