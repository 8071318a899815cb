"""``muniment shell``: a prompt for Cypher that only reads, and for the saved questions."""

from __future__ import annotations

import sys

import typer

from .invocation import invocation
from .questions import PANEL, FormatOption
from .rendering.output import Format


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=PANEL)(shell)


def shell(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """Ask in Cypher, at a prompt or from standard input. Only reads; a statement ends with ;

    \b
    muniment shell
    echo "MATCH (a:Account) RETURN a.name AS name;" | muniment shell --format csv

    Statements that go wrong do not end it; the exit code is that of the first that did.
    """
    from .prompt.commands import INTERRUPTED, Quit, Session
    from .prompt.reading import read

    asked = invocation(context)
    session = Session(asked.settings, asked.connect, output)
    if sys.stdin.isatty():
        typer.echo("Cypher that only reads, ending with ;  :help says what else.")
    try:
        for entry in read(session):
            session.do(entry)
            if session.code == INTERRUPTED and not sys.stdin.isatty():
                break
    except Quit:
        pass
    finally:
        session.close()
    raise typer.Exit(0 if sys.stdin.isatty() else session.code)
