"""``muniment check``: everything that a saved question calls a finding, counted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from .invocation import invocation
from .questions import PANEL, FormatOption
from .rendering.output import Format, emit

if TYPE_CHECKING:
    from ..queries.answer import Answer

FOUND = 4
"""The exit code for findings, where ``--fail-on`` asks for one."""


class Level(StrEnum):
    """The severities, as words of an option; ``queries.question`` says what they mean."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=PANEL)(check)


def check(
    context: typer.Context,
    severity: Annotated[Level, typer.Option(help="Only checks of this severity and graver ones.")] = Level.INFO,
    fail_on: Annotated[
        Level | None, typer.Option(help="Exit with 4 where a check of this severity or a graver one has findings.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Make every check and count its findings.

    \b
    muniment check --severity high
    muniment check --fail-on critical --format json    # in a pipeline
    muniment queries run public-roles                  # the findings of one of them
    muniment queries show public-roles                 # what they mean, and what to do

    Exit codes: 0 all checks were made, whatever they found; 3 some could not look everywhere; 4 findings, with
    --fail-on.
    """
    from ..queries.checks import check_all, checks
    from ..queries.library import questions
    from ..queries.question import Severity
    from ..run.answering import answer

    asked = invocation(context)
    at_least = Severity(severity)
    made = checks(questions(asked.settings.query_folders).values(), at_least)
    with asked.connect() as database:
        found = check_all(made, lambda id_: answer(database, asked.settings, id_, {}), at_least)
    try:
        emit(found, output)
    except typer.Exit:
        if fail_on and _fails(found, Severity(fail_on).rank):
            raise typer.Exit(FOUND) from None
        raise


def _fails(found: Answer, rank: int) -> bool:
    from ..queries.question import Severity

    return any(row["status"] == "findings" and Severity(row["severity"]).rank <= rank for row in found.rows)
