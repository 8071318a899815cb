"""The lines of an access review, as the graph tells them.

Groups of Identity Center and sets of principals are taken apart into their members: a signature is for one person or
machine, not for whoever may join.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .access import on_own
from .atlas import Atlas
from .library import step
from .owners import owner
from .things import kind_of
from .words import plain

if TYPE_CHECKING:
    from ..graph.database import Database

Row = Mapping[str, Any]

_GATHERERS = ("PrincipalSet", "IdentityCenterGroup")
_PROVIDERS = ("OidcProvider", "SamlProvider")
_USERS = ("User", "RootUser")
_BLANK: Mapping[str, None] = dict.fromkeys(("as_of", "complete", "reviewer", "verdict", "signed"))
DIRECT, IN_A_SET = "direct", "as one of "
"""How one comes to a role by itself, and how in a set: the beginning."""
EVERYTHING = "everything that no control policy forbids"
"""What a root user can do."""
ACCESS = ("root", "own policies", "permission set", "role")
"""What lines are about, in the order in which they stand under one account and role."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters, and how, with the decision of the whole way; None for a user's own access."""

    principal: str
    name: str
    identity: str
    how: str
    decision: str | None
    conditions: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


@dataclass
class Review:
    """All that a review is made of, read once."""

    database: Database
    atlas: Atlas
    accounts: list[str]
    now: datetime
    principals: dict[str, Row] = field(default_factory=dict)
    keys: dict[str, list[Row]] = field(default_factory=dict)
    policies: dict[str, list[str]] = field(default_factory=dict)
    sets: dict[str, Row] = field(default_factory=dict)
    """The permission set of each role that Identity Center made."""
    members: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    """Those of each group and set, each with the statements by which it is in a set."""
    subjects: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)
    administers: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, database: Database, atlas: Atlas, accounts: list[str], now: datetime) -> Review:
        """Read what there is in these accounts; in all of them where none are given."""
        review = cls(database, atlas, accounts, now)
        review.principals = {row["id"]: row for row in database.read(step("review-principals"))}
        for row in database.read(step("review-keys")):
            review.keys.setdefault(row["holder"], []).append(row)
        for row in database.read(step("review-policies")):
            said = row["name"] if row["what"] == "policy" else f"group {row['name']}"
            review.policies.setdefault(row["user"], []).append(str(said))
        review.sets = {row["role"]: row for row in database.read(step("review-permission-sets"))}
        for row in database.read(step("review-subjects"), accounts=accounts):
            review.subjects.setdefault((row["role"], row["provider"], row["action"]), []).append(row)
        for row in database.read(step("administrators"), accounts=accounts or sorted(atlas.places)):
            review.administers[row["id"], row["account"]] = row["decision"]
        return review

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line, in no order."""
        entrances = self.database.read(step("review-entrances"), accounts=self.accounts)
        assignments = self.database.read(step("review-assignments"), accounts=self.accounts)
        gatherers = {row["start"] for row in entrances if kind_of(row["labels"]) in _GATHERERS}
        gatherers |= {row["holder"] for row in assignments if kind_of(row["labels"]) in _GATHERERS}
        for found in self.database.read(step("members"), groups=sorted(gatherers)):
            self.members[found["group"]] = sorted((member[0], tuple(member[4] or ())) for member in found["members"])
        for row in entrances:
            yield from self._into_role(row)
        made = {(row["permission_set"], row["account"]) for row in self.sets.values()}
        for row in assignments:
            if (row["permission_set"], row["account"]) not in made:
                yield from self._into_account(row)
        for user in self.principals.values():
            listed = kind_of(user["labels"]) in _USERS and user["scope"] != "reference"
            if listed and (not self.accounts or user["account_id"] in self.accounts):
                yield self._own(user)

    def _into_role(self, entrance: Row) -> Iterator[dict[str, Any]]:
        """Lines of one CAN_ASSUME: one for each who is behind it."""
        role = self.principals[entrance["role"]]
        made_of = self.sets.get(role["id"])
        if made_of and kind_of(entrance["labels"]) == "SamlProvider":
            return  # whom Identity Center signs in has lines of their own, by assignment
        account = role["account_id"]
        for entry in self._entries(entrance):
            if entry.principal != role["id"]:
                yield self._line(
                    entry,
                    account=account,
                    role=role["id"],
                    owner=owner(role["tags"], self._account_tags(account)),
                    access="permission set" if made_of else "role",
                    what=made_of["name"] if made_of else role["name"],
                    administers=self.administers.get((role["id"], account)),
                    last_used=role["last_used_at"],
                )

    def _entries(self, entrance: Row) -> Iterator[Entry]:
        start, kind = entrance["start"], kind_of(entrance["labels"])
        not_known = (entrance["reason"],) if entrance["reason"] else ()
        entry = Entry(
            start,
            self._name(start, entrance["start_name"]),
            self._identity(start, kind),
            self._how(kind, start),
            entrance["decision"],
            (*(entrance["conditions"] or ()), *not_known),
            tuple(entrance["because"] or ()),
        )
        if kind in _GATHERERS:
            yield from self._apart(entry, kind)
            return
        subjects = self.subjects.get((entrance["role"], start, entrance["action"]), ())
        for subject in subjects:
            yield replace(
                entry,
                principal=subject["subject"],
                name=subject["says"],
                identity=subject["signs_in"],
                how=f"federation, by {entry.name}",
            )
        if not subjects:
            yield entry

    def _apart(self, entry: Entry, kind: str) -> Iterator[Entry]:
        """One entry for each member of a group or set; the group's own where nobody is known to be in it."""
        members = self.members.get(entry.principal, ())
        group = f"Identity Center group {entry.name}"
        how = group if kind == "IdentityCenterGroup" else f"{IN_A_SET}{len(members)} whose policies let them"
        for member, own in members:
            because = on_own(entry.because, entry.principal, own)
            its = replace(entry, principal=member, name=self._name(member, None), because=because)
            yield replace(its, identity=self._identity(member, ""), how=how)
        if not members:
            yield replace(entry, how=f"{how}, of which no member is known")

    def _into_account(self, assignment: Row) -> Iterator[dict[str, Any]]:
        """Lines of an assignment whose role is not known: its account was not read, or has not got it yet."""
        kind = kind_of(assignment["labels"])
        holder = assignment["holder"]
        said = f"the role of {assignment['name']} in {assignment['account']} is not in the register"
        entry = Entry(
            holder,
            self._name(holder, assignment["holder_name"]),
            self._identity(holder, kind),
            self._how(kind, holder),
            "unknown",
            (said,),
        )
        for found in self._apart(entry, kind) if kind in _GATHERERS else (entry,):
            yield self._line(
                found,
                account=assignment["account"],
                owner=owner(self._account_tags(assignment["account"])),
                access="permission set",
                what=assignment["name"],
            )

    def _own(self, user: Row) -> dict[str, Any]:
        """The line of a user or root user: what it may do without any role."""
        root = kind_of(user["labels"]) == "RootUser"
        account = user["account_id"]
        last = [user["password_last_used"], *(key["last_used_at"] for key in self.keys.get(user["id"], ()))]
        held = sorted(self.policies.get(user["id"], ()))
        entry = Entry(
            user["id"],
            self._name(user["id"], None),
            self._identity(user["id"], ""),
            DIRECT,
            None,
            because=("it is the root user",)
            if root
            else tuple(f"its {one}" if one.startswith("group ") else f"its policy {one}" for one in held),
        )
        return self._line(
            entry,
            account=account,
            owner=owner(None if root else user["tags"], self._account_tags(account)),
            access="root" if root else "own policies",
            what=EVERYTHING if root else ", ".join(held) or "none",
            administers=self.administers.get((user["id"], account)),
            last_used=max((time for time in last if time), default=None),
        )

    def _line(self, entry: Entry, **more: Any) -> dict[str, Any]:
        return {
            "role": None,
            "administers": None,
            "last_used": None,
            **more,
            "principal": entry.principal,
            "name": entry.name,
            "identity": entry.identity,
            "how": entry.how,
            "decision": entry.decision,
            "conditions": list(entry.conditions),
            "because": list(entry.because),
            "credentials": list(self._credentials(entry.principal)),
            **_BLANK,
        }

    def _credentials(self, principal: str) -> Iterator[str]:
        """Long-lived credentials, with their age: ``key 1: 770 days old, last used for s3 on 2026-01-02``."""
        row = self.principals.get(principal)
        if row is not None and row["console_access"]:
            yield f"password: {self._age(row['password_changed_at'])}, {_used(row['password_last_used'], None)}"
        for key in self.keys.get(principal, ()):
            told = kind_of(key["labels"]) == "AccessKey"
            used = _used(key["last_used_at"], key["last_used_service"]) if told else "of whose use AWS tells nothing"
            yield f"{key['name']}: {self._age(key['rotated_at'])}, {used}"

    def _age(self, since: str | None) -> str:
        if not since:
            return "of unknown age"
        then = datetime.strptime(since, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        days = max(0, (self.now - then).days)
        return f"{days} day{'' if days == 1 else 's'} old"

    def _name(self, id_: str, name: str | None) -> str:
        row = self.principals.get(id_)
        found = (row["user_name"] or row["name"]) if row else name
        return plain(str(found or name or id_))

    def _identity(self, id_: str, kind: str) -> str:
        row = self.principals.get(id_)
        if row is not None and row["kind"]:
            return str(row["kind"])
        return {"ServicePrincipal": "service", "IdentityCenterGroup": "human"}.get(kind, "unknown")

    def _how(self, kind: str, id_: str) -> str:
        if kind in _PROVIDERS:
            return "federation"
        if kind == "ServicePrincipal":
            return "as a service"
        if kind == "IdentityCenterUser":
            return "Identity Center, assigned directly"
        if kind == "Account":
            return "as whomever its account lets"
        return "as anyone" if id_ == "*" else DIRECT

    def _account_tags(self, account: str | None) -> str | None:
        return self.atlas.account_tags(account or "")


def _used(at: str | None, service: str | None) -> str:
    if not at:
        return "never used"
    return f"last used{f' for {service}' if service else ''} on {at[:10]}"
