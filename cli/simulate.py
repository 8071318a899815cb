"""`muniment simulate`: requests with all their policies as lines of JSON, a decision a line; no graph is needed.

Lines are decided as they come and answered before more are waited for, so that it can stand in a pipe, and as many as
there are: no more than one batch of them is held at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..errors import MunimentError, UsageError
from .answering import LONGEST, Answering
from .garbage import RARE, little_garbage
from .questions import PANEL
from .rendering.text import printable

CHUNK: Final = 1 << 16
"""Bytes that are read at a time: as many as a pipe holds."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=PANEL)(simulate)


def simulate(
    file: Annotated[
        Path | None, typer.Argument(help="Requests, one JSON object a line; standard input without it, or for -.")
    ] = None,
) -> None:
    """Decide requests that bring all their policies along, one JSON object a line; needs no graph.

    Prints a decision for each line, in their order. A line that is no request is answered with what is wrong with it,
    does not stop the others, and makes the exit code 1.

    \b
    muniment simulate requests.jsonl
    muniment simulate < requests.jsonl | jq -c 'select(.decision != "allow")'
    """
    answering = Answering()
    with _opened(file) as stream, little_garbage(RARE):
        try:
            for batch in batches(stream):
                sys.stdout.buffer.write(b"".join(answering.answers(batch)))
                sys.stdout.buffer.flush()
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    for name, line in answering.strange.items():
        typer.echo(f"warning: {printable(name[:80])} is no field of a request; line {line:,} has it first", err=True)
    if answering.failed:
        raise MunimentError(
            f"{answering.failed:,} of {answering.lines:,} lines could not be decided",
            "The answer of each says what is wrong with it.",
        )


@contextmanager
def _opened(file: Path | None) -> Iterator[BufferedReader]:
    with _source(file) as source:
        reader = BufferedReader(source, CHUNK)
        try:
            yield reader
        finally:
            reader.detach()  # Else standard input would be closed with it.


def _source(file: Path | None) -> AbstractContextManager[Any]:
    if file is None or str(file) == "-":
        given = getattr(sys.stdin, "buffer", None)  # There is none where it was closed, as by ``<&-``.
        if given is None:
            raise UsageError("there is no standard input", "Give a file of JSON Lines.")
        return nullcontext(getattr(given, "raw", given))
    try:
        return file.open("rb", buffering=0)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", "Give a file of JSON Lines.") from None


def batches(reader: BufferedReader) -> Iterator[list[bytes]]:
    """The lines that have come by now, with their line feeds, again and again until the end; waits for no other as long
    as it has any.

    Of a line longer than ``LONGEST`` comes only the beginning, one byte more than that, which tells it.
    """
    while come := reader.peek():
        last = come.rfind(b"\n")  # Lines are read until they are longer than that: the last of those that have come.
        yield reader.readlines(last) if last > 0 else [_begun(reader)]


def _begun(reader: BufferedReader) -> bytes:
    """The line that has only begun to come."""
    line = rest = reader.readline(LONGEST + 1)
    while rest and not rest.endswith(b"\n"):
        rest = reader.readline(CHUNK)
    return line
