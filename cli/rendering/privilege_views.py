"""What is shown of access reviews, of what is granted against what is used, and of narrower policies."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...analysis.least_privilege.fitting import LARGEST
from ...queries.answer import Answer, Row
from ...queries.sentences import shortened
from .view import View, ifs, label

SIGNED = ("reviewer", "verdict", "signed")
"""Columns that a person fills in, on paper or in a document."""


def review_access(answer: Answer) -> View:
    """Who has access, under what it is that they have access to."""
    rows = [
        [
            label(answer, row["principal"]),
            row["identity"],
            "yes" if row["administers"] == "allow" else row["administers"] or "",
            "\n".join([row["how"], *ifs(row)]),
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


def least_privilege(answer: Answer) -> View:
    """Findings, services that are alike together."""
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


def narrower_policy(answer: Answer) -> View:
    """The policy to be copied, and what is to know of it."""
    if not answer.rows:
        return View([], [], "No policy of it is known.")
    one = answer.rows[0]
    made = [row for row in answer.rows if row["policy"]]
    sizes = " and ".join(f"{row['characters']:,}" for row in made)
    notes = [
        f"{sizes} characters; a managed policy has at most {LARGEST:,}."
        if made
        else "Nothing that it is granted was used: no policy would do.",
        f"In place of {', '.join(label(answer, policy) for policy in one['replaces']) or 'nothing'}.",
        *([f"No longer granted at all: {', '.join(one['dropped'])}."] if one["dropped"] else []),
        *([] if answer.explanation else ["Not known:"]),
        *([] if answer.explanation else (f"  {shortened(answer.labels, text)}" for text in one["not_known"])),
    ]
    blocks = [json.dumps(row["policy"], ensure_ascii=False, indent=2) for row in made]
    return View([], [], "", blocks=blocks, notes=notes)
