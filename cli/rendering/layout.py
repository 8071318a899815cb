"""How wide each column of a table is, and where its texts break."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells

_BREAKS = (
    re.compile(r"[^/:#]*[/:#]+|[^/:#]+"),
    re.compile(r"[^-_.,]*[-_.,]+|[^-_.,]+"),
    re.compile(r"[A-Z]*[^A-Z]+|[A-Z]+"),
)
"""Where a word that is too long may be broken: behind these, each kind before the next; last, before a capital."""
NARROWEST = 8


def widths(columns: Sequence[str], rows: Iterable[Sequence[str]], rigid: Collection[str], available: int) -> list[int]:
    """A width for each column, together at most ``available`` where they can be broken at all.

    The widest columns give way first; ``rigid`` ones never do, and none breaks a word of its heading.
    """
    wanted = [cell_len(name) for name in columns]
    least = [max((cell_len(word) for word in re.split(r"[ _]", name)), default=0) for name in columns]
    for row in rows:
        for i, cell in enumerate(row):
            wanted[i] = max(wanted[i], *(cell_len(line) for line in cell.split("\n")))
    limit = max(wanted, default=0)

    def within(limit: int) -> list[int]:
        return [
            width if name in rigid else min(width, max(limit, floor))
            for name, width, floor in zip(columns, wanted, least, strict=True)
        ]

    while limit > NARROWEST and sum(within(limit)) > available:
        limit -= 1
    return within(limit)


def wrapped(text: str, width: int) -> str:
    """The text with its lines broken to the width: between words, else behind punctuation, else anywhere."""
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width))


def _lines(text: str, width: int) -> list[str]:
    lines = [""]
    for word in re.findall(r"\s+|\S+", text):
        if cell_len(lines[-1] + word) <= width:
            lines[-1] += word
        elif word.isspace():
            lines.append("")
        elif cell_len(word) <= width:
            lines = [*lines[:-1], lines[-1].rstrip(), word] if lines[-1].strip() else [*lines[:-1], word]
        else:
            for piece in _pieces(word, width):
                if cell_len(lines[-1] + piece) <= width:
                    lines[-1] += piece
                else:
                    lines.append(piece)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _pieces(word: str, width: int, level: int = 0) -> Iterator[str]:
    """The word in pieces that fit."""
    if cell_len(word) <= width:
        yield word
    elif level < len(_BREAKS):
        for chunk in _BREAKS[level].findall(word):
            yield from _pieces(chunk, width, level + 1)
    else:
        yield from chop_cells(word, width)
