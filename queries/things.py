"""Finding what a person names: by ARN, id or name, as exactly as it can be, refusing to guess."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import AmbiguousName, NotFound
from ..schema import SCHEMA, Status
from .library import step
from .words import words

if TYPE_CHECKING:
    from ..graph.database import Database
    from .atlas import Atlas

_HINTS = {
    True: "Nothing has been ingested yet: run `muniment demo`, or `muniment ingest aws`.",
    False: "Name it by its ARN, its id, its name, or ACCOUNT/NAME.",
}


_ALIKE = 60
"""Of 100: how like a name must be to be offered where it shares no word: ``test`` is within ``kubernetes``, no more."""


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
    return _find(database, atlas, text, lambda found: found.is_a("Principal") or found.kind == "Account")


def anything(database: Database, atlas: Atlas, text: str, kinds: Collection[str] = ("Asset",)) -> Thing:
    """The thing that is meant, of these kinds; statements only where they are asked for."""
    wanted = tuple(kinds)
    return _find(
        database,
        atlas,
        text,
        lambda found: any(found.is_a(kind) for kind in wanted) and (found.kind != "Statement" or "Statement" in wanted),
    )


def _find(database: Database, atlas: Atlas, text: str, fits: Callable[[Thing], bool]) -> Thing:
    text = text.strip()
    account, separator, name = text.partition("/")
    within = set(atlas.called(account)) if separator and not text.startswith("arn:") else set()
    if within:
        text = name
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
    raise not_found(database, text, empty=not atlas.places)


def _exact(database: Database, text: str) -> list[Thing]:
    return [thing(row) for row in database.read(step("things-by-key"), text=text)]


def _folded(database: Database, text: str) -> list[Thing]:
    folded = text.casefold()
    found = [thing(row) for row in database.read(step("principals-like"), text=folded)]
    named = [t for t in found if folded in (t.name.casefold(), t.detail.casefold(), t.detail.casefold().split("@")[0])]
    return named or [thing(row) for row in database.read(step("things-like"), text=folded)]


def _by_words(database: Database, text: str) -> list[Thing]:
    wanted = words(text)
    if not wanted:
        return []
    longest = max(wanted, key=len)
    found = [thing(row) for row in database.read(step("principals-like"), text=longest)]
    return [t for t in found if set(wanted) <= {*words(t.name), *words(t.detail.partition("@")[0])}]


def not_found(database: Database, text: str, *, empty: bool = False, spoken: Iterable[str] = ()) -> NotFound:
    """The error for a name that fits nothing, with the nearest there are; ``spoken`` are words that would do as well.

    Where something was not read completely, it says so: the thing may be there.
    """
    from rapidfuzz import fuzz, process, utils

    names = {name for row in database.read(step("principal-names")) for name in row["names"] if name}
    last = text.rpartition("/")[2]
    candidates = sorted({*names, *spoken})
    like = process.extract(last, candidates, processor=utils.default_process, limit=5, score_cutoff=70)
    alike = {name: fuzz.ratio(last.casefold(), name.casefold()) for name, _, _ in like}
    spoken_of = set(words(last))
    near = [
        name
        for name in sorted(alike, key=lambda name: -alike[name])
        if alike[name] >= _ALIKE or spoken_of & set(words(name))
    ]
    hint = f"Did you mean {', '.join(near)}?" if near else _HINTS[empty and not names]
    unread = [row["id"] for row in database.read(step("scopes")) if row["status"] != Status.COMPLETE]
    if unread:
        hint += f" It may be in what was not read completely: {', '.join(unread[:3])}{' …' if unread[3:] else ''}."
    return NotFound(f"nothing is called {text!r}", hint, {"names": near})
