"""Which accounts words mean: an environment, an account by name or id, a unit, or several of these together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import NotFound
from .environments import canonical
from .words import words

if TYPE_CHECKING:
    from .atlas import Atlas

FILLERS = frozenset(
    {"the", "a", "an", "any", "some", "all", "every", "our", "my", "in", "of", "for", "at", "on", "to", "within", "ou"}
    | {"role", "roles", "account", "accounts", "acct", "environment", "env", "unit", "aws", "permission", "set"}
    | {"access", "user", "users", "rights", "privileges", "permissions", "level"}
)
"""Words that say nothing about which role is meant."""


def accounts_meant(atlas: Atlas, text: str) -> dict[str, str]:
    """The accounts that words mean, each with the reason: an environment, an account, a unit, or both together.

    NotFound where they mean none.
    """
    found = dict.fromkeys(atlas.places, "")
    exact = atlas.called(text)
    if exact:
        return dict.fromkeys(exact, "")
    for word in spoken_words(text):
        environment = atlas.environments.named(word)
        within = atlas.environments.accounts(environment) if environment else {}
        mentioned = dict.fromkeys(atlas.called(word) or atlas.mentioning(word), "")
        meant = within or mentioned
        found = {account: reason or meant[account] for account, reason in found.items() if account in meant}
    if not found:
        raise _no_account(atlas, text)
    return found


def _no_account(atlas: Atlas, text: str) -> NotFound:
    from rapidfuzz import process, utils

    known = sorted(place.label for place in atlas.places.values())
    near = [
        name for name, _, _ in process.extract(text, known, processor=utils.default_process, limit=5, score_cutoff=80)
    ]
    listed = f"Did you mean {', '.join(near)}?" if near else f"Accounts known: {', '.join(known[:20]) or 'none'}."
    return NotFound(f"no account is meant by {text!r}", listed, {"names": near})


def spoken_words(text: str) -> list[str]:
    """The words that say something, ``non prod`` as one of them."""
    spoken = _joined(text.replace("'s ", " ").split())
    return [word for word in spoken if word.casefold() not in FILLERS]


def _joined(spoken: Sequence[str]) -> list[str]:
    """``non prod`` as one word; ``pre production`` too."""
    joined: list[str] = []
    for word in spoken:
        pair = "-".join([joined[-1], word]) if joined else ""
        if pair and len(words(pair)) == 1 and len(words(word)) == 1 and canonical(pair) != canonical(word):
            joined[-1] = pair
        else:
            joined.append(word)
    return joined
