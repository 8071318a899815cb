"""When a schedule is due: a pure function of its declaration, of what the register knows of it, and of the time.

Every scheduler of a register comes to the same plan from the same state, jitter aside. What was missed while no
scheduler ran is made up by one run, if it was missed no longer ago than the schedule's grace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from ...graph.ledger import RUNNING
from ...graph.schedules import INTERRUPTED, ScheduleState
from .declared import Schedule

JUST_AFTER = timedelta(microseconds=1)


class Why(StrEnum):
    """What an attempt is for."""

    TIME = "time"
    """One of its times has come."""
    MISSED = "missed"
    """Several have, and one run makes up for all."""
    FIRST = "first"
    """It never ran."""
    RETRY = "retry"
    """It failed, or was killed."""
    RESUME = "resume"
    """It was interrupted."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The next attempt. ``at`` may be past: it is due. ``serves`` is the time that is done with once it begins."""

    at: datetime
    serves: datetime
    why: Why
    times: int = 1
    """How many of its times this one attempt makes up for."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is to begin."""
        return self.at <= now


def plan(schedule: Schedule, state: ScheduleState, now: datetime, seed: str = "") -> Planned | None:
    """The next attempt; None while one runs, and for a schedule that is not enabled or has no time left.

    ``seed`` tells machines apart, so that jitter sets them apart too.
    """
    if not schedule.enabled or state.status == RUNNING:
        return None
    if state.failures and state.started_at:
        pause = backoff(schedule, state.failures)
        since = state.finished_at or state.started_at
        at = since + pause + spread(pause / 10, f"{seed}/{schedule.name}/{since}")
        return Planned(at, _latest(schedule, state, now)[0] or state.fired_at or state.since_at, Why.RETRY)
    if state.status == INTERRUPTED:
        return Planned(now, _latest(schedule, state, now)[0] or state.fired_at or state.since_at, Why.RESUME)
    latest, times = _latest(schedule, state, now)
    if latest is None and state.fired_at is None and schedule.at_once:
        at = state.since_at + spread(schedule.jitter, f"{seed}/{schedule.name}/{state.since_at}")
        return Planned(at, state.since_at, Why.FIRST)
    if latest is not None:
        why = Why.MISSED if times > 1 else Why.TIME
        return Planned(jittered(schedule, latest, seed), latest, why, times)
    following = _following(schedule, now)
    return Planned(jittered(schedule, following, seed), following, Why.TIME) if following else None


def upcoming(schedule: Schedule, now: datetime, most: int) -> list[datetime]:
    """Its next times after ``now``, jitter and failures aside."""
    found: list[datetime] = []
    at = _following(schedule, now)
    while at is not None and len(found) < most:
        found.append(at)
        at = _following(schedule, at)
    return found


def backoff(schedule: Schedule, failures: int) -> timedelta:
    """The pause after so many failures in a row: doubled each time, and never above the limit."""
    doubled = schedule.retry * (1 << min(failures - 1, 24))
    return min(doubled, schedule.retry_limit)


def jittered(schedule: Schedule, at: datetime, seed: str) -> datetime:
    """A time and its jitter: the same whenever it is asked for, another on each machine."""
    return at + spread(schedule.jitter, f"{seed}/{schedule.name}/{at.isoformat()}")


def spread(most: timedelta, seed: str) -> timedelta:
    """A length from zero up to ``most``, to the second, as even as a hash of the seed is."""
    share = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest()) / 2**64
    return timedelta(seconds=int((most.total_seconds() + 1) * share)) if most else timedelta(0)


def _latest(schedule: Schedule, state: ScheduleState, now: datetime) -> tuple[datetime | None, int]:
    """The latest of its times up to ``now`` that is not done with and not past its grace, and how many there are."""
    since = max(state.fired_at or state.since_at, now - schedule.grace)
    at = _following(schedule, since)
    latest, times = None, 0
    while at is not None and at <= now:
        latest, times = at, times + 1
        at = _following(schedule, at)
    return latest, times


def _following(schedule: Schedule, after: datetime) -> datetime | None:
    """The first of its times after a moment.

    In UTC, because adding to a time of a zone forgets which of two equal hours it is in when clocks go back.
    """
    found: datetime | None = schedule.trigger.get_next_fire_time(None, after.astimezone(UTC) + JUST_AFTER)
    return found.astimezone(UTC) if found else None
