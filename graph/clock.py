"""Time as an argument: whoever needs it is given a clock, and tests give their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Says what time it is, with a time zone."""


def wall_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """A time as the graph keeps it: ``2026-01-31T10:00:00Z``. Text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
