"""Rows of a saved question put in order, each that says the same of the same once.

A principal may come to one thing in several ways: by itself, and in several sets. What a query declares as ``once`` is
said once of each: a surer way hides less sure ones that give no more, and ways that say the same are one. Ways that are
equally sure and differ in their conditions are alternatives, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .access import DECISIONS

if TYPE_CHECKING:
    from .answer import Row
    from .library import SavedQuery

_JOINED = ("actions", "because")
"""Columns of lists that equal ways have together."""


def tidied(query: SavedQuery, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as an answer has them."""
    return ordered(query, once(query, rows))


def ordered(query: SavedQuery, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a query that joins several in the order that it declares, then by all its columns; empty cells first.

    Cypher orders no ``UNION``: what comes first would change from one answer to the next.
    """
    if not query.joins:
        return rows
    names = dict.fromkeys((*query.order, *(column.name for column in query.columns)))
    return sorted(rows, key=lambda row: [(row[name] is not None, str(row[name])) for name in names])


def once(query: SavedQuery, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, of those alike in the columns that the query names in ``once`` the surest."""
    if not query.once:
        return rows
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=_rank):
        ways = alike.setdefault(tuple(str(row[name]) for name in query.once), [])
        same = next((way for way in ways if _said(way) == _said(row)), None)
        if same is not None:
            same |= {name: list(dict.fromkeys((*same[name], *row[name]))) for name in _JOINED if row.get(name)}
        elif not _hidden(row, ways):
            ways.append(dict(row))
    return [way for ways in _as_they_came(query, rows, alike) for way in ways]


def _as_they_came(
    query: SavedQuery, rows: Sequence[Row], alike: Mapping[tuple[str, ...], list[dict[str, Any]]]
) -> list[list[dict[str, Any]]]:
    keys = dict.fromkeys(tuple(str(row[name]) for name in query.once) for row in rows)
    return [alike[key] for key in keys]


def _rank(row: Row) -> int:
    decision = row.get("decision")
    return DECISIONS.index(decision) if decision in DECISIONS else len(DECISIONS)


def _said(row: Row) -> tuple[object, ...]:
    """What makes two ways one."""
    return tuple(str(value or "") for name, value in row.items() if name not in _JOINED)


def _hidden(row: Row, surer: Sequence[Row]) -> bool:
    """Whether surer ways give all that the row does."""
    given = [way for way in surer if _rank(way) < _rank(row)]
    actions = {action for way in given for action in way.get("actions") or ()}
    return bool(given) and actions.issuperset(row.get("actions") or ())
