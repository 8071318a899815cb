"""IAM Identity Center as the graph holds it: instances of organizations, their permission sets, and who holds them.

An instance that must be there, since accounts have reserved roles, and that could not be read is one of which nothing
is known but those roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from ..analysis.escalation.center import Center, PermissionSet
from ..analysis.escalation.choices import ANY
from ..analysis.iam.estates.estate import Estate, Organization
from ..analysis.identity_center import RESERVED_PATH, ReservedRole, permission_set_name, provisioned_as
from ..analysis.identity_center import PermissionSet as Named
from ..graph.database import Database
from ..schema import Arn
from . import estate_queries as q
from .surroundings import by_account, why_unread

SETS = ("sso:ListPermissionSets", "sso:DescribePermissionSet")
POLICIES = (
    *("sso:ListManagedPoliciesInPermissionSet", "sso:ListCustomerManagedPolicyReferencesInPermissionSet"),
    *("sso:GetInlinePolicyForPermissionSet", "sso:GetPermissionsBoundaryForPermissionSet"),
)
PLACES = ("sso:ListAccountsForProvisionedPermissionSet",)
HOLDERS = ("sso:ListAccountAssignments", *PLACES, *SETS)
DELEGATES = ("organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount")

Row = Mapping[str, Any]


def reserved_roles(estate: Estate) -> Iterator[ReservedRole]:
    """Every role of the estate, as far as its name and path go."""
    for role in estate.roles.values():
        yield ReservedRole(role.arn, role.account, _path(role.arn), role.name)


def load_centers(database: Database, estate: Estate) -> tuple[Center, ...]:
    """Every instance that has permission sets, or could have. DatabaseError where the graph fails."""
    reserved = [role for role in reserved_roles(estate) if role.path.startswith(RESERVED_PATH)]
    return tuple(_Reading(database, estate, reserved).centers())


@dataclass
class _Reading:
    database: Database
    estate: Estate
    reserved: list[ReservedRole]

    def __post_init__(self) -> None:
        read = self.database.read
        self.scopes = by_account(read(q.SCOPES_OF, collectors=["identity-center", "organizations"]))
        self.delegates = frozenset(row["account"] for row in read(q.DELEGATES, service="sso.amazonaws.com"))
        self.sets: dict[str, list[Row]] = {}
        for row in read(q.SETS_OF_INSTANCES):
            self.sets.setdefault(row["instance"], []).append(row)
        self.attached: dict[str, list[str]] = {}
        for row in (row for query in q.POLICIES_OF_SETS for row in read(query)):
            self.attached.setdefault(row["holder"], []).append(row["policy"])
        self.bounds = {row["holder"]: row["policy"] for row in read(q.BOUNDARIES_OF_SETS)}
        self.management = {one.management_account: one for one in self.estate.organizations.values()}

    def centers(self) -> Iterator[Center]:
        """Those that were read, and one for each organization whose own was not."""
        seen = set()
        for row in self.database.read(q.INSTANCES):
            if row["account"] in self.management or row["id"] in self.sets:
                seen.add(row["account"])
                yield self._center(row)
        for account, organization in self.management.items():
            if account in self.estate.accounts and account not in seen:
                yield from self._unread(account, organization)

    def _center(self, row: Row) -> Center:
        home = row["account"]
        accounts = self._accounts(home, self.sets.get(row["id"], ()))
        partition = row["id"].split(":")[1]
        store = f"arn:{partition}:identitystore::{home}:identitystore/{row['store']}"
        center = self._administered(Center(row["id"], store, home, row["region"] or "", accounts))
        held_unread = self._why("assignments", HOLDERS, center, center.region)
        groups, people = self._holders(row["id"], everyone=bool(held_unread))
        sets = tuple(self._permission_sets(center))
        return replace(center, permission_sets=sets, groups=groups, people=people, held_unread=held_unread)

    def _unread(self, home: str, organization: Organization) -> Iterator[Center]:
        """The instance that the reserved roles of an organization tell of."""
        accounts = self._accounts(home)
        partition = self.estate.accounts[home].partition
        instance = f"arn:{partition}:sso:::instance/{ANY}"
        store = f"arn:{partition}:identitystore::{home}:identitystore/{ANY}"
        center = self._administered(Center(instance, store, home, "", accounts))
        why = self._why("IAM Identity Center", ("sso:ListInstances",), center, None)
        roles = [role for role in self.reserved if role.account in accounts]
        if why and roles:
            sets = tuple(_told_of(roles, center, why))
            yield replace(center, permission_sets=sets, unread=f"{why}, of organization {organization.id}")

    def _accounts(self, home: str, sets: Iterable[Row] = ()) -> frozenset[str]:
        """All accounts of the organization that an account manages; those that sets are in, where it is not known."""
        organization = self.management.get(home)
        known = (
            one.id for one in self.estate.accounts.values() if organization and one.organization == organization.id
        )
        reached = (account for row in sets for account in row["accounts"])
        return frozenset((home, *known, *(() if organization else reached)))

    def _administered(self, center: Center) -> Center:
        """The center with the accounts from which it is administered."""
        why = self._why("delegated administrators", DELEGATES, center, None, "organizations")
        return replace(center, delegates=self.delegates & center.accounts, delegates_unread=why)

    def _permission_sets(self, center: Center) -> Iterator[PermissionSet]:
        rows = self.sets.get(center.instance, [])
        unread = self._why("policies of permission sets", POLICIES, center, center.region)
        lost = self._why("accounts of permission sets", PLACES, center, center.region)
        where = {row["id"]: None if lost and not row["accounts"] else frozenset(row["accounts"]) for row in rows}
        named = [Named(row["id"], row["name"], where[row["id"]]) for row in rows if row["name"]]
        roles: dict[str, dict[str, str]] = {}
        by_id = {role.id: role.account for role in self.reserved}
        for edge in provisioned_as(named, self.reserved):
            roles.setdefault(edge.start, {})[by_id[edge.end]] = edge.end
        for row in rows:
            id_ = row["id"]
            yield PermissionSet(
                id_,
                row["name"] or id_,
                where[id_],
                tuple(sorted(self.attached.get(id_, ()))),
                tuple(row["customer_policies"] or ()),
                self.bounds.get(id_),
                row["customer_boundary"],
                roles.get(id_, {}),
                None if row["tags"] is None else dict(orjson.loads(row["tags"])),
                unread,
            )
        if why := self._why("permission sets", SETS, center, center.region):
            known = {role for found in roles.values() for role in found.values()}
            left = [role for role in self.reserved if role.account in center.accounts and role.id not in known]
            yield from _told_of(left, center, why)

    def _holders(self, instance: str, *, everyone: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Groups, and users, that have assignments; every group of the directory, where those are not known."""
        groups = {row["id"] for row in self.database.read(q.GROUPS_THAT_HOLD, instance=instance)}
        people = {row["id"] for query in q.PEOPLE_THAT_HOLD for row in self.database.read(query, instance=instance)}
        if everyone:
            groups |= {row["id"] for row in self.database.read(q.GROUPS_OF_INSTANCES, instance=instance)}
        return tuple(sorted(groups)), tuple(sorted(people))

    def _why(
        self,
        what: str,
        calls: tuple[str, ...],
        center: Center,
        region: str | None,
        collector: str = "identity-center",
    ) -> str | None:
        """Why something of an instance is not known: no scope of the organization told, or one was refused a call."""
        told = [one for account in sorted(center.accounts) for one in self.scopes.get((collector, account), ())]
        told = [one for one in told if region in (None, one[0].region)]
        if not told:
            return f"{what} were not read" if what.endswith("s") else f"{what} was not read"
        return next((why for one in told if (why := why_unread(what, calls, one))), None)


def _told_of(roles: Iterable[ReservedRole], center: Center, why: str) -> Iterator[PermissionSet]:
    """Permission sets of which no more is known than the reserved roles that bear their names."""
    by_name: dict[str, dict[str, str]] = {}
    for role in roles:
        if name := permission_set_name(role.name):
            by_name.setdefault(name, {})[role.account] = role.id
    for name, found in sorted(by_name.items()):
        yield PermissionSet(center.some, name, frozenset(found), roles=found, unread=why, doubt=why)


def _path(arn: str) -> str:
    """The path in a role's ARN: ``/a/b/`` of ``role/a/b/name``."""
    parsed = Arn.maybe(arn)
    resource = parsed.resource.removeprefix("role") if parsed else ""
    return resource[: resource.rfind("/") + 1]
