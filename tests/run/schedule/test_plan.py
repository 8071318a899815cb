"""When a schedule is due, told by a clock that is an argument: nothing here waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.errors import SettingsError
from muniment.graph.schedules import ScheduleState
from muniment.run.schedule.declared import Schedule, schedule, schedules
from muniment.run.schedule.plan import backoff, jittered, plan, upcoming
from muniment.settings import Settings

from ...written import written

CASES = Path(__file__).parents[2] / "cases" / "schedule"
HOURLY = {"every": "1h", "retry": "1m", "retry_limit": "30m"}


def declared(**table: Any) -> Schedule:
    return schedule(Settings(Path(), file={"schedule": {"estate": {"source": "aws", **table}}}), "estate")


def cases(name: str) -> list[Any]:
    found = written(CASES / name)
    return [pytest.param(case, id=case["why"]) for case in found]


@pytest.mark.parametrize("case", cases("cron.yaml"))
def test_times_are_those_of_crontab(case: dict[str, Any]) -> None:
    times = {key: case[key] for key in ("cron", "every", "timezone") if key in case}
    found = upcoming(declared(**times), case["after"], len(case["next"]))
    assert [at.astimezone(UTC) for at in found] == case["next"]


@pytest.mark.parametrize("case", cases("plans.yaml"))
def test_what_comes_next(case: dict[str, Any]) -> None:
    one = declared(**case.get("schedule", HOURLY))
    met = case.get("met", datetime(2025, 1, 1, tzinfo=UTC))
    planned = plan(one, ScheduleState("estate", met, **case.get("state", {})), case["now"])
    if "for" not in case:
        assert planned is None
        return
    assert planned is not None
    assert planned.why == case["for"]
    assert planned.times == case.get("times", 1 if planned.why != "time" else planned.times)
    first, last = case.get("between", (case.get("at"), case.get("at")))
    assert first <= planned.at <= last


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(0, 3599).map(lambda seconds: timedelta(seconds=seconds))


@given(MOMENTS, LENGTHS, st.text(max_size=8))
def test_jitter_never_comes_early_nor_later_than_it_may(at: datetime, most: timedelta, seed: str) -> None:
    one = declared(every="1h", jitter=f"{int(most.total_seconds())}s")
    assert at <= jittered(one, at, seed) <= at + most
    assert jittered(one, at, seed) == jittered(one, at, seed)


@given(st.integers(1, 10_000))
def test_pauses_grow_and_are_bounded(failures: int) -> None:
    one = declared(**HOURLY)
    assert one.retry <= backoff(one, failures) <= backoff(one, failures + 1) <= one.retry_limit


@given(MOMENTS, st.integers(0, 400_000), LENGTHS)
def test_no_time_is_served_twice_and_none_before_it_comes(fired: datetime, later: int, most: timedelta) -> None:
    one = declared(every="1h", jitter=f"{int(most.total_seconds())}s")
    now = fired + timedelta(seconds=later)
    planned = plan(one, ScheduleState("estate", fired, fired_at=fired, status="complete"), now, "here")
    assert planned is not None
    assert planned.serves > fired
    assert planned.at >= planned.serves
    if planned.is_due(now):
        assert planned.serves <= now


def test_machines_are_set_apart_by_jitter() -> None:
    one = declared(every="1h", jitter="10m")
    at = datetime(2026, 1, 31, 10, tzinfo=UTC)
    assert len({jittered(one, at, f"host-{number}") for number in range(50)}) > 20


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({}, "does not say when"),
        ({"cron": "0 3 * * *", "every": "6h"}, "does not say when"),
        ({"cron": "0 3 * *"}, "five fields"),
        ({"cron": "0 25 * * *"}, "cron in"),
        ({"cron": "0 3 1 * 1"}, "two schedules"),
        ({"cron": "0 3 * * 8"}, "no day of the week"),
        ({"cron": "0 3 * * 5-2"}, "ends before"),
        ({"cron": 3}, "not a text"),
        ({"every": "6"}, "no length of time"),
        ({"every": "1s"}, "every in"),
        ({"every": "1h", "jitter": "1h"}, "jitter"),
        ({"every": "1h", "grace": "8d"}, "grace"),
        ({"every": "1h", "retry": "0s"}, "retry"),
        ({"every": "1h", "retry": "2h", "retry_limit": "1h"}, "retry"),
        ({"every": "1h", "timezone": "Mars/Olympus"}, "timezone"),
        ({"every": "1h", "timezone": "../etc/passwd"}, "timezone"),
        ({"every": "1h", "source": "azure"}, "source"),
        ({"every": "1h", "source": "files"}, "folder"),
        ({"every": "1h", "folder": "audit"}, "folder"),
        ({"every": "1h", "source": "files", "folder": "audit", "profile": "x"}, "no setting profile"),
        ({"every": "1h", "enabled": "yes"}, "enabled"),
    ],
)
def test_what_cannot_be_understood_is_refused(table: dict[str, Any], why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        declared(**table)
    assert caught.value.hint


def test_a_name_is_one_word() -> None:
    with pytest.raises(SettingsError, match="no name"):
        schedules(Settings(Path(), file={"schedule": {"Every night": {"every": "1h"}}}))
