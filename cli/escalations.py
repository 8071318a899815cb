"""The command that lists privilege escalations."""

from __future__ import annotations

from typing import Annotated

import typer

from .questions import PANEL, ExplainOption, FormatOption, respond
from .rendering.output import Format


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=PANEL)(escalations)


def escalations(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", help="Only those of this principal: ARN, name or ACCOUNT/NAME.")] = "",
    to: Annotated[str, typer.Option("--to", help='Only those to these: "admin", a role, or words for several.')] = "",
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """List who can escalate to whom, by which technique.

    \b
    muniment escalations --to admin
    muniment escalations --from payments-dev/ci --explain
    muniment escalations --to "prod admin"
    """
    respond(context, "escalations", {"from": start, "to": to}, output, explain=explain)
