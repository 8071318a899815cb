"""Places among changes, as a caller may know them that sees some accounts only.

A run numbers its changes over all accounts, and the gaps between those of some would tell how many others there were.
Such a caller is given each number as another, by a permutation that only the API can undo: a Feistel network of four
rounds of HMAC-SHA256 (M. Luby, C. Rackoff, How to construct pseudorandom permutations from pseudorandom functions,
1988), of 64 bits. Of these few are numbers of changes, so that a place cannot be made up either.

>>> hidden("r/000000001", b"secret"), shown(hidden("r/000000001", b"secret"), b"secret")
('r/11468475547018909811', 'r/000000001')
>>> shown("r/00000000000000000001", b"secret") is None
True
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from ...graph.changes import DIGITS
from ...graph.database import Database

_HALF = 32
_ROUNDS = range(4)
_MASK = (1 << _HALF) - 1
_HIDDEN = 20
"""Digits of the greatest number of 64 bits."""
_PLACE = re.compile(r"(.+)/([0-9]+)")

_READ = "MATCH (s:ApiSecret {id: 'places'}) RETURN s.value AS value"
_MAKE = "MERGE (s:ApiSecret {id: 'places'}) SET s.value = coalesce(s.value, $fresh)"


def secret(database: Database) -> bytes:
    """The secret of this register; made where there is none yet."""
    if not (rows := database.read(_READ)):
        fresh = secrets.token_hex(32)
        database.write(lambda tx: tx.run(_MAKE, fresh=fresh).consume())
        rows = database.read(_READ)
    return bytes.fromhex(rows[0]["value"])


def hidden(place: str, key: bytes) -> str:
    """A place as such a caller is told it."""
    run, _, number = place.rpartition("/")
    return f"{run}/{_permuted(int(number), run, key, _ROUNDS):0{_HIDDEN}}"


def shown(place: str, key: bytes) -> str | None:
    """The place that such a caller means; None for what it was not told."""
    parts = _PLACE.fullmatch(place)
    if parts is None or len(parts[2]) != _HIDDEN or int(parts[2]) >> 2 * _HALF:
        return None
    run, number = parts.groups()
    swapped = _swapped(int(number))
    found = _swapped(_permuted(swapped, run, key, reversed(_ROUNDS)))
    return f"{run}/{found:0{DIGITS}}" if found < 10**DIGITS else None


def _permuted(number: int, run: str, key: bytes, rounds: Iterable[int]) -> int:
    left, right = number >> _HALF, number & _MASK
    for round_ in rounds:
        digest = hmac.digest(key, f"{run}/{round_}/{right}".encode(), hashlib.sha256)
        left, right = right, left ^ int.from_bytes(digest[:4])
    return left << _HALF | right


def _swapped(number: int) -> int:
    return (number & _MASK) << _HALF | number >> _HALF
