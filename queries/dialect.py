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
    r"|allShortestPaths|EXISTS|COUNT\s*(?=\{)|COLLECT\s*(?=\{))\b",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(r"\$(\w+)")
_LABELS = re.compile(r"(?<=[\w(\[|&!:]):(?=\S)([^\s(){}\[\]<>*,.=-]+)|(?<=\()\s*:([^\s(){}\[\]<>*,.=-]+)")
_SPACED_LABELS = re.compile(r"[(\[]\s*\w*\s+:|[(\[]\s*\w*:\s")
_PROPERTIES = re.compile(r"\b[A-Za-z_]\w*\.(\w+)")
_COLUMNS = re.compile(r"\bAS\s+(\w+)", re.IGNORECASE)
_RETURN = re.compile(r"\bRETURN\b", re.IGNORECASE)
_TAIL = re.compile(r"\b(ORDER\s+BY|SKIP|LIMIT)\b", re.IGNORECASE)
_UNBOUNDED = re.compile(r"\[[^\]]*\*(?!\s*\d*\s*\.\.\s*\d)[^\]]*\]")

_FIELDS = frozenset(
    {"id"}
    | {field.name for kind in SCHEMA.kinds.values() for field in kind.fields}
    | {field.name for relationship in SCHEMA.relationships.values() for field in relationship.fields}
)


def check(name: str, cypher: str, parameters: Collection[str], columns: Sequence[str]) -> None:
    """Refuse, with ValueError, a query that does what a saved query must not.

    It must not write or call procedures, nor use what one of the engines lacks or gets wrong; it must use exactly the
    declared parameters, return exactly the declared columns in their order, and name declared kinds, relationships and
    fields only.
    """
    bare = _STRINGS.sub(" '' ", cypher)
    if "`" in bare or ";" in bare:
        raise ValueError(f"{name}: quoted names and several statements are not allowed")
    if found := _CALLS.search(bare):
        raise ValueError(f"{name}: {found[0].upper()} is not allowed in a saved query")
    if _UNBOUNDED.search(bare):
        raise ValueError(f"{name}: a path of variable length needs an upper bound")
    _check_parameters(name, set(_PARAMETERS.findall(bare)), set(parameters))
    _check_names(name, bare)
    returned = _TAIL.split(_RETURN.split(bare)[-1])[0]
    if _COLUMNS.findall(returned) != list(columns):
        raise ValueError(f"{name}: returns {_COLUMNS.findall(returned)}, but declares {list(columns)}")


def _check_parameters(name: str, used: set[str], declared: set[str]) -> None:
    if undeclared := used - declared:
        raise ValueError(f"{name}: undeclared parameters: {', '.join(sorted(undeclared))}")
    if unused := declared - used:
        raise ValueError(f"{name}: parameters that the query does not use: {', '.join(sorted(unused))}")


def _check_names(name: str, bare: str) -> None:
    if _SPACED_LABELS.search(bare):
        raise ValueError(f"{name}: write labels without spaces: (n:Label)")
    for pair in _LABELS.findall(bare):
        for label in re.split(r"[|&!:]", pair[0] or pair[1]):
            if label and label not in SCHEMA.kinds and label not in SCHEMA.relationships:
                raise ValueError(f"{name}: {label} is neither a kind nor a relationship")
    for field in _PROPERTIES.findall(bare):
        if field not in _FIELDS:
            raise ValueError(f"{name}: no kind or relationship has a field {field}")
