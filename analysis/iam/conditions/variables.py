"""Policy variables: ``${aws:username}``, ``${aws:PrincipalTag/team, 'none'}``, and ``${*}`` for a plain star.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .context import UNKNOWN, Context
from .patterns import ESCAPED

VARIABLE = re.compile(r"\$\{\s*+((?:[^{},\s]++|\s++(?![},]))*+)\s*+(?:,\s*+'([^']*+)'\s*+)?\}")
"""The key of a variable, without the spaces around it, and its default value. Each part takes all it can, for good: a
text of nothing but spaces, or of beginnings of variables, is gone through once."""

LITERAL = ("*", "?", "$")
"""What stands for itself where it is written as a variable: ``${*}``."""


class Unresolved(Exception):
    """A variable has no value: the request does not have its key (``absent``), or nobody knows."""

    def __init__(self, key: str, *, absent: bool) -> None:
        super().__init__(key)
        self.absent = absent


def has_variable(text: str) -> bool:
    """Whether the text has a policy variable in it."""
    return "${" in text and VARIABLE.search(text) is not None


def malformed(text: str) -> bool:
    """Whether the text has a variable without a name, without its closing brace, or with a default without quotes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-missing-brace-in-variable
    """
    return "${" in text and ("${" in VARIABLE.sub("", text) or any(not _named(v[1]) for v in VARIABLE.finditer(text)))


def _named(key: str) -> bool:
    return bool(key) and "{" not in key


def sole_variable(text: str) -> str | None:
    """The key, where the whole text is one variable without default."""
    found = VARIABLE.fullmatch(text)
    return found[1] if found and found[2] is None else None


def unknown_keys(text: str, context: Context) -> Iterator[str]:
    """The keys of variables in the text that have no default, and of which nobody knows whether they have a value."""
    for found in VARIABLE.finditer(text):
        key, default = found[1], found[2]
        if key not in LITERAL and default is None and context.find(key) is UNKNOWN:
            yield key


def substitute(text: str, context: Context, *, literal: bool = False) -> str:
    """The text with its variables put in; Unresolved where one has no value.

    Unless ``literal``, wildcards in what is put in are escaped, as ``patterns.glob`` understands it.
    """
    if "${" not in text:
        return text
    pieces = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            put = piece.key if piece.stands_for_itself else _value(piece.key, piece.default, context)
            pieces.append(put if literal else put.translate(_ESCAPING))
    return "".join(pieces)


_ESCAPING = str.maketrans(ESCAPED)


class _Variable(NamedTuple):
    key: str
    default: str | None

    @property
    def stands_for_itself(self) -> bool:
        """Whether it is how a policy writes a plain ``*``, ``?`` or ``$``."""
        return self.key in LITERAL


@lru_cache(maxsize=65536)
def _pieces(text: str) -> tuple[str | _Variable, ...]:
    """The text taken apart at its variables."""
    pieces: list[str | _Variable] = []
    end = 0
    for found in VARIABLE.finditer(text):
        pieces += [text[end : found.start()], _Variable(found[1], found[2])]
        end = found.end()
    return (*pieces, text[end:])


def widest(text: str, context: Context, *, wild: bool = True) -> str:
    """A pattern for all that the text may come to: what is known put in, ``*`` for a variable without a known value.

    Unless ``wild``, wildcards in the text are none.
    """
    pieces = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            pieces.append(piece if wild else piece.translate(_ESCAPING))
        elif piece.stands_for_itself:
            pieces.append(piece.key.translate(_ESCAPING))
        else:
            try:
                pieces.append(_value(piece.key, piece.default, context).translate(_ESCAPING))
            except Unresolved:
                pieces.append("*")
    return "".join(pieces)


def _value(key: str, default: str | None, context: Context) -> str:
    found = context.find(key)
    if found is UNKNOWN:
        raise Unresolved(key, absent=False)
    if found is not None and len(found) == 1:
        return found[0]
    if default is not None and not found:
        return default  # Of a key with many values there is no variable, nor its default.
    raise Unresolved(key, absent=True)
