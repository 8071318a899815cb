"""Who answers for a thing, by its tags; ``unknown`` where no tag says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import NotFound, UsageError
from .answer import Answer
from .atlas import Atlas, tags
from .knowledge import knowledge
from .library import question, step
from .sorts import SORTS
from .things import Thing, anything, thing
from .words import words

if TYPE_CHECKING:
    from ..graph.database import Database

OWNER_KEYS = ("owner", "ownedby", "owners", "ownerteam", "owningteam", "team", "squad", "contact")
"""Tags that name an owner, the surest first, without case, separators and prefixes such as ``acme:``."""

UNKNOWN = "unknown"
_NOBODY = frozenset({"", "unknown", "none", "nobody", "na", "tbd", "todo"})
_SAYS_NOTHING = frozenset({"the", "team", "squad"})
"""Words of an owner's name that another may leave out."""


def owner(*texts: str | None) -> str:
    """The owner that the first of several things' tags (JSON texts) to name one names.

    >>> owner('{"acme:Owner": "unknown"}', None, '{"Team": "payments", "owner": "ann"}')
    'ann'
    """
    return next((named for text in texts for _, named in _naming(text)), UNKNOWN)


def owned_by(
    database: Database, *, owned_by: str, kind: str = "", environments: Mapping[str, Any] | None = None
) -> Answer:
    """What somebody owns; NotFound where no tag calls anybody so."""
    asked = question("owned-by")
    sort = SORTS.get(kind.strip().casefold(), "") if kind.strip() else "Asset"
    if not sort:
        raise UsageError(f"kind cannot be {kind!r}", f"It is one of: {', '.join(sorted(SORTS))}.")
    atlas = Atlas.load(database, environments)
    rows = [_row(atlas, thing(row), row["tags"]) for row in database.read(step("owned-things"))]
    meant = _called(owned_by, {row["owner"] for row in rows})
    kept = [row for row in rows if row["owner"] in meant and Thing(row["thing"], row["kind"]).is_a(sort)]
    kept.sort(key=lambda row: (row["account"], row["kind"], row["thing"]))
    return _answer(
        database, atlas, asked.id, kept, {"owner": owned_by, "kind": kind}, f"{owned_by} = {', '.join(meant)}"
    )


def owner_of(database: Database, *, text: str, environments: Mapping[str, Any] | None = None) -> Answer:
    """Who owns a thing."""
    atlas = Atlas.load(database, environments)
    found = anything(database, atlas, text)
    tagged = database.read(step("tags-of"), id=found.id)
    rows = [_row(atlas, found, tagged[0]["tags"] if tagged else None)]
    return _answer(database, atlas, "owner-of", rows, {"thing": found.id}, f"{text} = {found.id}", found.account)


def _answer(
    database: Database,
    atlas: Atlas,
    asked: str,
    rows: list[dict[str, Any]],
    given: Mapping[str, str],
    meaning: str,
    account: str = "",
) -> Answer:
    found = question(asked)
    known = knowledge(database, atlas, found, [account] if account else ())
    labels = {id_: atlas.label_of(id_) for row in rows for id_ in (row["thing"], row["account"]) if id_}
    return Answer(found.id, given, found.columns, rows, known, meaning, labels=labels)


def _row(atlas: Atlas, found: Thing, tagged: str | None) -> dict[str, Any]:
    places = ((found.id, tagged), (found.account, atlas.account_tags(found.account)))
    said = next(((id_, *one) for id_, text in places for one in _naming(text)), None)
    return {
        "thing": found.id,
        "kind": found.kind,
        "name": found.name,
        "account": found.account,
        "owner": said[2] if said else UNKNOWN,
        "because": [f"tag {said[1]} of {atlas.label_of(said[0])}"] if said else [],
    }


def _called(text: str, owners: set[str]) -> list[str]:
    """Those of the owners who are called so, as it is written or by the same words; else before an ``@``."""
    wanted = _words(text)
    ways = (
        {one for one in owners if one.casefold() == text.strip().casefold() or (wanted and _words(one) == wanted)},
        {one for one in owners if wanted and "@" in one and _words(one.partition("@")[0]) == wanted},
    )
    meant = next((sorted(way) for way in ways if way), [])
    if not meant:
        known = ", ".join(sorted(owners)[:20]) or "none"
        raise NotFound(f"nothing is owned by {text!r}, as far as tags tell", f"Owners there: {known}.")
    return meant


def _words(text: str) -> frozenset[str]:
    return frozenset(words(text)) - _SAYS_NOTHING


def _naming(text: str | None) -> Iterator[tuple[str, str]]:
    """The tags (JSON text) that name an owner, and whom, the surest first."""
    found = {_plain(key): (key, value) for key, value in tags(text).items()}
    for key in OWNER_KEYS:
        written, named = found.get(key, ("", ""))
        if _plain(named) not in _NOBODY:
            yield written, named


def _plain(text: str) -> str:
    last = re.split(r"[:/]", text)[-1]
    return "".join(character for character in last.casefold() if character.isalnum())
