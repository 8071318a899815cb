"""Answers on a terminal: what was understood, a table that fits its width, and what is missing."""

from __future__ import annotations

import os
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...queries.answer import Answer
from .text import printable
from .views import View, view

PIPED_WIDTH = 160
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
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    return Console(stderr=error, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def show(answer: Answer) -> None:
    """Print an answer to standard output: sentences where it is explained, else a table."""
    out = console()
    shown = view(answer)
    if answer.interpretation:
        out.print(Text(printable(answer.interpretation), style="dim"))
    if shown.headline:
        out.print(Text(printable(shown.headline), style="bold"))
    if answer.explanation:
        out.print()
        for line in answer.explanation:
            _print_indented(out, printable(line))
    elif shown.rows:
        out.print(_table(shown))
    elif not shown.headline:
        out.print(shown.empty)
    _print_footer(out, answer)


def _table(shown: View) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for name in shown.columns:
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=name in ("decision", "status", "age", "hop"))
    for row in shown.rows:
        table.add_row(*(Text(printable(cell, keep="\n"), style=_STYLES.get(cell, "")) for cell in row))
    return table


def _print_indented(out: Console, line: str) -> None:
    text = line.lstrip()
    indent = len(line) - len(text)
    hanging = indent + 2 if indent else 0
    for number, part in enumerate(Text(text).wrap(out, max(20, out.width - hanging))):
        out.print(Text(" " * (hanging if number else indent)) + part)


def _print_footer(out: Console, answer: Answer) -> None:
    knowledge = answer.knowledge
    count = f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}"
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
