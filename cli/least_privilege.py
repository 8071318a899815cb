"""``muniment least-privilege``: what a principal has and does not use, and a narrower policy for it."""

from __future__ import annotations

from typing import Annotated

import typer

from .questions import PANEL, ExplainOption, FormatOption, respond
from .rendering.output import Format


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("least-privilege", rich_help_panel=PANEL)(least_privilege)


def least_privilege(
    context: typer.Context,
    principal: Annotated[str, typer.Argument(help="A user, role, group or permission set: ARN, name or ACCOUNT/NAME.")],
    propose: Annotated[bool, typer.Option("--propose", help="Write a narrower policy from what was used.")] = False,
    days: Annotated[
        int | None,
        typer.Option(
            help="Unused for so long counts as unused; 90 otherwise, and with --propose the 400 that AWS tracks.",
            min=0,
        ),
    ] = None,
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """Compare what a principal is granted with what it used, and propose a narrower policy.

    \b
    muniment least-privilege payments-prod/Deployer
    muniment least-privilege payments-prod/Deployer --propose --format json
    muniment least-privilege alice --days 30 --explain

    What was used comes from service last accessed, which takes a job for every user and role and so is read only on
    request: `muniment ingest aws --also last-accessed`. Without it, use is not known, and the exit code is 3.
    """
    question = "narrower-policy" if propose else "least-privilege"
    respond(context, question, {"principal": principal, "days": days}, output, explain=explain)
