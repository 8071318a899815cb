"""`muniment simulate`: requests with all their policies as lines of JSON, a decision a line; no graph is needed.

Lines are decided as they come and answered before more are waited for, so that it can stand in a pipe, and as many as
there are: no more than one batch of them is held at a time.
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from ..errors import MunimentError, UsageError
from .garbage import RARE, little_garbage
from .layouts import Layouts, loses_nothing
from .questions import PANEL

LONGEST: Final = 10_000_000
"""Bytes of the longest line that is read, its line feed included: all policies that can apply to one request are less
than a tenth of it."""

CHUNK: Final = 1 << 16
"""Bytes that are read at a time: as many as a pipe holds."""

Decide = Callable[[Mapping[str, object]], dict[str, object]]

_HINT = "Give a request as one JSON object a line; docs/permissions.md shows one."


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
    from ..analysis.iam.simulate import POLICY_FIELDS, understood
    from ..analysis.iam.simulate import simulate as decide

    failed = lines = 0
    layouts = Layouts(POLICY_FIELDS, understood)
    with _opened(file) as stream, little_garbage(RARE):
        try:
            for batch in batches(stream):
                answers: list[bytes] = []
                for line in batch:
                    lines += 1
                    answer, ok = answered(line, lines, decide, layouts)
                    failed += not ok
                    answers.append(answer)
                sys.stdout.buffer.write(b"".join(answers))
                sys.stdout.buffer.flush()
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    if failed:
        raise MunimentError(
            f"{failed:,} of {lines:,} lines could not be decided", "The answer of each says what is wrong with it."
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
        given = sys.stdin.buffer
        return nullcontext(getattr(given, "raw", given))
    try:
        return file.open("rb", buffering=0)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", "Give a file of JSON Lines.") from None


def batches(reader: BufferedReader) -> Iterator[Iterable[bytes]]:
    """The lines that have come by now, with their line feeds, again and again until the end; waits for no other as long
    as it has any. Each batch must be gone through before the next is asked for.

    A line at a time, as it is needed, stays in the processor's caches. Of a line longer than ``LONGEST`` comes only the
    beginning, one byte more than that, which tells it.
    """
    while come := reader.peek():
        whole = come.count(b"\n")
        yield islice(reader, whole) if whole else [_begun(reader)]


def _begun(reader: BufferedReader) -> bytes:
    """The line that has only begun to come."""
    line = rest = reader.readline(LONGEST + 1)
    while rest and not rest.endswith(b"\n"):
        rest = reader.readline(CHUNK)
    return line


def answered(line: bytes, number: int, decide: Decide, layouts: Layouts | None = None) -> tuple[bytes, bool]:
    """The answer to one line, ended with a line feed, and whether it is a decision; nothing to a blank line."""
    if number == 1:
        line = line.removeprefix(codecs.BOM_UTF8)
    if not line or line.isspace():
        return b"", True
    known = layouts.read(line) if layouts and len(line) <= LONGEST else None
    given: dict[str, object] = known or {}
    try:
        if known is not None:
            return encoded(decide(known)), True
        line = line.removesuffix(b"\n")
        given = decoded(line)
        careful = with_care(given, line)
        if layouts:
            layouts.learn(careful)
        return encoded(decide(careful)), True
    except MunimentError as error:
        answer = {
            "id": given.get("id") if given else _id_of(line),
            "error": f"line {number}: {error.message}",
            "hint": error.hint,
        }
        return encoded(answer), False


def decoded(line: bytes) -> dict[str, object]:
    """The object that a line holds; UsageError where it holds none."""
    if len(line) > LONGEST:
        raise UsageError(f"longer than {LONGEST:,} bytes", _HINT)
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"not JSON at column {error.colno}: {error.msg}", _HINT) from None
    if not isinstance(given, dict):
        raise UsageError("not a JSON object", _HINT)
    return given


def _id_of(line: bytes) -> object:
    """The id of a line that is not JSON but nearly is: a text of it breaks UTF-8, a number is none; else None."""
    try:
        id_ = json.loads(line[:LONGEST].decode(errors="surrogateescape"))["id"]
        orjson.dumps(id_)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return id_


def with_care(given: dict[str, object], line: bytes) -> dict[str, object]:
    """The object again where orjson may have lost some of it. UsageError where a name is given twice in an object."""
    try:
        again = orjson.dumps(given)
    except TypeError:
        raise UsageError("nested too deeply", _HINT) from None
    if loses_nothing(line, again):
        return given
    careful: dict[str, object] = json.loads(line, object_pairs_hook=_distinct)
    return careful


def _distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(members)
    if len(made) != len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"an object has {twice[:80]!r} twice", "A policy cannot have a key twice either.")
    return made


def encoded(answer: dict[str, object]) -> bytes:
    """One line of JSON; integers of any length, which an ``id`` may be, as they are."""
    try:
        return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
