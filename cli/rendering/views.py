"""What a table shows of an answer: fewer columns than the envelope, and short names instead of ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...analysis.least_privilege.fitting import LARGEST
from ...queries.answer import Answer, Row
from ...queries.principals import CALLED
from ...queries.sentences import ONLY_BY_RESOURCE, only_by_resource, shortened

ARROW = " → "
YIELDING = ("because", "actions", "resource", "account")
"""Columns of saved questions without which an answer still is one; a resource's id where its name stands beside it."""
SIGNED = ("reviewer", "verdict", "signed")
"""Columns that a person fills in, on paper or in a document."""


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
    rigid: Collection[str] = frozenset({"decision", "status", "age", "hop", "hops"})
    """Columns whose cells are never broken: short words, and what one copies."""


def view(answer: Answer, *, blanks: bool = False) -> View:
    """The table of an answer; columns without any content are left out, but with ``blanks`` those to be filled in."""
    return _compact(_VIEWS.get(answer.question, _as_declared)(answer), SIGNED if blanks else ())


def _who_can_assume(answer: Answer) -> View:
    rows = [
        [
            _principal(answer, row),
            CALLED.get(row["kind"], row["kind"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], row["hops"]), *_ifs(row)]),
        ]
        for row in answer.rows
    ]
    sections = [label(answer, row["target"]) if row["hops"] else "without any role" for row in answer.rows]
    return View(
        ["principal", "kind", "decision", "how"],
        rows,
        "No one can, as far as is known.",
        _verdict(answer),
        sections if len(set(sections)) > 1 else (),
    )


def _verdict(answer: Answer) -> str:
    one = answer.parameters.get("principal")
    if not one:
        return ""
    decisions = {row["decision"] for row in answer.rows}
    best = next((decision for decision in _VERDICTS if decision in decisions), "deny")
    return _VERDICTS[best].format(one=label(answer, one), target=answer.parameters["target"])


_VERDICTS = {
    "allow": "Yes: {one} can become {target}.",
    "conditional": "Under conditions: {one} can become {target}.",
    "unknown": "Not known: whether {one} can become {target}.",
    "deny": "No: {one} cannot become {target}, as far as is known.",
}


def _path(answer: Answer) -> View:
    rows = [
        [
            str(number),
            label(answer, hop["from"]),
            hop.get("technique") or hop["relationship"],
            label(answer, hop["to"]),
            hop["decision"],
            "\n".join(hop["conditions"]),
        ]
        for row in answer.rows
        for number, hop in enumerate(row["path"], 1)
    ]
    return View(
        ["hop", "from", "relationship", "to", "decision", "conditions"], rows, "There is no path, as far as is known."
    )


def _escalations(answer: Answer) -> View:
    rows = [
        [
            label(answer, row["target"]),
            row["technique"],
            row["decision"],
            "\n".join([*_over(answer, row), *_ifs(row)]),
        ]
        for row in answer.rows
    ]
    sections = [label(answer, row["principal"]) for row in answer.rows]
    return View(["target", "technique", "decision", "how"], rows, "No one can, as far as is known.", sections=sections)


def _over(answer: Answer, row: Row) -> list[str]:
    """The compute that an escalation goes over, or whom it takes over on the way to an account; the first few."""
    named = [label(answer, id_) for id_ in (*row["compute"], *row["through"])]
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return [f"over {', '.join(named[:3])}{more}"] if named else []


def _reachable_roles(answer: Answer) -> View:
    rows = [
        [
            label(answer, row["target"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], row["hops"]), *_ifs(row)]),
        ]
        for row in answer.rows
    ]
    return View(["role", "decision", "how"], rows, "No role, as far as is known.")


def _who_can(answer: Answer) -> View:
    told = [row for row in answer.rows if row["note"] != ONLY_BY_RESOURCE]
    rows = [
        [
            label(answer, row["principal"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], len(row["path"]) - 1, end=True), *_ifs(row)]),
            shortened(answer.labels, row["note"]),
        ]
        for row in told
    ]
    others = len(answer.rows) - len(told)
    more = only_by_resource(others) if others else ""
    empty = "No one else, as far as is known." if others else "No one can, as far as is known."
    return View(["principal", "decision", "how", "not known"], rows, empty, more=more)


def _can(answer: Answer) -> View:
    rows = [
        [
            label(answer, row["principal"]),
            row["action"],
            row["resource"],
            row["decision"],
            "\n".join(row["conditions"]),
            "\n".join(shortened(answer.labels, text) for text in row["because"]),
        ]
        for row in answer.rows
    ]
    columns = ["principal", "action", "resource", "decision", "conditions", "because"]
    return View(columns, rows, "It becomes no role by assignment, as far as is known, and so can do nothing.")


def _status(answer: Answer) -> View:
    rows = [
        [
            row["scope"],
            row["status"],
            _age(row["age"]),
            f"{row['counts']['nodes']} / {row['counts']['relationships']}" if row["counts"] else "",
            "\n".join(row["refused_calls"]),
        ]
        for row in answer.rows
    ]
    return View(["scope", "status", "age", "nodes / rel.", "refused calls"], rows, "Nothing has been ingested yet.")


def _review_access(answer: Answer) -> View:
    rows = [
        [
            label(answer, row["principal"]),
            row["identity"],
            "yes" if row["administers"] == "allow" else row["administers"] or "",
            "\n".join([row["how"], *_ifs(row)]),
            row["decision"] or "",
            (row["last_used"] or "")[:10],
            "\n".join(row["credentials"]),
            "\n".join(shortened(answer.labels, text) for text in row["because"]),
            "" if row["complete"] else "not all was read",
            *(row[name] or "" for name in SIGNED),
        ]
        for row in answer.rows
    ]
    sections = [f"{_entered(answer, row)}, owner {row['owner']}" for row in answer.rows]
    columns = [
        "principal",
        "identity",
        "admin",
        "how",
        "decision",
        "last used",
        "credentials",
        "because",
        "completeness",
    ]
    empty = "No one has access, as far as is known."
    return View([*columns, *SIGNED], rows, empty, sections=sections, yielding=("because",))


def _entered(answer: Answer, row: Row) -> str:
    """What a line of a review is about: a role, or what a user has of its own."""
    return label(answer, row["role"]) if row["role"] else f"{label(answer, row['account'])}: {row['what']}"


def _least_privilege(answer: Answer) -> View:
    folded = ("unused service", "not known", "used")
    shown = [row for row in answer.rows if row["finding"] not in folded]
    rows = [
        [
            row["finding"],
            label(answer, row["subject"]),
            str(row["granted"] or ""),
            _some(row["unused"]),
            (row["last_used_at"] or "")[:10],
            "\n".join(row["conditions"]),
        ]
        for row in shown
    ]
    for finding in folded:
        alike = [row for row in answer.rows if row["finding"] == finding]
        if alike:
            last = max((row["last_used_at"] or "" for row in alike), default="")[:10]
            granted = str(sum(row["granted"] for row in alike))
            subject = "1 service" if len(alike) == 1 else f"{len(alike)} services"
            rows.append([finding, f"{subject}: {_some([row['subject'] for row in alike])}", granted, "", last, ""])
    columns = ["finding", "about", "actions granted", "unused", "last used", "conditions"]
    return View(columns, rows, "It is granted nothing, as far as is known.")


def _some(names: Sequence[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _narrower_policy(answer: Answer) -> View:
    empty = "Nothing that it is granted was used: no policy would do."
    if not answer.rows:
        return View([], [], empty)
    one = answer.rows[0]
    sizes = " and ".join(f"{row['characters']:,}" for row in answer.rows)
    notes = [
        f"{sizes} characters; a managed policy has at most {LARGEST:,}.",
        f"In place of {', '.join(label(answer, policy) for policy in one['replaces']) or 'nothing'}.",
        *([f"No longer granted at all: {', '.join(one['dropped'])}."] if one["dropped"] else []),
        *([] if answer.explanation else ["Not known:"]),
        *([] if answer.explanation else (f"  {shortened(answer.labels, text)}" for text in one["not_known"])),
    ]
    blocks = [json.dumps(row["policy"], ensure_ascii=False, indent=2) for row in answer.rows]
    return View([], [], empty, blocks=blocks, notes=notes)


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
    yielding = [name for name in YIELDING if name in columns and (name != "resource" or "name" in columns)]
    return View(columns, [[row[name] for name in columns] for row in rows], yielding=yielding)


def _tells_its_account(row: Mapping[str, str]) -> bool:
    return any(value.startswith(f"{row['account']}/") for name, value in row.items() if name != "account")


_VIEWS: Mapping[str, Callable[[Answer], View]] = {
    "who-can-assume": _who_can_assume,
    "who-can-become": _who_can_assume,
    "escalations": _escalations,
    "path": _path,
    "reachable-roles": _reachable_roles,
    "who-can": _who_can,
    "can": _can,
    "status": _status,
    "least-privilege": _least_privilege,
    "narrower-policy": _narrower_policy,
    "review-access": _review_access,
    "runs": _runs,
    "check": _check,
    "queries list": _queries,
}


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


def _principal(answer: Answer, row: Row) -> str:
    name = label(answer, row["principal"])
    return f"{name}\n({row['note']})" if row["note"] and row["kind"] not in _SAY_IT_ALL else name


_SAY_IT_ALL = frozenset(CALLED) - {"Account", "User", "Role", "IdentityCenterGroup", "IdentityCenterUser"}


def _via(answer: Answer, path: Sequence[str], hops: int, *, end: bool = False) -> str:
    between = path[1:] if end else path[1:-1]
    if hops == 0:
        return "by its own policies" if end else "as it is"
    way = ARROW.join(label(answer, id_) for id_ in between)
    return f"via {way}" if way else "directly"


def _ifs(row: Row) -> list[str]:
    return [f"if {condition}" for condition in row["conditions"]]


def _age(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _compact(found: View, blanks: Collection[str]) -> View:
    kept = [i for i, name in enumerate(found.columns) if name in blanks or any(row[i] for row in found.rows)]
    rows = [[row[i] for i in kept] for row in found.rows]
    return replace(found, columns=[found.columns[i] for i in kept], rows=rows)


def without(found: View, column: str) -> View:
    """The table without one of its columns."""
    at = list(found.columns).index(column)
    rows = [[*row[:at], *row[at + 1 :]] for row in found.rows]
    yielding = [name for name in found.yielding if name != column]
    return replace(found, columns=[*found.columns[:at], *found.columns[at + 1 :]], rows=rows, yielding=yielding)
