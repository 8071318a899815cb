"""The commands that answer: ``ask`` in words, and one command for each of the main questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import typer

from .invocation import invocation
from .rendering.output import Format, emit, write
from .rendering.text import printable

PANEL = "Questions"

FormatOption: TypeAlias = Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")]
ExplainOption: TypeAlias = Annotated[bool, typer.Option("--explain", help="Answer in sentences, with the reasons.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel=PANEL)(ask)
    app.command("who-can-assume", rich_help_panel=PANEL)(who_can_assume)
    app.command(rich_help_panel=PANEL)(can)
    app.command("who-can", rich_help_panel=PANEL)(who_can)
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
    muniment ask "which roles can alice assume in prod"
    muniment ask "how can alice get to prod admin" --explain
    muniment ask "who can s3:GetObject on arn:aws:s3:::payroll/*"

    When it is not sure what is asked, it offers the nearest questions instead of guessing.
    """
    from ..errors import NotFound, UsageError

    try:
        _ask(context, " ".join(sentence), output, explain=explain)
    except (NotFound, UsageError) as error:
        if output is Format.JSON:
            from .rendering.formats import refusal_as_json

            write(refusal_as_json(error))
        raise


def _ask(context: typer.Context, sentence: str, output: Format, *, explain: bool) -> None:
    from ..errors import NotFound, UsageError
    from ..queries.refusals import Outcome, settled
    from ..queries.sentence import understand
    from ..run.answering import answer

    asked = invocation(context)
    understood = understand(sentence, asked.settings.query_folders)
    outcomes: list[Outcome] = []
    with asked.connect() as database:
        for reading in (understood, *understood.others):
            try:
                found = answer(database, asked.settings, reading.question.id, reading.given, explain=explain)
                outcomes.append((reading, found))
            except (NotFound, UsageError) as error:
                outcomes.append((reading, error))
    reading, found = settled(sentence, outcomes, asked.settings.query_folders)
    if output is Format.TABLE and found.interpretation != reading.interpretation:
        from .rendering.table import show_text

        show_text([reading.interpretation])
    emit(found, output)


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


def can(
    context: typer.Context,
    principal: Annotated[str, typer.Argument(help="A user or role: ARN, name or ACCOUNT/NAME; anyone, a service.")],
    action: Annotated[str, typer.Argument(help="An IAM action, or a pattern: s3:GetObject, s3:Get*.")],
    resource: Annotated[str, typer.Argument(help="An ARN, s3://bucket/key, a name; a pattern, or * for any.")],
    given: Annotated[
        list[str] | None,
        typer.Option("--context", "-c", metavar="KEY=VALUE", help="A condition key; again for further values."),
    ] = None,
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """Decide whether one principal may take one action on one resource.

    \b
    muniment can payments-prod/Admin s3:GetObject s3://payroll/june.csv
    muniment can alice iam:CreateUser "*" --context aws:MultiFactorAuthPresent=true
    muniment can alice "kms:*" "*"
    muniment can anyone "s3:Get*" s3://payroll
    """
    words = {"principal": principal, "action": action, "resource": resource, "context": condition_keys(given or ())}
    respond(context, "can", words, output, explain=explain)


def who_can(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="An IAM action, or a pattern: s3:GetObject, s3:Get*.")],
    resource: Annotated[str, typer.Argument(help="An ARN, s3://bucket/key, a name; a pattern, or * for any.")] = "*",
    transitive: Annotated[bool, typer.Option("--transitive", help="Also whoever can become one of them.")] = False,
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """List everyone who may take an action on a resource.

    \b
    muniment who-can s3:GetObject "arn:aws:s3:::payroll/*" --transitive
    muniment who-can "secretsmanager:Get*"
    """
    words = {"action": action, "resource": resource, "transitive": transitive}
    respond(context, "who-can", words, output, explain=explain)


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
    """Show what was read, when, how completely, and which calls were refused; as a table, the schedules first, and
    webhooks whose receivers are gone.
    """
    from . import schedule, webhook

    if output is Format.TABLE:
        given = invocation(context)
        for line in (*schedule.summary(given), *webhook.summary(given)):
            typer.echo(printable(line))
    respond(context, "status", {}, output)


def condition_keys(texts: Sequence[str]) -> dict[str, str | list[str]]:
    """``KEY=VALUE`` texts as a request's context; a key given again has several values. UsageError without ``=``."""
    from ..errors import UsageError

    values: dict[str, list[str]] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"{text!r} is not KEY=VALUE", "Write --context aws:MultiFactorAuthPresent=true.")
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def respond(
    context: typer.Context,
    question: str,
    given: Mapping[str, Any],
    output: Format,
    *,
    explain: bool = False,
) -> None:
    """Answer a question, print the answer, and end the command with its exit code."""
    from ..run.answering import answer

    asked = invocation(context)
    with asked.connect() as database:
        found = answer(database, asked.settings, question, given, explain=explain)
    emit(found, output)
