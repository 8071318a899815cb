"""The commands that answer: ``ask`` in words, and one command for each of the main questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import typer

from .invocation import invocation
from .rendering.output import Format, emit

PANEL = "Questions"

FormatOption: TypeAlias = Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")]
ExplainOption: TypeAlias = Annotated[bool, typer.Option("--explain", help="Answer in sentences, with the reasons.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel=PANEL)(ask)
    app.command("who-can-assume", rich_help_panel=PANEL)(who_can_assume)
    app.command(rich_help_panel=PANEL)(path)
    app.command(rich_help_panel=PANEL)(status)


def ask(
    context: typer.Context,
    sentence: Annotated[list[str], typer.Argument(help="The question; quotes around it are not needed.")],
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """Ask in plain English.

    \b
    muniment ask "who can assume prod admin"
    muniment ask "which users can become admin in the payments account"
    muniment ask "how can alice get to prod admin" --explain
    muniment ask "who can s3:GetObject on arn:aws:s3:::payroll/*"

    When it is not sure what is asked, it offers the nearest questions instead of guessing.
    """
    from ..queries.sentence import understand

    understood = understand(" ".join(sentence))
    respond(context, understood.question.id, understood.given, output, explain=explain)


def who_can_assume(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help='A role: ARN, name, ACCOUNT/NAME, or words: "prod admin".')],
    kinds: Annotated[str, typer.Option("--only", help="Only users, roles, people, services, …")] = "",
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """List everyone who can become a role, in one hop or several.

    \b
    muniment who-can-assume "prod admin"
    muniment who-can-assume payments-prod/Deployer --only users --explain
    """
    respond(context, "who-can-assume", {"target": target, "kinds": kinds}, output, explain=explain)


def path(
    context: typer.Context,
    start: Annotated[str, typer.Argument(metavar="FROM", help="Who starts: ARN, id, name or ACCOUNT/NAME.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The role to arrive at, or words for several.")],
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """Show how one principal can get to a role.

    \b
    muniment path alice "prod admin"
    """
    respond(context, "path", {"from": start, "to": target}, output, explain=explain)


def status(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """Show what was read, when, how completely, and which calls were refused."""
    respond(context, "status", {}, output)


def respond(
    context: typer.Context, question: str, given: Mapping[str, str], output: Format, *, explain: bool = False
) -> None:
    """Answer a question, print the answer, and end the command with its exit code."""
    from .answering import answer

    asked = invocation(context)
    with asked.connect() as database:
        found = answer(database, asked.settings, question, given, explain=explain)
    emit(found, output)
