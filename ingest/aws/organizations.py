"""AWS Organizations: the organization, its units and accounts, its policies and where they attach, its delegates.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html

Calls for 1,000 accounts in 100 units with 20 policies: about 1,500, of which 1,101 are for tags, the only thing asked
for one account at a time. Attachments are asked by policy (a page of 20 targets each), not by target, which would be
two calls for every account and unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...schema import Edge, Node, Ownership
from .collector import Call, Collector, Level, Page, Reader
from .documents import policy_facts
from .references import account_reference
from .values import tags, text, timestamp

NO_ORGANIZATION = ("AWSOrganizationsNotInUseException",)

POLICY_KINDS = {
    "SERVICE_CONTROL_POLICY": "ServiceControlPolicy",
    "RESOURCE_CONTROL_POLICY": "ResourceControlPolicy",
}

_PLACES = {"ROOT": "OrganizationRoot", "ORGANIZATIONAL_UNIT": "OrganizationalUnit"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A root or a unit: its path of ids, ``o-…/r-…/ou-…/``, and the names of the units on it."""

    arn: str
    path: str
    names: tuple[str, ...] = ()


@dataclass
class _Organization:
    """What is known of the organization while it is read."""

    id: str
    arn: str
    management_account: str
    places: dict[str, _Place] = field(default_factory=dict)
    """Roots and units by their ids, ``r-…`` and ``ou-…``."""
    accounts: dict[str, Page] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    """The root or unit of each account, where it is known."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """Everything; where there is no organization, nothing. A member account may read the organization alone."""
    described = reader.one("DescribeOrganization")
    if described is None:
        return
    stated = described["Organization"]
    organization = _Organization(stated["Id"], stated["Arn"], stated["MasterAccountId"])
    yield Node(
        "Organization",
        organization.arn,
        {
            "name": organization.id,
            "provider": "aws",
            "account_id": organization.management_account,
            "organization_id": organization.id,
            "management_account_id": organization.management_account,
            "feature_set": text(stated.get("FeatureSet")),
        },
    )
    roots = [root for page in reader.pages("ListRoots") for root in page.get("Roots", ())]
    units = _walk(reader, organization, roots)
    _place_accounts(reader, organization)
    tagged = _tags(reader, organization)
    yield from _tree(organization, roots, units, tagged)
    yield from _accounts(reader, organization, tagged)
    if stated.get("FeatureSet") != "CONSOLIDATED_BILLING":
        yield from _policies(reader, organization)
    yield from _delegations(reader, organization)


def _walk(reader: Reader, organization: _Organization, roots: list[Page]) -> list[tuple[str, Page]]:
    """Find all units, level by level; each with the id of what holds it. Fills ``places``."""
    for root in roots:
        organization.places[root["Id"]] = _Place(root["Arn"], f"{organization.id}/{root['Id']}/")
    units: list[tuple[str, Page]] = []
    level = [root["Id"] for root in roots]
    while level:
        asked = [{"ParentId": parent} for parent in level]
        level = []
        for params, pages in reader.many("ListOrganizationalUnitsForParent", asked):
            parent = organization.places[params["ParentId"]]
            for unit in (unit for page in pages for unit in page.get("OrganizationalUnits", ())):
                names = (*parent.names, unit["Name"])
                organization.places[unit["Id"]] = _Place(unit["Arn"], f"{parent.path}{unit['Id']}/", names)
                units.append((params["ParentId"], unit))
                level.append(unit["Id"])
    return units


def _place_accounts(reader: Reader, organization: _Organization) -> None:
    """List the accounts and find what holds each: newer responses say so, older ones are asked by unit."""
    for page in reader.pages("ListAccounts"):
        organization.accounts.update({account["Id"]: account for account in page.get("Accounts", ())})
    for account_id, account in organization.accounts.items():
        parent = _parent_of(account)
        if parent in organization.places:
            organization.parents[account_id] = parent
    if len(organization.parents) == len(organization.accounts) and organization.accounts:
        return
    asked = [{"ParentId": place} for place in organization.places]
    for params, pages in reader.many("ListAccountsForParent", asked):
        for account in (account for page in pages for account in page.get("Accounts", ())):
            organization.accounts.setdefault(account["Id"], account)
            organization.parents[account["Id"]] = params["ParentId"]


def _parent_of(account: Page) -> str:
    """The root or unit that an account's own path ends in; empty where it gives no path.

    ``o-…/r-…/ou-…/111122223333/`` gives ``ou-…``.
    """
    paths = account.get("Paths") or [""]
    places = [part for part in paths[0].split("/") if part.startswith(("r-", "ou-"))]
    return places[-1] if places else ""


def _tags(reader: Reader, organization: _Organization) -> Mapping[str, str]:
    """Tags of roots, units and accounts, by id; what was refused is absent."""
    asked = [{"ResourceId": one} for one in (*organization.places, *organization.accounts)]
    return {
        params["ResourceId"]: tags([tag for page in pages for tag in page.get("Tags", ())])
        for params, pages in reader.many("ListTagsForResource", asked)
        if pages
    }


def _tree(
    organization: _Organization, roots: list[Page], units: list[tuple[str, Page]], tagged: Mapping[str, str]
) -> Iterator[Node | Edge]:
    for root in roots:
        enabled = [one["Type"] for one in root.get("PolicyTypes", ()) if one.get("Status") == "ENABLED"]
        yield Node(
            "OrganizationRoot",
            root["Arn"],
            {
                "name": text(root.get("Name")),
                "provider": "aws",
                "account_id": organization.management_account,
                "tags": tagged.get(root["Id"]),
                "path": organization.places[root["Id"]].path,
                "policy_types": sorted(enabled),
            },
        )
        yield Edge("CONTAINS", organization.arn, root["Arn"])
    for parent, unit in units:
        place = organization.places[unit["Id"]]
        yield Node(
            "OrganizationalUnit",
            unit["Arn"],
            {
                "name": text(unit["Name"]),
                "provider": "aws",
                "account_id": organization.management_account,
                "tags": tagged.get(unit["Id"]),
                "unit_id": unit["Id"],
                "path": place.path,
                "path_names": list(place.names),
            },
        )
        yield Edge("CONTAINS", organization.places[parent].arn, unit["Arn"])


def _accounts(reader: Reader, organization: _Organization, tagged: Mapping[str, str]) -> Iterator[Node | Edge]:
    for account_id, account in organization.accounts.items():
        place = organization.places.get(organization.parents.get(account_id, ""))
        yield Node(
            "Account",
            account_id,
            {
                "name": text(account.get("Name")),
                "provider": "aws",
                "account_id": account_id,
                "tags": tagged.get(account_id),
                "arn": text(account.get("Arn")),
                "partition": reader.partition,
                "email": text(account.get("Email")),
                "state": text(account.get("State") or account.get("Status")),
                "management": account_id == organization.management_account,
                "joined_at": timestamp(account.get("JoinedTimestamp")),
                "joined_method": text(account.get("JoinedMethod")),
                "path": place.path if place else None,
                "path_names": list(place.names) if place else None,
            },
        )
        if place:
            yield Edge("CONTAINS", place.arn, account_id)


def _policies(reader: Reader, organization: _Organization) -> Iterator[Node | Edge]:
    """Service and resource control policies with their statements, and what they are attached to."""
    listed: dict[str, Page] = {}
    for kind in POLICY_KINDS:
        for page in reader.pages("ListPolicies", Filter=kind):
            listed.update({policy["Id"]: policy for policy in page.get("Policies", ())})
    asked = [{"PolicyId": policy_id} for policy_id in listed]
    for params, pages in reader.many("DescribePolicy", asked):
        yield from _policy(organization, listed[params["PolicyId"]], pages)
    for params, pages in reader.many("ListTargetsForPolicy", asked):
        policy = listed[params["PolicyId"]]
        for target in (target for page in pages for target in page.get("Targets", ())):
            yield from _attachment(organization, policy, target)


def _policy(organization: _Organization, summary: Page, pages: list[Page]) -> Iterator[Node | Edge]:
    kind = POLICY_KINDS[summary["Type"]]
    properties: dict[str, Any] = {
        "name": text(summary.get("Name")),
        "provider": "aws",
        "account_id": organization.management_account,
        "description": text(summary.get("Description")),
        "aws_managed": bool(summary.get("AwsManaged")),
    }
    if pages:
        yield from policy_facts(kind, summary["Arn"], pages[0]["Policy"].get("Content"), properties)
    else:
        yield Node(kind, summary["Arn"], {**properties, "malformed": "the document could not be read"})


def _attachment(organization: _Organization, policy: Page, target: Page) -> Iterator[Node | Edge]:
    """One attachment; its end is stated as a reference, in case the tree could not be read."""
    match target["Type"]:
        case "ACCOUNT":
            yield account_reference(target["TargetId"])
            end = target["TargetId"]
        case kind:
            end = target["Arn"]
            stated = {
                "name": text(target.get("Name")),
                "provider": "aws",
                "account_id": organization.management_account,
            }
            yield Node(_PLACES[kind], end, stated, Ownership.REFERENCE)
    yield Edge("ATTACHED_TO", policy["Arn"], end)


def _delegations(reader: Reader, organization: _Organization) -> Iterator[Node | Edge]:
    """Accounts that administer services for the organization."""
    pages = reader.pages("ListDelegatedAdministrators")
    delegates = [delegate["Id"] for page in pages for delegate in page.get("DelegatedAdministrators", ())]
    asked = [{"AccountId": delegate} for delegate in delegates]
    for params, answers in reader.many("ListDelegatedServicesForAccount", asked):
        account = params["AccountId"]
        yield account_reference(account)
        for service in (service for page in answers for service in page.get("DelegatedServices", ())):
            since = timestamp(service.get("DelegationEnabledDate"))
            principal = service["ServicePrincipal"]
            yield Edge("DELEGATES_TO", organization.arn, account, {"service": principal, "since": since}, key=principal)


def _call(operation: str, *absent: str) -> Call:
    return Call("organizations", operation, (f"organizations:{operation}",), absent)


COLLECTOR = Collector(
    name="organizations",
    level=Level.ORGANIZATION,
    calls=(
        _call("DescribeOrganization", *NO_ORGANIZATION),
        _call("ListRoots"),
        _call("ListOrganizationalUnitsForParent"),
        _call("ListAccounts"),
        _call("ListAccountsForParent"),
        _call("ListTagsForResource"),
        _call("ListPolicies", "UnsupportedAPIEndpointException"),
        _call("DescribePolicy"),
        _call("ListTargetsForPolicy"),
        _call("ListDelegatedAdministrators"),
        _call("ListDelegatedServicesForAccount", "AccountNotRegisteredException"),
    ),
    collect=collect,
    description="The organization, its units and accounts, its policies and where they attach, its delegates.",
)
