"""Names as words: ``ProdAdmin``, ``prod-admin`` and ``prod admin`` are the same two."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_RUNS = re.compile(r"[^\W\d_]+|\d+")
_PREFIXES = ("non", "not", "pre", "no")
_PREFIXED = {"prod", "production", "prd", "live"}
_RESERVED = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f]{16}")

ADMIN_WORDS = frozenset({"admin", "admins", "administrator", "administrators", "adm", "superuser", "superadmin"})
"""What an administrator is called. ``AdministratorAccess`` is two words, of which one is here."""


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: ``NonProdAdmin`` is ``nonprod``, ``admin``; ``pre-prod`` is ``preprod``.

    A prefix that turns an environment into another belongs to its word: ``non-prod`` must never be read as ``prod``.
    """
    text = unicodedata.normalize("NFKC", plain(name))
    found = [part.casefold() for run in _RUNS.findall(text) for part in _humps(run)]
    joined: list[str] = []
    for word in found:
        if joined and joined[-1] in _PREFIXES and word in _PREFIXED:
            joined[-1] = ("pre" if joined[-1] == "pre" else "non") + word
        else:
            joined.append(word)
    return tuple(joined)


def _humps(run: str) -> list[str]:
    """``ProdAdmin`` as two, ``AWSAdmin`` too; by the letters' own case, whatever their script."""
    starts = [
        i
        for i in range(1, len(run))
        if run[i].isupper() and (run[i - 1].islower() or (i + 1 < len(run) and run[i + 1].islower()))
    ]
    return [run[i:j] for i, j in pairwise([0, *starts, len(run)])]


def plain(name: str) -> str:
    """The name that people use: the permission set's, for a role that Identity Center made of it."""
    reserved = _RESERVED.fullmatch(name)
    return reserved[1] if reserved else name


def has_admin_word(name: str) -> bool:
    """Whether a name calls itself an administrator's."""
    return not ADMIN_WORDS.isdisjoint(words(name))
