"""How many days ago the times in an answer are, by the clock of whoever asks: no engine is asked for the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answer import Row
    from .library import SavedQuery


def aged(query: SavedQuery, rows: Sequence[Row], now: datetime) -> Sequence[Row]:
    """The rows, with the columns that the query declares as ``ages`` of others."""
    if not query.ages:
        return rows
    return [{**row, **{name: days_since(row[time], now) for name, time in query.ages.items()}} for row in rows]


def days_since(time: object, now: datetime) -> int | None:
    """Whole days since a time (ISO 8601 with its zone); None where there is none. What is yet to come is 0 days old.

    >>> from datetime import UTC
    >>> days_since("2026-01-30T10:00:01Z", datetime(2026, 2, 1, 10, tzinfo=UTC))
    1
    """
    try:
        then = datetime.fromisoformat(time) if isinstance(time, str) else None
    except ValueError:
        return None
    return None if then is None or then.tzinfo is None else max((now - then).days, 0)
