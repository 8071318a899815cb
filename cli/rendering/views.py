"""What a table shows of an answer: fewer columns than the envelope, and short names instead of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ...queries.answer import Answer, Row
from .permission_views import can, escalations, path, reachable_roles, who_can, who_can_assume
from .privilege_views import SIGNED, least_privilege, narrower_policy, review_access
from .view import RIGID, View, cell, compact, label

YIELDING = ("because", "actions", "resource", "account")
"""Columns of saved questions without which an answer still is one; a resource's id where its name stands beside it."""


FEW = 3
"""So many actions of a long list are shown on a terminal."""


def view(answer: Answer, *, blanks: bool = False) -> View:
    """The table of an answer; columns without any content are left out, and long lists of actions cut.

    With ``blanks``, for a document, lists are whole, and columns to be filled in stay.
    """
    shown = answer if blanks else replace(answer, rows=list(map(_brief, answer.rows)))
    return compact(_VIEWS.get(answer.question, _as_declared)(shown), SIGNED if blanks else ())


def _brief(row: Row) -> Row:
    """The row with the first of its actions, where they are many."""
    actions = row.get("actions")
    if not isinstance(actions, list) or len(actions) <= FEW + 1:
        return row
    return {**row, "actions": [*actions[:FEW], f"and {len(actions) - FEW} more"]}


def _status(answer: Answer) -> View:
    """What is not complete scope by scope; of the others each account's together, for there may be thousands."""
    rows = [
        [row["scope"], row["status"], _age(row["age"]), _counted([row]), "\n".join(row["refused_calls"])]
        for row in answer.rows
        if row["status"] != "complete"
    ]
    whole = [row for row in answer.rows if row["status"] == "complete"]
    for place, group in groupby(whole, lambda row: "/".join(row["scope"].split("/")[:2])):
        alike = list(group)
        scopes = alike[0]["scope"] if len(alike) == 1 else f"{len(alike)} of {_placed(answer, place)}"
        rows.append([scopes, "complete", _age(max(row["age"] or 0 for row in alike)), _counted(alike), ""])
    return View(["scopes", "status", "age", "nodes / rel.", "refused calls"], rows, "Nothing has been ingested yet.")


def _placed(answer: Answer, place: str) -> str:
    """An account's part of a source by its name: ``aws/111122223333 (payments-prod)``."""
    account = place.partition("/")[2]
    name = "conclusions" if place.startswith("muniment/") else label(answer, account)
    return f"{place} ({name})" if name != account else place


def _counted(rows: Sequence[Row]) -> str:
    counts = [row["counts"] for row in rows if row["counts"]]
    return " / ".join(f"{sum(one[what] for one in counts):,}" for what in ("nodes", "relationships")) if counts else ""


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _runs(answer: Answer) -> View:
    rows = [
        [
            row["run"],
            row["trigger"] or "",
            row["source"],
            row["status"],
            row["started_at"],
            "" if row["seconds"] is None else f"{row['seconds']:,} s",
            _of_scopes(row),
            *("" if row[name] is None else f"{row[name]:,}" for name in ("calls", "changes")),
            row["error"] or "",
        ]
        for row in answer.rows
    ]
    columns = ["run", "trigger", "source", "status", "started_at", "took", "scopes", "calls", "changes", "error"]
    yielding = ("started_at", "source", "calls", "trigger")
    return View(columns, rows, "Nothing was ingested yet.", yielding=yielding, rigid=("run",))


def _of_scopes(row: Row) -> str:
    """How many scopes a run read, and how many of them not completely."""
    if row["scopes"] is None:
        return ""
    return f"{row['scopes']:,}" + (f", {row['incomplete']:,} incomplete" if row["incomplete"] else "")


def _check(answer: Answer) -> View:
    rows = [
        [
            row["severity"],
            row["check"],
            str(row["findings"]) if row["status"] == "findings" else row["status"],
            row["question"],
            row["incomplete"],
        ]
        for row in answer.rows
    ]
    columns = ["severity", "check", "findings", "question", "incomplete"]
    return View(columns, rows, "There is no such check.", yielding=("question", "incomplete"), rigid=("check",))


def _queries(answer: Answer) -> View:
    columns = [column.name for column in answer.columns]
    rows = [[cell(answer, row.get(name)) for name in columns] for row in answer.rows]
    return View(columns, rows, yielding=("parameters", "severity"), rigid=("id",))


def _as_declared(answer: Answer) -> View:
    columns = [column.name for column in answer.columns]
    rows = [{name: cell(answer, row.get(name)) for name in columns} for row in answer.rows]
    if "account" in columns and rows and all(_tells_its_account(row) for row in rows):
        columns.remove("account")
    same = {name: rows[0][name] for name in columns if name in answer.parameters and len({*_cells(rows, name)}) == 1}
    columns = [name for name in columns if name not in same]
    headline = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in same.items())
    yielding = [name for name in YIELDING if name in columns and (name != "resource" or "name" in columns)]
    times = [name for name in columns if all(_TIME.fullmatch(row[name]) for row in rows if row[name])]
    for row in rows:
        row |= {name: _TIME.sub(r"\1 \2Z", row[name]) for name in times}
    rigid = (*RIGID, *times)
    cells = [[row[name] for name in columns] for row in rows]
    return View(columns, cells, headline=headline, yielding=yielding, rigid=rigid)


def _cells(rows: Sequence[Mapping[str, str]], name: str) -> Iterator[str]:
    return (row[name] for row in rows)


_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ")


def _tells_its_account(row: Mapping[str, str]) -> bool:
    return any(value.startswith(f"{row['account']}/") for name, value in row.items() if name != "account")


_VIEWS: Mapping[str, Callable[[Answer], View]] = {
    "who-can-assume": who_can_assume,
    "who-can-become": who_can_assume,
    "escalations": escalations,
    "path": path,
    "reachable-roles": reachable_roles,
    "who-can": who_can,
    "can": can,
    "status": _status,
    "least-privilege": least_privilege,
    "narrower-policy": narrower_policy,
    "review-access": review_access,
    "runs": _runs,
    "check": _check,
    "queries list": _queries,
}
