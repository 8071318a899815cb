"""The five fields of crontab(5), as APScheduler takes them.

Two traps lie between the two. APScheduler counts the days of the week from Monday as 0, cron from Sunday
(https://github.com/agronholm/apscheduler/issues/286): numbers become names here. Where both the day of the month and
that of the week are given, cron runs on days that fit either, APScheduler on those that fit both: that is refused.
"""

from __future__ import annotations

import re
from datetime import tzinfo

from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?:(\*)|([0-7]|[a-z]{3})(?:-([0-7]|[a-z]{3}))?)(?:/([1-7]))?")


def cron(text: object, timezone: tzinfo) -> CronTrigger:
    """The trigger of a cron line; ValueError says what is wrong with it."""
    if not isinstance(text, str):
        raise ValueError("it is not a text")
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("it needs five fields: minute, hour, day of month, month, day of week")
    minute, hour, day, month, weekday = fields
    if not day.startswith("*") and not weekday.startswith("*"):
        raise ValueError("it has a day of the month and a day of the week; make two schedules of it")
    return CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday.lower()), timezone=timezone
    )


def _weekdays(text: str) -> str:
    if text == "*":
        return text
    days = {day for part in text.split(",") for day in _part(part)}
    return ",".join(_DAYS[day] for day in sorted(days))


def _part(part: str) -> list[int]:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(f"{part!r} is no day of the week")
    everything, first, last, step = found.groups()
    start = 0 if everything else _day(first)
    end = 6 if everything or (step and not last) else _day(last or first)
    if last and end == 0:
        end = 7  # Sunday, as the end of a range
    if end < start:
        raise ValueError(f"{part!r} ends before it begins")
    return [day % 7 for day in range(start, end + 1, int(step or 1))]


def _day(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text not in _DAYS:
        raise ValueError(f"{text!r} is no day of the week")
    return _DAYS.index(text)
