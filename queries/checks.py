"""All checks at once: how many findings each has, and which of them could not look everywhere.

A check is a question with a severity; each row of its answer is a finding. One that cannot be answered at all, because
no account is known to be production, is not taken for one without findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import DatabaseError, MunimentError
from .answer import Answer, Column, Knowledge, Missing
from .question import Question, Severity

COLUMNS = (
    Column("severity", "`critical`, `high`, `medium`, `low` or `info`."),
    Column("check", "Its id: `muniment queries run ID` shows the findings, `queries show ID` what to do about them."),
    Column("findings", "How many there are, as far as could be read; empty where it could not be asked."),
    Column("status", "`clear`, `findings`, or `unknown`: none were found, but not everything was read."),
    Column("question", "What it asks."),
    Column("incomplete", "Why there may be more findings than these."),
)


def checks(questions: Iterable[Question], at_least: Severity = Severity.INFO) -> list[Question]:
    """The checks among some questions, of that severity or a graver one, the gravest first."""
    found = [asked for asked in questions if asked.severity and asked.severity.rank <= at_least.rank]
    return sorted(found, key=lambda asked: (asked.severity.rank if asked.severity else 0, asked.id))


def check_all(made: Iterable[Question], answer: Callable[[str], Answer], at_least: Severity) -> Answer:
    """One row for each check, in the order given. ``answer`` answers the question of an id."""
    rows = []
    missing: dict[str, Missing] = {}
    oldest: list[str] = []
    for asked in made:
        try:
            found = answer(asked.id)
        except DatabaseError:
            raise
        except MunimentError as error:
            why = error.message
            missing[asked.id] = Missing(asked.id, why)
            rows.append(_row(asked, None, "unknown", why))
            continue
        missing |= {one.scope: one for one in found.knowledge.missing}
        oldest += [found.knowledge.as_of] if found.knowledge.as_of else []
        status = "findings" if found.rows else "clear" if found.knowledge.complete else "unknown"
        rows.append(_row(asked, len(found.rows), status, _why(found.knowledge)))
    known = Knowledge(tuple(missing[key] for key in sorted(missing)), min(oldest, default=None))
    return Answer("check", {"severity": str(at_least)}, COLUMNS, rows, known, interpretation=_summary(rows))


def _row(asked: Question, findings: int | None, status: str, incomplete: str) -> dict[str, object]:
    return {
        "severity": str(asked.severity),
        "check": asked.id,
        "findings": findings,
        "status": status,
        "question": _said(asked),
        "incomplete": incomplete,
    }


def _said(asked: Question) -> str:
    """The question with the defaults of its parameters: ``older than 90 days``."""
    said = asked.question
    for parameter in asked.parameters.values():
        said = said.replace(f"{{{parameter.name}}}", parameter.default or "")
    return said


def _why(known: Knowledge) -> str:
    if known.complete:
        return ""
    first = known.missing[0]
    more = len(known.missing) - 1
    return f"{first.scope}: {first.reason}" + (f", and {more} more" if more else "")


def _summary(rows: Iterable[dict[str, object]]) -> str:
    """How many checks have findings, by severity, and how many nobody can vouch for."""
    rows = list(rows)
    found = [row for row in rows if row["status"] == "findings"]
    counts = [(level, sum(row["severity"] == level for row in found)) for level in Severity]
    by_level = ", ".join(f"{count} {level}" for level, count in counts if count)
    clear = sum(row["status"] == "clear" for row in rows)
    unknown = sum(row["status"] == "unknown" for row in rows)
    said = f"{len(rows)} checks: {len(found)} with findings" + (f" ({by_level})" if by_level else "")
    return f"{said}, {clear} clear" + (f", {unknown} that could not look everywhere" if unknown else "")
