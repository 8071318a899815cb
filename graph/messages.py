"""How much the embedded engine takes at a time.

To a message that is longer it never answers, nor does it end the connection, so that whoever sent it waits for ever
(26.10.2: the thread that reads it logs "BOLT message too large" and is gone). A text or a list that is too long for
itself it refuses in plain words, as long as the message may be longer than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DatabaseError

MESSAGE_BYTES = 64 << 20
"""The longest message: four of the longest texts that it takes, of 16 MB each."""
_ROOM = 1 << 20
"""For the statement, and for what says of each value how long it is."""
_EACH = 9
"""Bytes of a number, or of how long a text is, at most."""


def check(parameters: Mapping[str, Any]) -> None:
    """DatabaseError where the values of a statement are more than one message holds."""
    if (size := _size(parameters)) > MESSAGE_BYTES - _ROOM:
        raise DatabaseError(
            f"a statement with {size:,} bytes of values is more than the embedded engine takes at a time",
            "Ask about less at a time, or use a Neo4j server.",
        )


def _size(value: Any) -> int:
    """How many bytes a value takes; at least as many as it does."""
    if isinstance(value, str):
        return _EACH + (len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass")))
    if isinstance(value, Mapping):
        return _EACH + sum(_size(name) + _size(one) for name, one in value.items())
    if isinstance(value, list | tuple):
        return _EACH + sum(map(_size, value))
    return _EACH
