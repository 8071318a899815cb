"""One door for all formats."""

from __future__ import annotations

import sys
from enum import StrEnum

import typer

from ...queries.answer import Answer


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def emit(answer: Answer, format_: Format) -> None:
    """Print the answer and end the command with its exit code: 0, or 3 where it is incomplete.

    CSV has no place for what is missing: it goes to standard error.
    """
    if format_ is Format.TABLE:
        from .table import show

        show(answer)
    else:
        from ...queries.csv_text import as_csv
        from . import formats

        text = {Format.JSON: formats.as_json, Format.CSV: as_csv, Format.MD: formats.as_markdown}[format_](answer)
        write(text)
        if format_ is Format.CSV:
            for missing in answer.knowledge.missing:
                typer.echo(f"incomplete: {missing.scope}: {missing.reason}", err=True)
    raise typer.Exit(answer.exit_code)


def write(text: str) -> None:
    """Print a text as UTF-8, whatever the terminal's own encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.write(b"" if text.endswith("\n") else b"\n")
    sys.stdout.buffer.flush()
