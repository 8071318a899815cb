"""The command that shows the history of ingestion."""

from __future__ import annotations

from typing import Annotated

import typer

from .questions import FormatOption, respond
from .rendering.output import Format


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(runs)


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 20,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show the latest runs of ingestion: who asked for them, how they ended, what they cost and changed."""
    respond(context, "runs", {"limit": str(limit)}, output)
