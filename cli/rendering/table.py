"""Answers on a terminal: what was understood, a table that fits its width, and what is missing."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...queries.answer import Answer
from .layout import widths, wrapped
from .records import record
from .text import printable
from .view import View, grouped, without
from .views import view

PIPED_WIDTH = 160
MOST_ROWS = 500
"""Nobody reads more on a terminal; the other formats have them all."""
_READABLE = 24
"""A column in which texts break is at least so wide, if leaving others out can make it so."""
_CRAMPED = 16
"""Where texts would have to break in a narrower column than this, there is no table, but one row below the other."""
_UNBOUNDED = 10_000
_SHOWN_MISSING = 5
_STYLES = {
    "allow": "green",
    "conditional": "yellow",
    "unknown": "magenta",
    "deny": "red",
    "complete": "green",
    "partial": "yellow",
    "denied": "red",
    "failed": "red",
    "never read": "red",
}


def console(*, error: bool = False) -> Console:
    """A console that neither interprets nor colours what it is given, as wide as the terminal."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else _width_around()
    return Console(stderr=error, width=width, highlight=False, markup=False, emoji=False)


def _width_around() -> int:
    """The width of the terminal that a pipe most likely ends at, such as that of ``| less``."""
    for stream in (sys.stderr, sys.stdin):
        try:
            return os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError, AttributeError):
            continue
    return PIPED_WIDTH


def show(answer: Answer) -> None:
    """Print an answer to standard output: sentences where it is explained, else a table."""
    out = console()
    shown = view(answer)
    if answer.interpretation:
        _print_interpretation(out, printable(answer.interpretation))
    if shown.headline:
        _print_indented(out, printable(shown.headline), style="bold")
    for block in shown.blocks:
        out.print()
        out.print(Text(printable(block, keep="\n")), soft_wrap=True)
    for note in ("", *shown.notes) if shown.notes else ():
        _print_indented(out, printable(note))
    if answer.explanation:
        out.print()
        for line in answer.explanation:
            _print_indented(out, printable(line))
        out.print()
    elif shown.rows:
        _print_tables(out, shown)
        out.print()
    elif shown.blocks:
        out.print()
    elif shown.empty and not shown.headline:
        out.print(shown.empty)
    if shown.more and not answer.explanation:
        out.print(shown.more)
        out.print()
    _print_footer(out, answer)


def show_rows(answer: Answer, footer: str) -> None:
    """Print rows that no scopes stand behind, and a line below them."""
    out = console()
    shown = view(answer)
    if shown.rows:
        _print_tables(out, shown)
        out.print()
    if footer:
        out.print(Text(footer, style="dim"))


def _print_tables(out: Console, shown: View) -> None:
    """One table, or one under each heading, all with the same columns; where there is no room for it, records."""
    rest = len(shown.rows) - MOST_ROWS
    shown = replace(shown, rows=shown.rows[:MOST_ROWS], sections=shown.sections[:MOST_ROWS])
    room = out.width - (2 if shown.sections else 0)
    left_out = []
    while (yielding := [name for name in shown.yielding if name in shown.columns]) and _narrow(shown, room, _READABLE):
        left_out.append(yielding[0])
        shown = without(shown, yielding[0])
    if _narrow(shown, room, _READABLE) and not shown.sections:
        shown = grouped(shown)
    indent = 2 if shown.sections else 0
    room = out.width - indent
    cramped = _narrow(shown, room, _CRAMPED)
    fitted = _fitted(shown, room)
    sections = shown.sections or [""] * len(shown.rows)
    header = True
    for heading, group in groupby(zip(sections, shown.rows, strict=True), key=itemgetter(0)):
        out.print()
        if heading:
            out.print(Text(printable(heading), style="bold"))
        rows = [row for _, row in group]
        if cramped:
            _print_records(out, shown.columns, rows, indent)
            continue
        table = _table(shown.columns, rows, fitted, header=header)
        out.print(Padding(table, (0, 0, 0, indent), expand=False))
        header = False
    if left_out:
        names = ", ".join(name.replace("_", " ") for name in left_out)
        out.print()
        _print_indented(out, f"No room here for {names}: see a wider terminal, or `--format json`.", style="dim")
    if rest > 0:
        out.print(f"\n… and {rest:,} more rows; `--format csv` or `json` has them all.")


def _fitted(shown: View, width: int) -> list[int]:
    return widths(shown.columns, shown.rows, shown.rigid, width - 3 * (len(shown.columns) - 1))


def _narrow(shown: View, room: int, least: int) -> bool:
    """Whether texts would have to break in columns too narrow to read, or there is no room even so."""
    fitted, wanted = _fitted(shown, room), _fitted(shown, _UNBOUNDED)
    tight = any(width < wish and width < least for width, wish in zip(fitted, wanted, strict=True))
    return tight or sum(fitted) + 3 * (len(fitted) - 1) > room


def _print_records(out: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], indent: int) -> None:
    for row in rows:
        for number, line in enumerate(record(columns, row, out.width - indent)):
            out.print(Text(" " * indent + line, style="" if number or indent else "bold"))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], fitted: Sequence[int], *, header: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, show_header=header)
    for name, width in zip(columns, fitted, strict=True):
        table.add_column(name.replace("_", " "), width=width, overflow="fold")
    for row in rows:
        cells = (wrapped(printable(cell, keep="\n"), width) for cell, width in zip(row, fitted, strict=True))
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in cells))
    return table


def _print_interpretation(out: Console, text: str) -> None:
    """What was understood, its parts one below the other where they do not fit on one line."""
    if len(text) <= out.width:
        out.print(Text(text, style="dim"))
        return
    for statement in re.split(r"; (?=(?:(?!; ).)* (?:=|means) )", text):
        head, colon, listed = statement.partition(": ")
        if cell_len(head) > out.width or not colon:
            _print_indented(out, statement, style="dim")
            continue
        out.print(Text(head + colon.rstrip(), style="dim"))
        for part in listed.split("; "):
            _print_indented(out, f"  {part}", style="dim")


def show_text(lines: Iterable[str]) -> None:
    """Print lines of prose to standard output, broken to its width, further lines of each further in."""
    out = console()
    for line in lines:
        _print_indented(out, printable(line))


def _print_indented(out: Console, line: str, style: str = "") -> None:
    text = line.lstrip()
    indent = len(line) - len(text)
    hanging = indent + 2 if indent else 0
    for number, part in enumerate(wrapped(text, max(20, out.width - hanging)).split("\n")):
        out.print(Text(" " * (hanging if number else indent) + part, style=style))


def _print_footer(out: Console, answer: Answer) -> None:
    knowledge = answer.knowledge
    count = f"{len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'}"
    as_of = f", as of {knowledge.as_of}" if knowledge.as_of else ""
    if knowledge.complete:
        out.print(Text(f"{count}{as_of}; everything that this rests on was read completely.", style="dim"))
        return
    missing = knowledge.missing
    out.print(Text(f"{count}{as_of}. Incomplete, the truth may be more than this:", style="bold yellow"))
    for item in missing[:_SHOWN_MISSING]:
        _print_indented(out, f"  {printable(item.scope)}: {printable(item.reason)}")
    if len(missing) > _SHOWN_MISSING:
        out.print(f"  … and {len(missing) - _SHOWN_MISSING} more; `muniment status` shows all.")
