"""Statements from lines: Cypher ends with ``;``, a command of the shell is one line that begins with ``:``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_OPAQUE = re.compile(
    r"'(?:\\.|[^'\\])*(?:'|\Z)|\"(?:\\.|[^\"\\])*(?:\"|\Z)|`[^`]*(?:`|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL
)
"""Texts, quoted names and comments; one that does not end goes on to the end."""
_WRITES = re.compile(
    r"(?<![\w.:$])(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|FOREACH|INSERT|LOAD)\b(?!\s*[:=,)])", re.IGNORECASE
)
_ADMINISTERS = re.compile(
    r"\s*(ALTER|GRANT|DENY|REVOKE|START|STOP|TERMINATE|ENABLE|RENAME|REALLOCATE|DEALLOCATE|DRYRUN)\b", re.IGNORECASE
)


def bare(text: str) -> str:
    """The text with strings, quoted names and comments blanked, at the same length."""
    return _OPAQUE.sub(lambda found: " " * len(found[0]), text)


def is_whole(text: str) -> bool:
    """Whether what was typed so far can be done: nothing, a command, or statements that end."""
    stripped = text.strip()
    return not stripped or stripped.startswith(":") or bare(text).rstrip().endswith(";")


def split(text: str) -> list[str]:
    """The statements of a text, without their ``;``; what does not end is one, too."""
    ends = [found.start() for found in re.finditer(";", bare(text))]
    parts = [text[start:end] for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(text)], strict=True)]
    return [part.strip() for part in parts if bare(part).strip()]


def entries(lines: Iterable[str]) -> Iterator[str]:
    """Whole statements and commands from lines, as from a file; the last may lack its ``;``."""
    held = ""
    for line in lines:
        if not held.strip() and line.lstrip().startswith(":"):
            yield line.strip()
            continue
        held += line if line.endswith("\n") else f"{line}\n"
        if is_whole(held):
            yield from split(held)
            held = ""
    yield from split(held)


def writing(statement: str) -> str:
    """The word by which a statement would write or administer; empty where it only reads.

    A courtesy with a clear message: what it misses, the database refuses.
    """
    found = _WRITES.search(bare(statement)) or _ADMINISTERS.match(bare(statement))
    return found[1].upper() if found else ""
