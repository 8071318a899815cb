"""What a table is made of: columns, cells as a person reads them, and short names in place of ids."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from ...queries.answer import Answer, Row

RIGID = frozenset({"decision", "status", "age", "hop", "hops"})


@dataclass(frozen=True, slots=True)
class View:
    """A table: column names, rows of cells, and what to say where there are none.

    ``sections`` has a heading for each row where rows belong together under one; equal ones follow each other. ``more``
    tells in a line of rows that are not shown one by one. ``yielding`` columns are left out, the first one first, where
    the table would be too narrow to read with them.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str = "Nothing was found."
    headline: str = ""
    sections: Sequence[str] = ()
    more: str = ""
    yielding: Sequence[str] = ()
    blocks: Sequence[str] = ()
    """Texts to be copied as they are, such as policies."""
    notes: Sequence[str] = ()
    """Lines below them."""
    rigid: Collection[str] = RIGID
    """Columns whose cells are never broken: short words, and what one copies."""


def cell(answer: Answer, value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return label(answer, value)
    if isinstance(value, list | tuple):
        return "\n".join(cell(answer, item) for item in value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def label(answer: Answer, id_: str) -> str:
    """The short name of an id, where there is one; ``payments/role Admin`` for an ARN of IAM where there is none."""
    return answer.labels.get(id_, id_)


def ifs(row: Row) -> list[str]:
    """The conditions of a row, a line each."""
    return [f"if {condition}" for condition in row["conditions"]]


def compact(found: View, blanks: Collection[str]) -> View:
    """The table without columns that have no content, but for those that stay blank."""
    kept = [i for i, name in enumerate(found.columns) if name in blanks or any(row[i] for row in found.rows)]
    rows = [[row[i] for i in kept] for row in found.rows]
    return replace(found, columns=[found.columns[i] for i in kept], rows=rows)


def without(found: View, column: str) -> View:
    """The table without one of its columns."""
    at = list(found.columns).index(column)
    rows = [[*row[:at], *row[at + 1 :]] for row in found.rows]
    yielding = [name for name in found.yielding if name != column]
    return replace(found, columns=[*found.columns[:at], *found.columns[at + 1 :]], rows=rows, yielding=yielding)


def grouped(found: View) -> View:
    """The table under headings of its first column, where what stands there comes twice in a row or more on average."""
    headings = [row[0].replace("\n", " ") for row in found.rows]
    changes = sum(1 for _ in groupby(headings))
    if len(found.columns) < 3 or changes * 2 > len(headings):
        return found
    return replace(found, columns=found.columns[1:], rows=[row[1:] for row in found.rows], sections=headings)
