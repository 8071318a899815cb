"""Checks a saved query before it can ever run: it only reads, and names nothing that is not declared.

Not a parser: a query that is merely unusual may be refused, one that writes is not let through. The database's
read-only user is the second line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..schema import SCHEMA

_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_CALLS = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|FOREACH|LOAD|CALL|YIELD|ALTER|GRANT|REVOKE|USE|INSERT|SHORTEST|shortestPath"
    r"|allShortestPaths|PROPERTIES\s*(?=\()|EXISTS|COUNT\s*(?=\{)|COLLECT\s*(?=\{))\b",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(r"\$(\w+)")
_LABELS = re.compile(r"(?<=[\w(\[|&!:]):(?=\S)([^\s(){}\[\]<>*,.=-]+)|(?<=\()\s*:([^\s(){}\[\]<>*,.=-]+)")
_SPACED_LABELS = re.compile(r"[(\[]\s*\w*\s+:|[(\[]\s*\w*:\s")
_PROPERTIES = re.compile(r"\b[A-Za-z_]\w*\.(\w+)")
_PROJECTED = re.compile(r"[{,]\s*\.([A-Za-z_]\w*|\*)")
_COLUMNS = re.compile(r"\bAS\s+(\w+)", re.IGNORECASE)
_RETURN = re.compile(r"\bRETURN\b", re.IGNORECASE)
_TAIL = re.compile(r"\b(ORDER\s+BY|SKIP|LIMIT)\b", re.IGNORECASE)
_UNBOUNDED = re.compile(r"\[[^\]]*\*(?!\s*\d*\s*\.\.\s*\d)[^\]]*\]")

_BY_NAME = re.compile(r"(?<![\w.])([\w.]+|\))\s*\[\s*(?![\s\d.-]*[\d.]|\])")
_LEADING = """
IN RETURN WITH AS THEN ELSE UNWIND WHEN WHERE AND OR XOR NOT CASE DISTINCT BY CONTAINS
"""
_BEFORE_LISTS = frozenset(_LEADING.split())
"""Words before a list; before any other brackets stands what is looked into, and only numbers may stand in them."""
_FIELDS = frozenset(
    {"id"}
    | {field.name for kind in SCHEMA.public.values() for field in kind.fields}
    | {field.name for relationship in SCHEMA.relationships.values() for field in relationship.fields}
)


class Invalid(ValueError):
    """What is wrong with the file of a question, and in which of its lines: ``FILE:LINE: message``."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"{name}:{line}: {message}")
        self.name = name
        self.line = line
        self.message = message


def check(name: str, cypher: str, parameters: Collection[str], columns: Sequence[str], first_line: int = 1) -> None:
    """Refuse, with Invalid, a query that does what a saved query must not.

    It must not write or call procedures, nor use what one of the engines lacks or gets wrong; it must use exactly the
    declared parameters, return exactly the declared columns in their order, and name declared kinds, relationships and
    fields only. The query begins in ``first_line`` of its file.
    """
    bare = _STRINGS.sub(_blank, cypher)

    def wrong(at: int, message: str) -> Invalid:
        return Invalid(name, first_line + bare.count("\n", 0, at), message)

    if found := re.search("[`;]", bare):
        raise wrong(found.start(), "quoted names and several statements are not allowed")
    if found := _CALLS.search(bare):
        raise wrong(found.start(), f"{found[0].upper()} is not allowed in a saved query")
    if found := _UNBOUNDED.search(bare):
        raise wrong(found.start(), "a path of variable length needs an upper bound")
    for found in _PARAMETERS.finditer(bare):
        if found[1] not in parameters:
            raise wrong(found.start(), f"undeclared parameters: {found[1]}")
    if unused := set(parameters) - set(_PARAMETERS.findall(bare)):
        raise wrong(0, f"parameters that the query does not use: {', '.join(sorted(unused))}")
    for at, message in _strange_names(bare):
        raise wrong(at, message)
    returns = list(_RETURN.finditer(bare))
    start = returns[-1].end() if returns else 0
    returned = _COLUMNS.findall(_TAIL.split(bare[start:])[0])
    if returned != list(columns):
        raise wrong(start, f"returns {returned}, but declares {list(columns)}")


def _blank(found: re.Match[str]) -> str:
    """Spaces in place of a text or a comment, its lines kept."""
    return "".join("\n" if character == "\n" else " " for character in found[0])


def _strange_names(bare: str) -> list[tuple[int, str]]:
    """Where labels are written in another way than ours, or are not declared; fields too."""
    spaced = [(found.start(), "write labels without spaces: (n:Label)") for found in _SPACED_LABELS.finditer(bare)]
    labels = [
        (found.start(), f"{label} is neither a kind nor a relationship")
        for found in _LABELS.finditer(bare)
        for label in re.split(r"[|&!:]", found[1] or found[2])
        if label and not (label in SCHEMA.public or label in SCHEMA.relationships)
    ]
    fields = [
        (found.start(), f"no kind or relationship has a field {found[1]}")
        for found in (*_PROPERTIES.finditer(bare), *_PROJECTED.finditer(bare))
        if found[1] not in _FIELDS
    ]
    dynamic = [
        (found.start(), "a field is named by a dot, not in brackets")
        for found in _BY_NAME.finditer(bare)
        if found[1].upper() not in _BEFORE_LISTS
    ]
    return [*spaced, *labels, *fields, *dynamic]
