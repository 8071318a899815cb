"""Rows on their way to the database: gathered by statement, bounded by rows and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

BATCH_ROWS = 2_500
BATCH_BYTES = 2_000_000
"""A row that is larger by itself goes alone."""
TRANSACTION_ROWS = 10_000
TRANSACTION_BYTES = 8_000_000


class Makes(Enum):
    """What a statement makes of its rows."""

    NOTHING = auto()
    NODES = auto()
    EDGES = auto()


@dataclass(slots=True)
class Batch:
    """Rows for one statement. ``changes`` are written in the same transaction."""

    statement: str
    rows: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    size: int = 0
    makes: Makes = Makes.NOTHING


@dataclass(frozen=True, slots=True)
class Item:
    """One row to write, its size in bytes, and the record of the change if one is kept."""

    statement: str
    row: Row
    size: int
    change: Row | None = None
    makes: Makes = Makes.NOTHING


def batches(items: Iterable[Item]) -> Iterator[Batch]:
    """Gather rows by statement, statements in the order in which they first come."""
    gathered: dict[str, list[Item]] = {}
    for item in items:
        gathered.setdefault(item.statement, []).append(item)
    for statement, of_one in gathered.items():
        batch = Batch(statement, makes=of_one[0].makes)
        for item in of_one:
            if batch.rows and (len(batch.rows) >= BATCH_ROWS or batch.size + item.size > BATCH_BYTES):
                yield batch
                batch = Batch(statement, makes=item.makes)
            batch.rows.append(item.row)
            batch.size += item.size
            if item.change:
                batch.changes.append(item.change)
                batch.size += len(item.change["before"] or "") + len(item.change["after"] or "")
        yield batch


def fit(pending: Iterable[Batch]) -> bool:
    """Whether batches may go into one transaction."""
    rows = size = 0
    for batch in pending:
        rows += len(batch.rows)
        size += batch.size
    return rows <= TRANSACTION_ROWS and size <= TRANSACTION_BYTES
