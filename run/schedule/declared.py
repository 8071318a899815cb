"""The tables ``[schedule.NAME]`` of the settings file, read into schedules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from ...errors import NotFound, SettingsError
from ...settings import Settings, duration
from .cron import cron

SOURCES = ("aws", "files", "replay")
KEYS = ("source", "folder", "cron", "every", "timezone", "jitter", "grace", "retry", "retry_limit", "enabled")
"""Names in a table; one that reads AWS may have those of the table [aws] too."""

GRACE, MOST = "12h", timedelta(days=7)
RETRY, RETRY_LIMIT = "1m", "6h"
SHORTEST = timedelta(seconds=10)
"""Nothing is asked for more often than this."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Intervals count from here, on every machine and after every restart: ``every = "6h"`` is at 0, 6, 12 and 18 UTC."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule. Its times are those of ``trigger``; nothing here reads a clock."""

    name: str
    source: str
    when: str
    """``cron 0 3 * * * (Europe/Berlin)`` or ``every 6h``."""
    trigger: BaseTrigger
    at_once: bool
    """Whether one that never ran is due as soon as a scheduler meets it: intervals are."""
    folder: str | None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Names of the table [aws] that are other for this schedule."""
    jitter: timedelta = timedelta(0)
    grace: timedelta = timedelta(hours=12)
    """How late it may begin what it missed."""
    retry: timedelta = timedelta(minutes=1)
    """The pause after the first failure; each further one doubles it."""
    retry_limit: timedelta = timedelta(hours=6)
    """The longest pause after failures."""
    enabled: bool = True

    @property
    def definition(self) -> str:
        """A hash of its times: others begin anew."""
        return blake2b(self.when.encode(), digest_size=8).hexdigest()

    @property
    def asked_by(self) -> str:
        """The trigger of its runs, as the ledger has it."""
        return f"schedule {self.name}"


def schedules(settings: Settings) -> dict[str, Schedule]:
    """All schedules of the settings file by name; SettingsError says what is wrong with one."""
    return {name: _schedule(name, table) for name, table in settings.table("schedule").items()}


def schedule(settings: Settings, name: str) -> Schedule:
    """One schedule; NotFound where the settings file has none of that name."""
    tables = settings.table("schedule")
    if name not in tables:
        known = ", ".join(sorted(tables)) or "none"
        raise NotFound(f"there is no schedule {name!r}", f"The settings file has {known}.")
    return _schedule(name, tables[name])


def _schedule(name: str, table: Any) -> Schedule:
    where = f"[schedule.{name}]"
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where} is no name for a schedule", "Use a to z, 0 to 9, - and _; 63 at most.")
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where} is not a table", 'Write [schedule.NAME], then source = "aws" and when it runs.')
    source = table.get("source", "aws")
    if source not in SOURCES:
        raise SettingsError(f"source in {where} is {source!r}", f"It is one of {', '.join(SOURCES)}.")
    options = {key: value for key, value in table.items() if key not in KEYS}
    if options and source != "aws":
        raise SettingsError(f"{where} has no setting {', '.join(sorted(options))}", f"It has {', '.join(KEYS)}.")
    folder = table.get("folder")
    if (source == "aws") is not (folder is None) or not isinstance(folder, str | None):
        raise SettingsError(
            f"folder in {where} is {folder!r}",
            "Sources files and replay read a folder, by its path; aws reads none.",
        )
    if not isinstance(table.get("enabled", True), bool):
        raise SettingsError(f"enabled in {where} is {table['enabled']!r}", "It is true or false.")
    when, trigger = _times(where, table)
    made = Schedule(
        name,
        source,
        when,
        trigger,
        "every" in table,
        folder,
        options,
        jitter=duration(table.get("jitter", "0s"), f"jitter in {where}"),
        grace=duration(table.get("grace", GRACE), f"grace in {where}"),
        retry=duration(table.get("retry", RETRY), f"retry in {where}"),
        retry_limit=duration(table.get("retry_limit", RETRY_LIMIT), f"retry_limit in {where}"),
        enabled=table.get("enabled", True),
    )
    _check(where, made)
    return made


def _times(where: str, table: Mapping[str, Any]) -> tuple[str, BaseTrigger]:
    if ("cron" in table) is ("every" in table):
        raise SettingsError(f"{where} does not say when it runs", 'Give either cron = "0 3 * * *" or every = "6h".')
    zone = table.get("timezone", "UTC")
    try:
        timezone = ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError) as error:
        hint = "Name it as the IANA does: Europe/Berlin. A system without time zones needs its package tzdata."
        raise SettingsError(f"timezone in {where} is {zone!r}, which is unknown", hint) from error
    if "cron" in table:
        try:
            return f"cron {table['cron']} ({zone})", cron(table["cron"], timezone)
        except ValueError as error:
            hint = "Write it as crontab(5) has it."
            raise SettingsError(f"cron in {where} is {table['cron']!r}: {error}", hint) from error
    every = duration(table["every"], f"every in {where}")
    if every < SHORTEST:
        raise SettingsError(f"every in {where} is {table['every']!r}", "It is 10s or more.")
    return f"every {table['every']}", IntervalTrigger(
        seconds=int(every.total_seconds()), start_date=EPOCH, timezone=UTC
    )


def _check(where: str, made: Schedule) -> None:
    if isinstance(made.trigger, IntervalTrigger) and made.jitter >= made.trigger.interval:
        raise SettingsError(f"jitter in {where} is as long as the interval", "Make it shorter than every.")
    if made.grace > MOST:
        raise SettingsError(f"grace in {where} is more than 7d", "What was missed longer ago is not made up.")
    if made.retry_limit > MOST:
        raise SettingsError(f"retry_limit in {where} is more than 7d", "A schedule that waits longer is forgotten.")
    if not timedelta(0) < made.retry <= made.retry_limit:
        raise SettingsError(f"retry in {where} is not above zero and at most retry_limit", 'Write retry = "1m".')
