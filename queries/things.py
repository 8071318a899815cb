"""Finding what a person names: by ARN, id or name, as exactly as it can be, refusing to guess."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import AmbiguousName, NotFound
from ..schema import SCHEMA, Status
from .library import step
from .places import accounts_meant, spoken_words
from .words import words

if TYPE_CHECKING:
    from ..graph.database import Database
    from .atlas import Atlas

_HINTS = {
    True: "Nothing has been ingested yet: run `muniment demo`, or `muniment ingest aws`.",
    False: "Name it by its ARN, its id, its name, or ACCOUNT/NAME.",
}


_SORTS: Mapping[str, str] = {
    "bucket": "Bucket",
    "secret": "Secret",
    "key": "KmsKey",
    "queue": "Queue",
    "topic": "Topic",
    "table": "Table",
    "parameter": "Parameter",
    "repository": "Repository",
    "snapshot": "Snapshot",
    "vault": "BackupVault",
    "role": "Role",
    "policy": "Policy",
    "group": "Group",
}
"""What a thing is called after its name, and the kind that it is then."""
PARTS = ("Statement", "PolicyVersion")
"""Kinds that are parts of policies."""
_ALIKE, _ALIKE_WORD = 60, 75
"""Of 100: how like a name, or a word of it, must be to be offered: ``prdo`` is like ``prod``."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in the graph. ``detail`` is a further name, such as the one to sign in with."""

    id: str
    kind: str
    name: str = ""
    account: str = ""
    detail: str = ""

    def is_a(self, kind: str) -> bool:
        """Whether it carries that label."""
        return SCHEMA.is_a(self.kind, kind)


def kind_of(labels: Iterable[str]) -> str:
    """The most specific of a node's labels."""
    declared = [label for label in labels if label in SCHEMA.kinds]
    return max(declared, key=lambda label: (len(SCHEMA.lineage(label)), label), default="Asset")


def thing(row: Mapping[str, Any]) -> Thing:
    """The thing of a row with id, name, account_id, labels and detail."""
    return Thing(row["id"], kind_of(row["labels"]), row["name"] or "", row["account_id"] or "", row.get("detail") or "")


def principal(database: Database, atlas: Atlas, text: str) -> Thing:
    """The principal that is meant: a user, role, service, …, or an account in place of everyone in it.

    AmbiguousName where several fit equally well, NotFound with the nearest names where none does.
    """
    return _find(
        database, atlas, text, lambda found: found.is_a("Principal") or found.kind == "Account", ("Principal",)
    )


def anything(database: Database, atlas: Atlas, text: str, kinds: Collection[str] = ("Asset",)) -> Thing:
    """The thing that is meant, of these kinds, also by what it is: ``the warehouse table``.

    Parts of policies only where they are asked for.
    """
    wanted = tuple(kinds)

    def fits(found: Thing) -> bool:
        return any(found.is_a(kind) for kind in wanted) and (found.kind not in PARTS or found.kind in wanted)

    try:
        return _find(database, atlas, text, fits, wanted)
    except NotFound:
        name, _, sort = text.strip().rpartition(" ")
        kind = _SORTS.get(sort.casefold())
        if not name or kind is None:
            raise
        with suppress(NotFound):
            return _find(database, atlas, name, lambda found: fits(found) and found.is_a(kind), wanted)
        raise


def _placed(database: Database, atlas: Atlas, text: str) -> tuple[str, Collection[str]]:
    """A name apart from the accounts that it is said to be in: ``ACCOUNT/NAME``, ``NAME in prod``; none for all."""
    account, separator, name = text.partition("/")
    if separator and not text.startswith("arn:") and (called := atlas.called(account)):
        return name, called
    name, separator, place = text.rpartition(" in ")
    if separator and spoken_words(place) and not _exact(database, text):
        with suppress(NotFound):
            return name.strip(), accounts_meant(atlas, place)
    return text, ()


def _find(
    database: Database, atlas: Atlas, text: str, fits: Callable[[Thing], bool], kinds: Collection[str] = ()
) -> Thing:
    text, within = _placed(database, atlas, text.strip())
    for tier in (_exact, _folded, _by_words):
        found = {t.id: t for t in tier(database, text) if fits(t) and (not within or t.account in within)}
        if len(found) == 1:
            return next(iter(found.values()))
        if text in found:
            return found[text]
        if found:
            raise AmbiguousName(text, tuple(sorted(found)))
    if (accounts := [a for a in atlas.called(text) if fits(Thing(a, "Account"))]) and not within:
        if len(accounts) > 1:
            raise AmbiguousName(text, tuple(sorted(accounts)))
        return Thing(accounts[0], "Account", atlas.account(accounts[0]), accounts[0])
    raise not_found(database, text, empty=not atlas.places, kinds=() if "Asset" in kinds else kinds)


def _exact(database: Database, text: str) -> list[Thing]:
    return [thing(row) for row in database.read(step("things-by-key"), text=text)]


def _folded(database: Database, text: str) -> list[Thing]:
    folded = text.casefold()
    found = [thing(row) for row in database.read(step("named-like"), text=folded)]
    named = [t for t in found if folded in (t.name.casefold(), t.detail.casefold(), t.detail.casefold().split("@")[0])]
    return named or [thing(row) for row in database.read(step("things-like"), text=folded)]


def _by_words(database: Database, text: str) -> list[Thing]:
    wanted = words(text)
    if not wanted:
        return []
    longest = max(wanted, key=len)
    found = [thing(row) for row in database.read(step("named-like"), text=longest)]
    return [t for t in found if set(wanted) <= {*words(t.name), *words(t.detail.partition("@")[0])}]


def not_found(
    database: Database, text: str, *, empty: bool = False, spoken: Iterable[str] = (), kinds: Collection[str] = ()
) -> NotFound:
    """The error for a name that fits nothing, with the nearest there are; ``spoken`` are words that would do as well.

    Only names of ``kinds`` are offered, where any is given.

    Where something was not read completely, it says so: the thing may be there.
    """
    rows = [row for row in database.read(step("names-known")) if not kinds or _among(row["kind"], kinds)]
    names = {name for row in rows for name in row["names"] if name}
    near = _nearest(text.rpartition("/")[2], sorted({*names, *spoken}))
    hint = f"Did you mean {', '.join(near)}?" if near else _HINTS[empty and not names]
    unread = [row["id"] for row in database.read(step("scopes")) if row["status"] != Status.COMPLETE]
    if unread:
        hint += f" It may be in what was not read completely: {', '.join(unread[:3])}{' …' if unread[3:] else ''}."
    return NotFound(f"nothing is called {text!r}", hint, {"names": near})


def _among(kind: str, kinds: Collection[str]) -> bool:
    """Whether a kind is one of others, or any of these is of it."""
    return any(SCHEMA.is_a(kind, other) or SCHEMA.is_a(other, kind) for other in kinds)


def _nearest(text: str, candidates: Sequence[str]) -> list[str]:
    """The names that are like a text, or have a word that is like one of its words, the most like it first."""
    from rapidfuzz import fuzz, process, utils

    said = words(text)
    found = {name for name, _, _ in process.extract(text, candidates, processor=utils.default_process, limit=10)}
    alike = {name: fuzz.ratio(text.casefold(), name.casefold()) for name in found}
    of_a_word = {name: max((fuzz.ratio(a, b) for a in said for b in words(name)), default=0.0) for name in found}
    near = [name for name in found if alike[name] >= _ALIKE or of_a_word[name] >= _ALIKE_WORD]
    return sorted(near, key=lambda name: (-alike[name], name))[:5]
