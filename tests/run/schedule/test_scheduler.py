"""Schedulers on a graph, with a clock that is an argument and children that end when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from muniment.errors import LeaseHeld
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.schedules import Schedules, ScheduleState
from muniment.run.holder import Holder, living_run, take_lease
from muniment.run.schedule.attempt import Attempt as Claimed
from muniment.run.schedule.attempt import NotOurs
from muniment.run.schedule.child import HELD, SKIPPED, Attempt
from muniment.run.schedule.declared import schedules
from muniment.run.schedule.keeper import Keeper
from muniment.run.schedule.scheduler import TICK, Scheduler
from muniment.settings import Settings

START = datetime(2026, 1, 31, 10, 20, tzinfo=UTC)
NOBODY = 2**22 + 1
"""A process id that Linux never gives."""


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class Done:
    """A child that has ended."""

    def __init__(self, code: int) -> None:
        self._code = code

    def wait(self) -> int:
        return self._code

    def stop(self) -> None:
        """It has."""


class World:
    """A graph with schedulers on it. What their children do, tests say: ``ends`` gets the attempt."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.attempts: list[Attempt] = []
        self.ends: Callable[[Attempt], int] = self.complete

    def scheduler(self, *, begin: Any = None, **tables: dict[str, Any]) -> Scheduler:
        tables = tables or {"estate": {"every": "1h"}}
        declared = schedules(Settings(Path(), file={"schedule": tables})).values()
        return Scheduler(Keeper(lambda: self.database), declared, begin or self.begin, clock=self.clock)

    def begin(self, attempt: Attempt) -> Done:
        self.attempts.append(attempt)
        return Done(self.ends(attempt))

    def claim(self, attempt: Attempt, run: str) -> Claimed:
        """As a child does."""
        declared = schedules(Settings(Path(), file={"schedule": {attempt.name: {"every": "1h"}}}))[attempt.name]
        claimed = Claimed(declared, attempt.serves, attempt.seen, self.clock)
        claimed.claim(self.database, run)
        return claimed

    def complete(self, attempt: Attempt) -> int:
        try:
            self.claim(attempt, f"run-{len(self.attempts)}").record(self.database, "complete")
        except NotOurs:
            return SKIPPED
        return 0

    @property
    def state(self) -> ScheduleState:
        return Schedules(self.database, self.clock).states()["estate"]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_it_runs_at_once_and_then_at_its_times(world: World) -> None:
    scheduler = world.scheduler()
    assert scheduler.look() == TICK
    assert [attempt.serves for attempt in world.attempts] == [START]
    world.clock.pass_by(minutes=39, seconds=55)
    assert scheduler.look() == timedelta(seconds=5)
    assert len(world.attempts) == 1
    world.clock.pass_by(seconds=5)
    scheduler.look()
    assert [attempt.serves.hour for attempt in world.attempts] == [10, 11]


def test_what_was_missed_while_none_ran_is_made_up_once(world: World) -> None:
    world.scheduler().look()
    world.clock.pass_by(hours=5)
    again = world.scheduler()
    again.look()
    again.look()
    assert [attempt.serves.hour for attempt in world.attempts] == [10, 15]


def test_two_schedulers_take_each_time_once(world: World) -> None:
    first, second = world.scheduler(), world.scheduler()
    for _ in range(4):
        first.look()
        second.look()
        world.clock.pass_by(hours=1)
    assert len(world.attempts) == 4


def test_of_two_that_begin_the_same_attempt_one_is_told_to_leave_it(world: World) -> None:
    def both(attempt: Attempt) -> int:
        world.ends = world.complete
        other = world.begin(attempt)
        assert other.wait() == 0
        return world.complete(attempt)

    world.ends = both
    world.scheduler().look()
    assert [attempt.seen for attempt in world.attempts] == [0, 0]
    assert (world.state.claims, world.state.status, world.state.failures) == (1, "complete", 0)


def test_it_waits_while_another_run_is_writing(world: World) -> None:
    lease = Lease.acquire(world.database, str(Holder("by-hand", NOBODY, "elsewhere")), 60, world.clock)
    scheduler = world.scheduler()
    assert scheduler.look() == TICK
    assert world.attempts == []
    lease.release()
    scheduler.look()
    assert len(world.attempts) == 1


def test_one_that_finds_another_run_writing_is_due_again_and_did_not_fail(world: World) -> None:
    world.ends = lambda attempt: HELD
    scheduler = world.scheduler()
    scheduler.look()
    assert (world.state.claims, world.state.failures) == (0, 0)
    world.ends = world.complete
    scheduler.look()
    assert world.state.status == "complete"


def test_failures_are_tried_again_ever_later_until_one_succeeds(world: World) -> None:
    world.ends = lambda attempt: 1  # ends without a word
    scheduler = world.scheduler(estate={"every": "1h", "retry": "1m", "retry_limit": "8m"})
    begun = []
    for _ in range(56):
        before = len(world.attempts)
        scheduler.look()
        begun += [world.clock.now] * (len(world.attempts) - before)
        world.clock.pass_by(seconds=30)
    pauses = [(after - before).total_seconds() / 60 for before, after in pairwise(begun)]
    for pause, wanted in zip(pauses, [1, 2, 4, 8, 8], strict=True):
        assert wanted <= pause <= wanted * 1.1 + 0.5
    assert world.state.failures == len(world.attempts)
    world.ends = world.complete
    world.clock.pass_by(minutes=9)
    scheduler.look()
    assert (world.state.failures, world.state.error) == (0, None)


def test_a_run_whose_process_was_killed_is_found_so_and_gone_on_with(world: World) -> None:
    def killed(attempt: Attempt) -> int:
        lease = take_lease(world.database, "killed-run", 30, world.clock)
        Ledger(world.database, world.clock).start_run(lease, "killed-run", "aws", {}, "schedule estate")
        world.claim(attempt, "killed-run")
        holder = str(Holder("killed-run", NOBODY, Holder.here("").host))
        world.database.write(lambda tx: tx.run("MATCH (l:Lease) SET l.holder = $holder", holder=holder).consume())
        return -9

    world.ends = killed
    world.scheduler().look()
    assert living_run(world.database, world.clock) is None
    after = world.scheduler()
    world.ends = world.complete
    after.look()
    assert (world.state.status, world.state.failures) == ("killed", 1)
    assert [run.status for run in Ledger(world.database, world.clock).runs()] == ["killed"]
    world.clock.pass_by(seconds=70)
    after.look()
    assert world.attempts[-1].resume
    assert (world.state.status, world.state.failures) == ("complete", 0)


def test_one_on_another_machine_is_left_alone_until_its_lease_ends(world: World) -> None:
    def goes_on(attempt: Attempt) -> int:
        world.claim(attempt, "far-run")
        Lease.acquire(world.database, str(Holder("far-run", NOBODY, "elsewhere")), 30, world.clock)
        return 1  # the scheduler here lost its child; the run there is alive

    world.ends = goes_on
    scheduler = world.scheduler()
    scheduler.look()
    scheduler.look()
    assert world.state.status == "running"
    with pytest.raises(LeaseHeld):
        take_lease(world.database, "here", 30, world.clock)
    world.clock.pass_by(seconds=31)
    scheduler.look()
    assert world.state.status == "killed"


def test_one_that_is_interrupted_goes_on_with_the_next_scheduler(world: World) -> None:
    def interrupted(attempt: Attempt) -> int:
        claimed = world.claim(attempt, "run-1")
        claimed.record(world.database, "interrupted")
        return 143

    class Stopped(Done):
        def wait(self) -> int:
            first.stop()
            return interrupted(world.attempts[-1])

    def begin(attempt: Attempt) -> Done:
        world.attempts.append(attempt)
        return Stopped(143)

    first = world.scheduler(begin=begin)
    first.look()
    assert first.interrupted
    assert (world.state.status, world.state.failures) == ("interrupted", 0)
    world.scheduler().look()
    assert world.attempts[-1].resume
    assert world.state.status == "complete"


def test_another_definition_begins_anew(world: World) -> None:
    world.scheduler().look()
    world.clock.pass_by(minutes=1)
    changed = world.scheduler(estate={"cron": "0 3 * * *"})
    changed.look()
    assert len(world.attempts) == 1
    assert world.state.fired_at is None
    assert world.state.since_at == world.clock.now


def test_a_clock_that_is_set_back_stops_no_schedule(world: World) -> None:
    world.clock.pass_by(days=400)
    world.scheduler().look()
    world.clock.pass_by(days=-400)
    scheduler = world.scheduler()
    scheduler.look()
    assert len(world.attempts) == 1
    world.clock.pass_by(minutes=41)
    scheduler.look()
    assert len(world.attempts) == 2, "its next time by the clock as it is now"


def test_a_failure_noted_by_a_clock_that_was_set_back_is_tried_again(world: World) -> None:
    world.ends = lambda attempt: 1
    world.clock.pass_by(days=400)
    world.scheduler().look()
    world.clock.pass_by(days=-400)
    scheduler = world.scheduler()
    scheduler.look()
    world.clock.pass_by(minutes=2)
    scheduler.look()
    assert len(world.attempts) == 2


def test_clocks_that_differ_by_seconds_are_no_accident(world: World) -> None:
    world.scheduler().look()
    world.clock.pass_by(seconds=-20)
    world.scheduler().look()
    assert len(world.attempts) == 1
    world.clock.pass_by(minutes=40, seconds=20)
    world.scheduler().look()
    assert len(world.attempts) == 2


def test_what_is_no_longer_declared_is_left_alone_and_can_be_forgotten(world: World) -> None:
    world.scheduler(estate={"every": "1h"}, other={"every": "1h"}).look()
    world.clock.pass_by(hours=2)
    world.scheduler(other={"every": "1h"}).look()
    assert [attempt.name for attempt in world.attempts].count("estate") == 1
    known = Schedules(world.database, world.clock)
    assert not known.forget("estate", living=world.state.run)
    assert known.forget("estate")
    assert not known.forget("estate")
    assert set(known.states()) == {"other"}
