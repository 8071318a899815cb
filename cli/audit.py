"""`muniment audit`: the log of who asked the API what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .invocation import invocation


def register(app: typer.Typer) -> None:
    """Add ``muniment audit``."""
    audit = typer.Typer(no_args_is_help=True)
    audit.callback(short_help="Check the log of who asked the API what.")(_audit)
    audit.command()(verify)
    app.add_typer(audit, name="audit")


def _audit() -> None:
    """Check the log of who asked the API what."""


def verify(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of the log, the oldest first; the one in use if none.", metavar="[FILE]…"),
    ] = None,
    after: Annotated[
        str | None, typer.Option(help="The last hash of what went before the first file.", metavar="HASH")
    ] = None,
    expect: Annotated[
        str | None, typer.Option(help="The last hash as it was noted elsewhere; it must be there.", metavar="HASH")
    ] = None,
) -> None:
    """Check that no line of the audit log was changed, removed or put in.

    Lines that are missing at the end are noticed by a last hash that was noted elsewhere: --expect.
    """
    from ..api.security.audit import BEGINNING
    from ..api.security.audit import verify as check
    from ..api.security.options import Options
    from ..errors import AuditBroken

    found = check(files or [Options.of(invocation(context).settings).audit], after or BEGINNING, expect)
    if expect and not found.expected:
        raise AuditBroken(f"no line has the hash {expect}", "Lines at the end are missing, or all was written anew.")
    if not found.lines:
        typer.echo("no line yet")
        return
    lines = f"{found.lines} line{'' if found.lines == 1 else 's'}"
    typer.echo(f"{lines} from {found.first} to {found.last}, unbroken; last hash {found.hash}")
