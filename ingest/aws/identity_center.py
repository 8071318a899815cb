"""IAM Identity Center: permission sets with all their policies, assignments, users, groups and memberships.

https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Operations.html
https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Operations.html

The reserved roles that permission sets become are found beside the other roles of their accounts, by ``iam``: which is
whose is concluded later, for their names end in digits that Identity Center does not tell.

Calls: seven for a permission set, one for every account that it is provisioned to, one for every group, and the pages
of users and groups: 100 to a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...schema import Edge, Node, Ownership
from .collector import Call, Collector, Level, Page, Params, Reader
from .documents import policy_facts
from .references import account_reference, policy_reference
from .values import json_text, tags, text, timestamp

INLINE_POLICY = "AwsSSOInlinePolicy"
"""The name that the inline policy of a permission set gets in the roles made of it."""

_PRINCIPALS = {"USER": ("IdentityCenterUser", "user"), "GROUP": ("IdentityCenterGroup", "group")}


@dataclass(frozen=True, slots=True)
class _Instance:
    arn: str
    store: str
    owner: str
    """The account that holds it."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """What the instances at home in this region hold; in most regions there are none."""
    for page in reader.pages("ListInstances"):
        for stated in page.get("Instances", ()):
            if stated.get("PrimaryRegion") in (None, reader.region):
                yield from _instance(reader, stated)


def _instance(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    owner = stated.get("OwnerAccountId") or reader.scope.account
    instance = _Instance(stated["InstanceArn"], stated["IdentityStoreId"], owner)
    yield Node(
        "IdentityCenterInstance",
        instance.arn,
        {
            **_common(reader, instance, stated.get("Name")),
            "identity_store_id": instance.store,
            "status": text(stated.get("Status")),
            "created_at": timestamp(stated.get("CreatedDate")),
        },
    )
    yield from _directory(reader, instance)
    yield from _permission_sets(reader, instance)


def _common(reader: Reader, instance: _Instance, name: object) -> dict[str, Any]:
    return {"name": text(name), "provider": "aws", "account_id": instance.owner, "region": reader.region}


def _principal_id(reader: Reader, kind: str, principal: str) -> str:
    return f"arn:{reader.partition}:identitystore:::{_PRINCIPALS[kind][1]}/{principal}"


def _reference(kind: str, principal_id: str, instance: _Instance) -> Node:
    """A user or group that may not be in the directory any more, or whose directory could not be read."""
    stated = {"name": principal_id.rpartition("/")[2], "provider": "aws", "account_id": instance.owner}
    return Node(_PRINCIPALS[kind][0], principal_id, stated, Ownership.REFERENCE)


def _directory(reader: Reader, instance: _Instance) -> Iterator[Node | Edge]:
    """Users, groups and who belongs to which."""
    store = {"IdentityStoreId": instance.store}
    for page in reader.pages("ListUsers", **store):
        for user in page.get("Users", ()):
            user_id = _principal_id(reader, "USER", user["UserId"])
            name = user.get("DisplayName") or user.get("UserName")
            yield Node("IdentityCenterUser", user_id, {**_common(reader, instance, name), **_user(user)})
            yield Edge("CONTAINS", instance.arn, user_id)
    groups = [group for page in reader.pages("ListGroups", **store) for group in page.get("Groups", ())]
    for group in groups:
        group_id = _principal_id(reader, "GROUP", group["GroupId"])
        stated = {
            **_common(reader, instance, group.get("DisplayName")),
            "unique_id": group["GroupId"],
            "description": text(group.get("Description")),
            "external_ids": _external_ids(group),
        }
        yield Node("IdentityCenterGroup", group_id, stated)
        yield Edge("CONTAINS", instance.arn, group_id)
    asked = [{**store, "GroupId": group["GroupId"]} for group in groups]
    for params, pages in reader.many("ListGroupMemberships", asked):
        for membership in (membership for page in pages for membership in page.get("GroupMemberships", ())):
            member = membership.get("MemberId", {}).get("UserId")
            if member:
                user_id = _principal_id(reader, "USER", member)
                yield _reference("USER", user_id, instance)
                yield Edge("MEMBER_OF", user_id, _principal_id(reader, "GROUP", params["GroupId"]))


def _user(user: Page) -> dict[str, Any]:
    emails: Sequence[Page] = user.get("Emails") or ()
    primary = next((email for email in emails if email.get("Primary")), emails[0] if emails else {})
    status = user.get("UserStatus")
    return {
        "unique_id": user["UserId"],
        "user_name": text(user.get("UserName")),
        "email": text(primary.get("Value")),
        "external_ids": _external_ids(user),
        "active": status == "ENABLED" if status else None,
    }


def _external_ids(principal: Page) -> str | None:
    ids = {one["Issuer"]: one["Id"] for one in principal.get("ExternalIds") or ()}
    return json_text(ids, ordered=False) if ids else None


def _permission_sets(reader: Reader, instance: _Instance) -> Iterator[Node | Edge]:
    """Permission sets, their policies, where they are provisioned and who holds them."""
    pages = reader.pages("ListPermissionSets", InstanceArn=instance.arn)
    arns = [arn for page in pages for arn in page.get("PermissionSets", ())]
    which = [{"InstanceArn": instance.arn, "PermissionSetArn": arn} for arn in arns]
    for arn in arns:
        yield Edge("CONTAINS", instance.arn, arn)
    described = _by_set(reader, "DescribePermissionSet", which)
    references = _by_set(reader, "ListCustomerManagedPolicyReferencesInPermissionSet", which)
    boundaries = _by_set(reader, "GetPermissionsBoundaryForPermissionSet", which)
    asked = [{"InstanceArn": instance.arn, "ResourceArn": arn} for arn in arns]
    tagged = {params["ResourceArn"]: pages for params, pages in reader.many("ListTagsForResource", asked)}
    for arn in arns:
        boundary = boundaries[arn][0].get("PermissionsBoundary", {}) if boundaries[arn] else {}
        stated = described[arn][0]["PermissionSet"] if described[arn] else {}
        yield Node(
            "PermissionSet",
            arn,
            {
                **_common(reader, instance, stated.get("Name")),
                "tags": tags([tag for page in tagged[arn] for tag in page.get("Tags", ())]) if tagged[arn] else None,
                "description": text(stated.get("Description")),
                "session_duration": text(stated.get("SessionDuration")),
                "relay_state": text(stated.get("RelayState")),
                "created_at": timestamp(stated.get("CreatedDate")),
                "customer_policies": _customer_policies(references[arn]),
                "boundary_customer_policy": _path_and_name(boundary.get("CustomerManagedPolicyReference")),
            },
        )
        if boundary.get("ManagedPolicyArn"):
            yield policy_reference(boundary["ManagedPolicyArn"])
            yield Edge("BOUNDED_BY", arn, boundary["ManagedPolicyArn"])
    yield from _policies(reader, instance, which)
    yield from _assignments(reader, instance, which)


def _by_set(reader: Reader, operation: str, which: Sequence[Params]) -> Mapping[str, list[Page]]:
    """Response pages by permission set; none where the call was refused, or there is nothing."""
    return {params["PermissionSetArn"]: pages for params, pages in reader.many(operation, which)}


def _customer_policies(pages: list[Page]) -> list[str] | None:
    if not pages:
        return None
    listed = (one for page in pages for one in page.get("CustomerManagedPolicyReferences", ()))
    return sorted(name for name in map(_path_and_name, listed) if name)


def _path_and_name(reference: Mapping[str, Any] | None) -> str | None:
    """``/path/name`` of a policy that each account supplies: what follows ``policy`` in its ARN."""
    return f"{reference.get('Path') or '/'}{reference['Name']}" if reference else None


def _policies(reader: Reader, instance: _Instance, which: Sequence[Params]) -> Iterator[Node | Edge]:
    for params, pages in reader.many("ListManagedPoliciesInPermissionSet", which):
        for attached in (attached for page in pages for attached in page.get("AttachedManagedPolicies", ())):
            yield policy_reference(attached["Arn"])
            yield Edge("ATTACHED_TO", attached["Arn"], params["PermissionSetArn"])
    for params, pages in reader.many("GetInlinePolicyForPermissionSet", which):
        holder = params["PermissionSetArn"]
        document = pages[0].get("InlinePolicy") if pages else None
        if document:
            policy_id = f"{holder}/inline-policy/{INLINE_POLICY}"
            yield from policy_facts("InlinePolicy", policy_id, document, _common(reader, instance, INLINE_POLICY))
            yield Edge("ATTACHED_TO", policy_id, holder)


def _assignments(reader: Reader, instance: _Instance, which: Sequence[Params]) -> Iterator[Node | Edge]:
    """Accounts that permission sets are provisioned to, and who is assigned them there."""
    asked: list[dict[str, Any]] = []
    for params, pages in reader.many("ListAccountsForProvisionedPermissionSet", which):
        for account in sorted({account for page in pages for account in page.get("AccountIds", ())}):
            yield account_reference(account)
            yield Edge("PROVISIONED_IN", params["PermissionSetArn"], account)
            asked.append({**params, "AccountId": account})
    for params, pages in reader.many("ListAccountAssignments", asked):
        for held in (held for page in pages for held in page.get("AccountAssignments", ())):
            kind = held["PrincipalType"]
            holder = _principal_id(reader, kind, held["PrincipalId"])
            yield _reference(kind, holder, instance)
            account = params["AccountId"]
            yield Edge("ASSIGNED_TO", holder, params["PermissionSetArn"], {"account_id": account}, key=account)


def _call(operation: str, *absent: str) -> Call:
    return Call("sso-admin", operation, (f"sso:{operation}",), absent)


COLLECTOR = Collector(
    name="identity-center",
    level=Level.ORGANIZATION_REGION,
    delegate="sso.amazonaws.com",
    calls=(
        _call("ListInstances"),
        # An instance of a single account holds no permission sets, and answers so.
        _call("ListPermissionSets", "ValidationException"),
        _call("DescribePermissionSet"),
        _call("ListManagedPoliciesInPermissionSet"),
        _call("ListCustomerManagedPolicyReferencesInPermissionSet"),
        _call("GetInlinePolicyForPermissionSet"),
        _call("GetPermissionsBoundaryForPermissionSet", "ResourceNotFoundException"),
        _call("ListTagsForResource"),
        _call("ListAccountsForProvisionedPermissionSet"),
        _call("ListAccountAssignments"),
        Call("identitystore", "ListUsers", ("identitystore:ListUsers",)),
        Call("identitystore", "ListGroups", ("identitystore:ListGroups",)),
        Call("identitystore", "ListGroupMemberships", ("identitystore:ListGroupMemberships",)),
    ),
    collect=collect,
    description="Permission sets with their policies, assignments, users, groups and memberships.",
)
