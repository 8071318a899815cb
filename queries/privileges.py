"""What a user, role, group or permission set was granted, and what those who have it used: read for one question."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..analysis.least_privilege.grants import Holding
from ..analysis.least_privilege.use import ServiceUse, Use
from ..errors import UsageError
from .answer import Knowledge, Missing
from .atlas import Atlas
from .library import step
from .principals import a_kind
from .things import Thing, anything

if TYPE_CHECKING:
    from ..graph.database import Database

HOLDERS = ("User", "Role", "Group", "PermissionSet")
"""Kinds of what policies are attached to."""
COLLECTOR = "last-accessed"
HOW = "`muniment ingest aws --also last-accessed` reads it"
SERVICE_LINKED = ":role/aws-service-role/"


@dataclass(frozen=True, slots=True)
class Privileges:
    """The grants of one holder and their use. ``users`` are the users and roles that use them."""

    holder: Thing
    holding: Holding
    policies: tuple[str, ...]
    users: tuple[str, ...]
    use: Use
    unreported: tuple[str, ...]
    """Those of the users of whose use there is no report."""
    groups: tuple[str, ...] = ()

    @property
    def accounts(self) -> set[str]:
        """Accounts that the answer rests on."""
        return {arn.split(":")[4] for arn in self.users} or {self.holder.account}

    def known(self, found: Knowledge) -> Knowledge:
        """How completely that is known: with those of whom there is no report, and how to read it."""
        missing = [_hinted(missing) for missing in found.missing]
        silent = {missing.scope.split("/")[1] for missing in missing if missing.scope.endswith(f"/{COLLECTOR}")}
        for arn in self.unreported:
            account = arn.split(":")[4]
            if not silent & {account, "*"} and SERVICE_LINKED not in arn:
                missing.append(Missing(f"aws/{account}/global/{COLLECTOR}", f"there is no report on {arn}: {HOW}"))
        return Knowledge(tuple(sorted(missing, key=lambda one: (one.scope, one.reason))), found.as_of)


def privileges(database: Database, atlas: Atlas, text: str, since: str) -> Privileges:
    """Read them. UsageError for what holds no policies; what was last used before ``since`` counts as unused."""
    holder = anything(database, atlas, text, (*HOLDERS, "Principal"))
    if holder.kind not in HOLDERS:
        raise UsageError(
            f"{text!r} is {a_kind(holder.kind)}: no policies are attached to it",
            "Name a user, a role, a group or a permission set.",
        )
    groups = _groups(database, holder)
    users = _users(database, holder)
    documents: dict[str, str | None] = {}
    for row in database.read(step("policies-of-holders"), holders=[holder.id, *groups]):
        documents[row["policy"]] = row["document"]
    for name in _supplied(database, holder):
        documents[f"{holder.id}/policy{name}"] = None
    reports, use = read_use(database, users, since)
    unreported = tuple(user for user in users if user not in reports)
    holding = Holding.of(documents)
    use = use.needing(holding.granted)
    return Privileges(holder, holding, tuple(documents), users, use, unreported, groups)


def read_use(database: Database, users: Collection[str], since: str) -> tuple[set[str], Use]:
    """Those of the users that have a report, and what AWS tells of all of them together."""
    reported = {
        row["principal"]: frozenset(service.lower() for service in row["services"] or ())
        for row in database.read(step("last-accessed"), principals=list(users))
    }
    used: dict[str, dict[str, ServiceUse]] = {}
    for row in database.read(step("accessed"), principals=list(users)):
        used.setdefault(row["principal"], {})[row["service"].lower()] = _service_use(row)
    each = (Use(reported.get(user, frozenset()), used.get(user, {})) for user in users)
    return set(reported), Use.together(each, since)


def _service_use(row: Mapping[str, Any]) -> ServiceUse:
    actions = json.loads(row["actions"]) if row["actions"] else {}
    return ServiceUse(row["last_accessed_at"] or "", actions, frozenset(row["unused_actions"] or ()))


def _groups(database: Database, holder: Thing) -> tuple[str, ...]:
    if holder.kind != "User":
        return ()
    rows = database.read(step("belongings"), principals=[holder.id])
    return tuple(sorted(group[0] for row in rows for group in row["groups"] if "Group" in group[3]))


def _users(database: Database, holder: Thing) -> tuple[str, ...]:
    """The users and roles that have the holder's policies."""
    if holder.kind == "Group":
        members: Iterable[Any] = (
            member for row in database.read(step("members"), groups=[holder.id]) for member in row["members"]
        )
        return tuple(sorted(member[0] for member in members))
    if holder.kind == "PermissionSet":
        return tuple(row["id"] for row in database.read(step("provisioned-roles"), id=holder.id))
    return (holder.id,)


def _supplied(database: Database, holder: Thing) -> list[str]:
    if holder.kind != "PermissionSet":
        return []
    return [name for row in database.read(step("supplied-policies"), id=holder.id) for name in row["policies"] or ()]


def _hinted(missing: Missing) -> Missing:
    told = not missing.scope.endswith(f"/{COLLECTOR}") or missing.reason.endswith(HOW)
    return missing if told else Missing(missing.scope, f"{missing.reason}: {HOW}")
