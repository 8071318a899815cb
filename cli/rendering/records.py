"""Rows that a table has no room for, one below the other: what each is about, and below it the rest by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from .layout import wrapped
from .text import printable

_INDENT = "  "
_BETWEEN = "   "


def record(columns: Sequence[str], row: Sequence[str], width: int) -> Iterator[str]:
    """The lines of a row, none wider than the width: its first cell, then ``name: cell`` of those with content.

    Short ones share a line; a cell of several lines has lines of its own.
    """
    yield from wrapped(printable(row[0], keep="\n"), width).split("\n")
    line = ""
    for name, cell in zip(columns[1:], row[1:], strict=True):
        if not cell:
            continue
        said = f"{name.replace('_', ' ')}: {printable(cell, keep=chr(10))}"
        together = f"{line}{_BETWEEN}{said}" if line else f"{_INDENT}{said}"
        if "\n" not in said and cell_len(together) <= width:
            line = together
            continue
        if line:
            yield line
        line = ""
        if "\n" not in said and cell_len(_INDENT + said) <= width:
            line = _INDENT + said
        else:
            yield from _hanging(said, width)
    if line:
        yield line


def _hanging(text: str, width: int) -> Iterator[str]:
    """The lines of a text, all but the first further in."""
    lines = wrapped(text, width - 2 * len(_INDENT)).split("\n")
    for number, line in enumerate(lines):
        yield _INDENT * (2 if number else 1) + line
