"""Who answers for a thing, by its tags; ``unknown`` where no tag says."""

from __future__ import annotations

import re

from .atlas import tags

OWNER_KEYS = ("owner", "ownedby", "owners", "ownerteam", "owningteam", "team", "squad", "contact")
"""Tags that name an owner, the surest first, without case, separators and prefixes such as ``acme:``."""

UNKNOWN = "unknown"
_NOBODY = frozenset({"", "unknown", "none", "nobody", "na", "tbd", "todo"})


def owner(*texts: str | None) -> str:
    """The owner that the first of several things' tags (JSON texts) to name one names.

    >>> owner('{"acme:Owner": "unknown"}', None, '{"Team": "payments", "owner": "ann"}')
    'ann'
    """
    for text in texts:
        found = {_plain(key): value for key, value in tags(text).items()}
        for key in OWNER_KEYS:
            if _plain(found.get(key, "")) not in _NOBODY:
                return found[key]
    return UNKNOWN


def _plain(text: str) -> str:
    last = re.split(r"[:/]", text)[-1]
    return "".join(character for character in last.casefold() if character.isalnum())
