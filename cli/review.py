"""``muniment review``: lists to be signed off."""

from __future__ import annotations

from typing import Annotated

import typer

from .questions import PANEL, FormatOption, respond
from .rendering.output import Format


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(help="Make lists to be signed off line by line.", no_args_is_help=True)
    review.command()(access)
    review.callback()(_review)
    app.add_typer(review, name="review", rich_help_panel=PANEL)


def _review() -> None:
    """Make lists to be signed off line by line."""


def access(
    context: typer.Context,
    account: Annotated[str, typer.Option(help="Only these accounts: name, id or environment.")] = "",
    role: Annotated[str, typer.Option(help="Only this role or permission set: ARN, name or ACCOUNT/NAME.")] = "",
    owner: Annotated[str, typer.Option(help="Only what this owner answers for; unknown for what nobody does.")] = "",
    output: FormatOption = Format.TABLE,
) -> None:
    """List who has access to what, one line each, with room for a reviewer's verdict and signature.

    \b
    muniment review access --account prod --format csv > review.csv
    muniment review access --role payments-prod/Admin --format md
    muniment review access --owner unknown
    """
    respond(context, "review-access", {"accounts": account, "role": role, "owner": owner}, output)
