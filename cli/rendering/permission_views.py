"""What is shown of answers about who can do or become what, and by which way."""

from __future__ import annotations

from collections.abc import Sequence

from ...queries.admitted import PROVIDERS
from ...queries.answer import Answer, Row
from ...queries.principals import CALLED
from ...queries.sentences import ONLY_BY_RESOURCE, only_by_resource, shortened
from .view import View, ifs, label

ARROW = " → "
NO_ONE = "No one can, as far as is known."


def who_can_assume(answer: Answer) -> View:
    """Who can become what, under each target."""
    rows = [
        [
            _principal(answer, row),
            CALLED.get(row["kind"], row["kind"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], row["hops"]), *_let_in(row), *ifs(row)]),
        ]
        for row in answer.rows
    ]
    sections = [label(answer, row["target"]) if row["hops"] else "without any role" for row in answer.rows]
    return View(
        ["principal", "kind", "decision", "how"],
        rows,
        "No one else can, as far as is known." if "is not listed" in answer.interpretation else NO_ONE,
        _verdict(answer),
        sections if len(set(sections)) > 1 else (),
    )


def _let_in(row: Row) -> list[str]:
    """Whom an identity provider lets in."""
    return [f"lets in {row['note']}"] if row["kind"] in PROVIDERS and row["hops"] else []


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


def path(answer: Answer) -> View:
    """A path, hop by hop."""
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


def escalations(answer: Answer) -> View:
    """To whom each principal can escalate, under the principal."""
    rows = [
        [
            label(answer, row["target"]),
            row["technique"],
            row["decision"],
            "\n".join([*_over(answer, row), *ifs(row)]),
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


def reachable_roles(answer: Answer) -> View:
    """The roles that one principal can become."""
    rows = [
        [
            label(answer, row["target"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], row["hops"]), *ifs(row)]),
        ]
        for row in answer.rows
    ]
    return View(["role", "decision", "how"], rows, "No role, as far as is known.")


def who_can(answer: Answer) -> View:
    """Who can do something, and as whom."""
    told = [row for row in answer.rows if row["note"] != ONLY_BY_RESOURCE]
    rows = [
        [
            label(answer, row["principal"]),
            CALLED.get(row["kind"], row["kind"]),
            row["decision"],
            "\n".join([_via(answer, row["path"], len(row["path"]) - 1, end=True), *ifs(row)]),
            shortened(answer.labels, row["note"]),
        ]
        for row in told
    ]
    others = len(answer.rows) - len(told)
    more = only_by_resource(others) if others else ""
    empty = "No one else, as far as is known." if others else "No one can, as far as is known."
    return View(["principal", "kind", "decision", "how", "not known"], rows, empty, more=more)


def can(answer: Answer) -> View:
    """One decided request, or one for each role that a person becomes."""
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


def _principal(answer: Answer, row: Row) -> str:
    name = label(answer, row["principal"])
    return f"{name}\n({row['note']})" if row["note"] and row["kind"] not in _SAY_IT_ALL else name


_SAY_IT_ALL = frozenset(CALLED) - {"Account", "User", "Role", "IdentityCenterGroup", "IdentityCenterUser"}


def _via(answer: Answer, path: Sequence[str], hops: int, *, end: bool = False) -> str:
    between = path[1:] if end else path[1:-1]
    if hops == 0:
        return "directly" if end else "as it is"
    way = ARROW.join(label(answer, id_) for id_ in between)
    return f"via {way}" if way else "directly"
