"""The estate read from the graph: whole, or what bears on a few principals.

The number of queries does not depend on how much there is: each reads one kind of thing, with the columns in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ..analysis.iam.estates.estate import Account, Assignment, Estate, Identity, IdentityKind, Level, Organization
from ..analysis.iam.policies.attachments import AsAttached, of_bearer, of_resource_control, of_service_control
from ..analysis.iam.policies.statements import Document, Policy
from ..analysis.identity_center import PermissionSet, ReservedRole, provisioned_as
from ..graph.database import Database
from ..schema import Arn, ScopeId, Status
from . import estate_queries as q

Row = Mapping[str, Any]
Scopes = Mapping[tuple[str, str], list[tuple[str, Row]]]
"""Scopes by account and collector, each with its id."""

IAM_CALL = "iam:GetAccountAuthorizationDetails"
"""The one call without which an account's permissions are not known."""

ORGANIZATION_CALLS = tuple(
    f"organizations:{operation}"
    for operation in (
        "DescribeOrganization",
        "ListRoots",
        "ListOrganizationalUnitsForParent",
        "ListAccounts",
        "ListAccountsForParent",
        "ListPolicies",
        "DescribePolicy",
        "ListTargetsForPolicy",
    )
)
"""The calls without which service and resource control policies are not known."""

MOST_VERSIONS = 5
"""Of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

AS_ATTACHED: Mapping[str, AsAttached] = {
    "ManagedPolicy": of_bearer,
    "InlinePolicy": of_bearer,
    "ServiceControlPolicy": of_service_control,
    "ResourceControlPolicy": of_resource_control,
}
"""What is made of a document, by the kind of its policy."""


@dataclass
class Reading:
    """One reading of the graph. Equal documents are parsed once."""

    database: Database
    documents: dict[tuple[str, AsAttached | None], Document] = field(default_factory=dict)

    def whole(self) -> Estate:
        """The whole estate."""
        read = self.database.read
        attached = _grouped((row for query in q.ATTACHED for row in read(query)), "holder", "policy")
        bounds = {row["holder"]: row["policy"] for query in q.BOUNDARIES for row in read(query)}
        groups_of = _grouped(read(q.MEMBERS), "member", "group_id")
        users = self._users(read(q.USERS), attached, bounds, groups_of)
        roles = self._roles(read(q.ROLES), attached, bounds)
        return Estate(
            **self._organization(),
            users=users,
            roles=roles,
            groups={row["id"]: attached.get(row["id"], ()) for row in read(q.GROUPS)},
            policies=dict(self._policies((kind, row) for kind, query in q.DOCUMENTS.items() for row in read(query))),
            assignments=self._assignments(roles),
            root_users={row["id"]: row["account"] for row in read(q.ROOT_USERS)},
            **self._versions(),
        )

    def of(self, ids: list[str]) -> Estate:
        """Only the users and roles with these ARNs, with what applies to them; the organization is whole."""
        read = self.database.read
        groups_of = _grouped(read(q.MEMBERS_BY_ID, ids=ids), "member", "group_id")
        groups = list(dict.fromkeys(group for found in groups_of.values() for group in found))
        holders = [*ids, *groups]
        attached = _grouped((r for query in q.ATTACHED_BY_ID for r in read(query, ids=holders)), "holder", "policy")
        bounds = {r["holder"]: r["policy"] for query in q.BOUNDARIES_BY_ID for r in read(query, ids=ids)}
        organization = self._organization()
        levels = (level for account in organization["accounts"].values() for level in account.levels)
        controls = (policy for level in levels for policy in (*level.service_control, *level.resource_control))
        wanted = [*(p for found in attached.values() for p in found), *bounds.values(), *controls]
        policies = list(dict.fromkeys(wanted))
        rows = ((kind, row) for kind, query in q.DOCUMENTS_BY_ID.items() for row in read(query, ids=policies))
        return Estate(
            **organization,
            users=self._users(read(q.USERS_BY_ID, ids=ids), attached, bounds, groups_of),
            roles=self._roles(read(q.ROLES_BY_ID, ids=ids), attached, bounds),
            groups={group: attached.get(group, ()) for group in groups},
            policies=dict(self._policies(rows)),
        )

    def _users(
        self,
        rows: Iterable[Row],
        attached: Mapping[str, tuple[str, ...]],
        bounds: Mapping[str, str],
        groups: Mapping[str, tuple[str, ...]],
    ) -> dict[str, Identity]:
        return {
            row["id"]: Identity(
                row["id"],
                IdentityKind.USER,
                row["account"],
                row["unique_id"],
                attached.get(row["id"], ()),
                groups.get(row["id"], ()),
                bounds.get(row["id"]),
                _tags(row["tags"]),
            )
            for row in rows
            if _is_listed(row)
        }

    def _roles(
        self, rows: Iterable[Row], attached: Mapping[str, tuple[str, ...]], bounds: Mapping[str, str]
    ) -> dict[str, Identity]:
        return {
            row["id"]: Identity(
                row["id"],
                IdentityKind.ROLE,
                row["account"],
                row["unique_id"],
                attached.get(row["id"], ()),
                (),
                bounds.get(row["id"]),
                _tags(row["tags"]),
                bool(row["service_linked"]),
                Policy(f"{row['id']}#trust", self._document(row["trust"], row["trust"], row["malformed"])),
            )
            for row in rows
            if _is_listed(row)
        }

    def _policies(self, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Policy]]:
        """Policies by id; those whose documents were never read are left out, and so are known to be unknown."""
        for kind, row in rows:
            if row["document"] is not None or row["malformed"] is not None:
                yield row["id"], Policy(row["id"], self._document(row["hash"], row["document"], row["malformed"], kind))

    def _versions(self) -> dict[str, Any]:
        """What is known of versions of policies that are not in force, as keyword arguments of an estate.

        A graph that was filled before those were kept has their number alone.
        """
        versions: dict[str, tuple[Policy, ...]] = {}
        for row in self.database.read(q.VERSIONS):
            document = self._document(row["hash"], row["document"], row["malformed"], "ManagedPolicy")
            versions[row["policy"]] = (*versions.get(row["policy"], ()), Policy(row["id"], document))
        counted = {row["id"]: row for row in self.database.read(q.COUNTED_VERSIONS)}
        lacking = (
            id_
            for id_, row in counted.items()
            if not row["aws_managed"] and len(versions.get(id_, ())) < row["versions"] - 1
        )
        return {
            "full_policies": frozenset(id_ for id_, row in counted.items() if row["versions"] >= MOST_VERSIONS),
            "versions": versions,
            "unread_versions": frozenset(lacking),
        }

    def _document(self, key: str | None, text: str | None, malformed: str | None, kind: str = "") -> Document:
        """The document of a policy of that kind, or of a role's trust."""
        if text is None:
            return Document.unreadable(malformed or "the document was not read")
        at = key or text, AS_ATTACHED.get(kind)
        known = self.documents.get(at)
        if known is None:
            parsed, as_attached = Document.parse(text), at[1]
            known = self.documents[at] = as_attached(parsed) if as_attached else parsed
        return known

    def _assignments(self, roles: Mapping[str, Identity]) -> tuple[Assignment, ...]:
        sets = [
            PermissionSet(row["id"], row["name"], frozenset(row["accounts"]) or None)
            for row in self.database.read(q.PERMISSION_SETS)
            if row["name"]
        ]
        if not sets:
            return ()
        reserved = (ReservedRole(role.arn, role.account, _path(role.arn), role.name) for role in roles.values())
        entries: dict[tuple[str, str], list[str]] = {}
        for edge in provisioned_as(sets, reserved):
            entries.setdefault((edge.start, str(edge.properties["account_id"])), []).append(edge.end)
        return tuple(
            Assignment(row["holder"], row["permission_set"], row["account"], role)
            for row in self.database.read(q.ASSIGNMENTS)
            for role in entries.get((row["permission_set"], row["account"]), ())
        )

    def _organization(self) -> dict[str, Any]:
        """Accounts and organizations, as keyword arguments of an estate."""
        read = self.database.read
        scopes: dict[tuple[str, str], list[tuple[str, Row]]] = {}
        for row in read(q.SCOPES):
            scope = ScopeId.parse(row["id"])
            scopes.setdefault((scope.account, scope.collector), []).append((row["id"], row))
        places = [*read(q.ROOTS), *read(q.UNITS)]
        controls = [row for query in q.CONTROLS for row in read(query)]
        organizations = {
            row["organization_id"]: _organization(row, places, scopes)
            for row in read(q.ORGANIZATIONS)
            if row["organization_id"] and _is_listed(row)
        }
        tree = _Tree(
            organizations,
            sorted((place for place in places if place["path"]), key=lambda place: len(place["path"])),
            _grouped((row for row in controls if row["kind"] == "scp"), "target", "policy"),
            _grouped((row for row in controls if row["kind"] == "rcp"), "target", "policy"),
            scopes,
        )
        return {"accounts": {row["id"]: tree.account(row) for row in read(q.ACCOUNTS)}, "organizations": organizations}


@dataclass(frozen=True)
class _Tree:
    """The organizations of the graph, into which accounts are put."""

    organizations: Mapping[str, Organization]
    places: list[Row]
    service_control: Mapping[str, tuple[str, ...]]
    resource_control: Mapping[str, tuple[str, ...]]
    scopes: Scopes

    def account(self, row: Row) -> Account:
        """One account, with what is known of its place and why the rest is not."""
        id_ = row["id"]
        iam = self.scopes.get((id_, "iam"), [])
        organization = self._of(row)
        unread = f"IAM of account {id_} was not read" if not iam else _why_unread(iam, (IAM_CALL,), f"IAM of {id_}")
        return Account(
            id_,
            row["partition"] or "aws",
            organization,
            None if organization else self._why_not_known(id_),
            row["path"],
            bool(row["management"]),
            tuple(self._levels(row)) if organization else (),
            unread,
            external=not _is_listed(row) and not iam,
        )

    def _of(self, row: Row) -> str | None:
        path = str(row["path"] or "")
        named = str(row["arn"] or "").split("/")
        for organization in self.organizations.values():
            if path.startswith(f"{organization.id}/") or organization.id in named:
                return organization.id
            if organization.management_account == row["id"]:
                return organization.id
        return None

    def _why_not_known(self, account: str) -> str | None:
        """Why it is not known whether the account is in an organization; None where it is known to be in none."""
        own = self.scopes.get((account, "organizations"))
        if not own:
            return f"the organization of account {account} was not read"
        return _why_unread(own, ORGANIZATION_CALLS, f"the organization of account {account}")

    def _levels(self, row: Row) -> Iterator[Level]:
        path = str(row["path"] or "")
        for place in self.places:
            if path.startswith(place["path"]):
                yield self._level(place["id"])
        yield self._level(row["id"])

    def _level(self, node: str) -> Level:
        return Level(node, self.service_control.get(node, ()), self.resource_control.get(node, ()))


def _organization(row: Row, places: Iterable[Row], scopes: Scopes) -> Organization:
    id_ = row["organization_id"]
    of_any = (entry for (_, collector), found in scopes.items() if collector == "organizations" for entry in found)
    own = [entry for entry in of_any if entry[0] == row["scope"]]
    types: set[str] = set()
    for place in places:
        if str(place["path"] or "").startswith(f"{id_}/") and place.get("policy_types"):
            types.update(place["policy_types"])
    governed = row["feature_set"] != "CONSOLIDATED_BILLING"
    return Organization(
        id_,
        row["management_account_id"] or "",
        governed and "SERVICE_CONTROL_POLICY" in types,
        governed and "RESOURCE_CONTROL_POLICY" in types,
        _why_unread(own, ORGANIZATION_CALLS, f"policies of organization {id_}") if governed else None,
    )


def _why_unread(scopes: Iterable[tuple[str, Row]], calls: tuple[str, ...], what: str) -> str | None:
    """Why something is not known, of the scopes that would state it; None where any of them was read well enough.

    A scope that was once complete counts as read: what it stated is kept, and its age is for the answer to say.
    """
    reason: str | None = f"{what}: no scope holds it"
    for scope, row in scopes:
        refusals = [text for text in row["refusals"] or () if _matters(text, calls)]
        good_enough = row["status"] == Status.PARTIAL and not refusals
        if row["status"] == Status.COMPLETE or row["completed_at"] or good_enough:
            return None
        reason = f"{what} could not be read: {refusals[0] if refusals else row['status']} ({scope})"
    return reason


def _matters(refusal: str, calls: tuple[str, ...]) -> bool:
    """Whether a refusal leaves something open that decisions rest on.

    A policy that is not listed has no document, which is seen where it is attached.
    """
    missing_policy = refusal.startswith("NotListed") and "the policy " in refusal
    return not missing_policy and any(call in refusal for call in calls)


def _is_listed(row: Row) -> bool:
    return bool(row["scope"] != "reference")


def _path(arn: str) -> str:
    parsed = Arn.maybe(arn)
    _, _, rest = parsed.resource.partition("/") if parsed else ("", "", "")
    folders = rest.rpartition("/")[0]
    return f"/{folders}/" if folders else "/"


def _tags(text: str | None) -> Mapping[str, str] | None:
    return None if text is None else dict(orjson.loads(text))


def _grouped(rows: Iterable[Row], by: str, what: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row[what])
    return {key: tuple(sorted(values)) for key, values in found.items()}
