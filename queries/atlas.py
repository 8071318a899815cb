"""The accounts as questions see them: what they are called, where they stand, which environment they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..schema import Arn
from .environments import Environments, Place, Unit
from .library import step
from .words import plain, words

if TYPE_CHECKING:
    from ..graph.database import Database

INLINE = "/inline-policy/"
"""Stands between the holder's ARN and the name in the id of an inline policy."""
ACCESS_KEY = "/access-key/"
"""Stands between the holder's ARN and the slot in the id of an access key."""


@dataclass
class Atlas:
    """All accounts, read once per question. ``states`` holds those that Organizations gives a state."""

    places: Mapping[str, Place]
    states: Mapping[str, str]
    known: frozenset[str]
    """Accounts that some scope states, rather than a policy that merely names them."""
    units: tuple[Unit, ...] = ()
    configured: Mapping[str, Any] | None = None

    @classmethod
    def load(cls, database: Database, configured: Mapping[str, Any] | None = None) -> Atlas:
        """Read accounts and units; ``configured`` is the table ``environments`` of the settings file."""
        rows = database.read(step("accounts"))
        units = database.read(step("units")) if any(row["path"] for row in rows) else []
        places = [_place(row) for row in rows]
        return cls(
            {place.id: place for place in places},
            {row["id"]: row["state"] for row in rows if row["state"]},
            frozenset(row["id"] for row in rows if row["scope"] not in (None, "reference", "shared")),
            tuple(Unit(row["path"] or "", row["name"] or "", tags(row["tags"])) for row in units),
            configured,
        )

    @cached_property
    def environments(self) -> Environments:
        """The environment of every account; SettingsError where the settings file cannot be understood."""
        return Environments(self.places.values(), self.units, self.configured)

    def account(self, id: str | None) -> str:  # noqa: A002 - the word for it everywhere
        """What to call an account."""
        if not id:
            return ""
        place = self.places.get(id)
        return place.label if place else id

    def account_tags(self, account: str) -> str | None:
        """The tags of an account, as JSON text."""
        place = self.places.get(account)
        return json.dumps(dict(place.tags)) if place else None

    def label(self, id: str, name: str | None, account: str | None) -> str:  # noqa: A002
        """A short name that tells a thing apart: ``payments-prod/Admin``."""
        shown = plain(name or id.rpartition("/")[2] or id)
        if account and id != account and account not in shown:
            return f"{self.account(account)}/{shown}"
        return self.account(id) if id in self.places else shown

    def label_of(self, id_: str) -> str:
        """The short name of an ARN by itself, what stands behind a ``#`` kept; other ids stay as they are."""
        thing, mark, part = id_.partition("#")
        arn = Arn.maybe(thing)
        if arn is None:
            return self.account(id_) if id_ in self.places else id_
        holder, inline, policy = thing.partition(INLINE)
        if inline:
            return self.label_of(holder) + inline + policy + mark + part
        holder, key, slot = thing.partition(ACCESS_KEY)
        if key:
            return f"{self.label_of(holder)}, key {slot}"
        if arn.service == "iam" and arn.account:
            return self.label(thing, arn.name, arn.account) + mark + part
        if arn.service == "access-analyzer":
            return thing.partition(":analyzer/")[2]
        return f"{arn.service}/{arn.name}" if arn.service in ("organizations", "sso", "identitystore") else id_

    def called(self, text: str) -> list[str]:
        """Ids of the accounts of that id, name or alias, without regard to case and separators."""
        wanted = words(text)
        return [
            place.id
            for place in self.places.values()
            if text == place.id or (wanted and wanted in (words(place.name), words(place.alias)))
        ]

    def mentioning(self, word: str) -> set[str]:
        """Ids of the accounts that have the words of ``word`` in their name, alias or the names of their units."""
        wanted = set(words(word))
        return {
            place.id
            for place in self.places.values()
            if word == place.id
            or (wanted and any(wanted <= set(words(name)) for name in (place.name, place.alias, *place.path_names)))
        }


def tags(text: str | None) -> dict[str, str]:
    """Tags from their JSON text; none where there are none."""
    if not text or text == "{}":
        return {}
    found = json.loads(text)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        row["id"],
        row["name"] or "",
        row["alias"] or "",
        tags(row["tags"]),
        row["path"] or "",
        tuple(row["path_names"] or ()),
    )
