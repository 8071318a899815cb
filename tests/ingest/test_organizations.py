"""What is read of AWS Organizations: from the emulated cloud, and from responses newer than it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.schema import Edge, Listing, Node, Status

from .answers import Answers, edges, nodes, read
from .cloud import MANAGEMENT, Cloud

NEW = "111111111111"
ROOT = "arn:aws:organizations::111111111111:root/o-aaaaaaaaaa/r-root"
WORKLOADS = "arn:aws:organizations::111111111111:ou/o-aaaaaaaaaa/ou-root-workloads"
PRODUCTION = "arn:aws:organizations::111111111111:ou/o-aaaaaaaaaa/ou-root-production"
REGIONS = "arn:aws:organizations::111111111111:policy/o-aaaaaaaaaa/service_control_policy/p-regions"
FULL_ACCESS = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"

DENY_LEAVING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}],
}


def organization(**errors: str):
    return read(Answers("organizations", **errors), "organizations", NEW)


def listing(entrance: Entrance) -> Listing:
    source = LiveSource(entrance)
    (only,) = listings(discover(source, Request(collectors=("organizations",))), source)
    return only


@pytest.fixture
def units(cloud: Cloud) -> dict[str, str]:
    """An organization with units in units and an account at the bottom; ids by name."""
    client = cloud.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    ids = {"root": root}
    parent = root
    for name in ("Workloads", "Production", "Payments"):
        made = client.create_organizational_unit(ParentId=parent, Name=name)
        parent = ids[name] = made["OrganizationalUnit"]["Id"]
    account: dict[str, Any] = client.create_account(
        AccountName="payments-prod",
        Email="payments@halden.example",
        Tags=[{"Key": "environment", "Value": "production"}],
    )["CreateAccountStatus"]
    ids["account"] = account["AccountId"]
    client.move_account(AccountId=ids["account"], SourceParentId=root, DestinationParentId=parent)
    policy = client.create_policy(
        Content=json.dumps(DENY_LEAVING), Description="Stay.", Name="stay", Type="SERVICE_CONTROL_POLICY"
    )
    ids["policy"] = policy["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=ids["policy"], TargetId=ids["Production"])
    client.register_delegated_administrator(AccountId=ids["account"], ServicePrincipal="guardduty.amazonaws.com")
    return ids


def facts_of(read_listing: Listing) -> list[Node | Edge]:
    return [*read_listing.nodes, *read_listing.edges]


def test_an_account_knows_the_units_above_it(units: dict[str, str], entrance: Entrance):
    found = listing(entrance)

    assert found.status is Status.COMPLETE
    account = nodes(facts_of(found), "Account")[units["account"]].properties
    assert account["path_names"] == ["Workloads", "Production", "Payments"]
    assert str(account["path"]).endswith(
        f"/{units['root']}/{units['Workloads']}/{units['Production']}/{units['Payments']}/"
    )
    assert json.loads(str(account["tags"])) == {"environment": "production"}
    assert (account["management"], account["state"]) == (False, "ACTIVE")
    assert nodes(facts_of(found), "Account")[MANAGEMENT].properties["management"] is True


def test_policies_are_attached_where_they_were_attached(units: dict[str, str], entrance: Entrance):
    facts = facts_of(listing(entrance))

    policies = nodes(facts, "ServiceControlPolicy")
    stay = next(arn for arn, policy in policies.items() if policy.properties["name"] == "stay")
    assert {end.rpartition("/")[2] for start, end in edges(facts, "ATTACHED_TO") if start == stay} == {
        units["Production"]
    }
    assert nodes(facts, "Statement")[f"{stay}#1"].properties["actions"] == ["organizations:LeaveOrganization"]


def test_delegated_services_are_read(units: dict[str, str], entrance: Entrance):
    facts = facts_of(listing(entrance))

    (delegation,) = [fact for fact in facts if isinstance(fact, Edge) and fact.type == "DELEGATES_TO"]
    assert (delegation.end, delegation.properties["service"]) == (units["account"], "guardduty.amazonaws.com")


def test_without_an_organization_there_is_nothing_and_nothing_is_missing(cloud: Cloud, entrance: Entrance):
    found = listing(entrance)

    assert (found.status, list(found.nodes), list(found.refusals)) == (Status.COMPLETE, [], [])


def test_one_refused_call_leaves_the_rest(units: dict[str, str], cloud: Cloud, entrance: Entrance):
    cloud.front.answer("AccessDeniedException", operation="ListTargetsForPolicy")

    found = listing(entrance)

    assert found.status is Status.PARTIAL
    assert [refusal.action for refusal in found.refusals] == ["organizations:ListTargetsForPolicy"]
    assert units["account"] in nodes(facts_of(found), "Account")
    assert len(nodes(facts_of(found), "ServiceControlPolicy")) == 2


def test_a_member_account_reads_the_organization_alone(units: dict[str, str], cloud: Cloud, entrance: Entrance):
    for operation in {call.operation for call in collector_calls()} - {"DescribeOrganization"}:
        cloud.front.answer("AccessDeniedException", service="organizations", operation=operation)

    found = listing(entrance)

    assert found.status is Status.PARTIAL
    assert [node.kind for node in found.nodes] == ["Organization"]
    assert found.nodes[0].properties["management_account_id"] == MANAGEMENT


def test_all_refused_is_denied(units: dict[str, str], cloud: Cloud, entrance: Entrance):
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("organizations",)))
    cloud.front.answer("AccessDeniedException", service="organizations")

    (found,) = listings(plan, source)

    assert (found.status, list(found.nodes)) == (Status.DENIED, [])


def test_attachments_are_asked_by_policy(units: dict[str, str], cloud: Cloud, entrance: Entrance):
    client = cloud.client("organizations")
    for number in range(30):
        client.create_account(AccountName=f"sandbox-{number}", Email=f"sandbox-{number}@halden.example")
    cloud.front.seen.clear()

    found = listing(entrance)

    policies = len(nodes(facts_of(found), "ServiceControlPolicy")) + len(
        nodes(facts_of(found), "ResourceControlPolicy")
    )
    assert len(cloud.front.calls("ListTargetsForPolicy")) == policies
    assert not cloud.front.calls("ListPoliciesForTarget")


def test_newer_responses_place_accounts_themselves():
    source = Answers("organizations")
    reader, facts = read(source, "organizations", NEW)

    assert reader.status is Status.COMPLETE
    assert "ListAccountsForParent" not in source.asked
    payments = nodes(facts, "Account")["222222222222"].properties
    assert payments["path"] == "o-aaaaaaaaaa/r-root/ou-root-workloads/ou-root-production/"
    assert payments["path_names"] == ["Workloads", "Prod`uction"]
    assert payments["state"] == "PENDING_CLOSURE"
    assert json.loads(str(payments["tags"])) == {"environment": "production", "owner": "Zoë"}
    assert edges(facts, "CONTAINS") == {
        ("arn:aws:organizations::111111111111:organization/o-aaaaaaaaaa", ROOT),
        (ROOT, WORKLOADS),
        (WORKLOADS, PRODUCTION),
        (ROOT, "111111111111"),
        (PRODUCTION, "222222222222"),
    }


def test_only_enabled_policy_types_are_in_force():
    _, facts = organization()

    assert nodes(facts, "OrganizationRoot")[ROOT].properties["policy_types"] == ["SERVICE_CONTROL_POLICY"]


def test_attachments_of_every_page_are_read():
    _, facts = organization()

    assert edges(facts, "ATTACHED_TO") == {(FULL_ACCESS, ROOT), (FULL_ACCESS, "222222222222"), (REGIONS, PRODUCTION)}
    statement = nodes(facts, "Statement")[f"{REGIONS}#1"].properties
    assert statement["not_actions"] == ["iam:*", "sts:*"]
    assert json.loads(str(statement["conditions"])) == {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}


def test_resource_control_policies_that_a_partition_has_not_are_none():
    reader, facts = organization()

    assert reader.status is Status.COMPLETE
    assert not nodes(facts, "ResourceControlPolicy")


def test_a_policy_whose_document_is_refused_is_there_and_not_understood():
    reader, facts = organization(DescribePolicy="AccessDeniedException")

    assert reader.status is Status.PARTIAL
    assert nodes(facts, "ServiceControlPolicy")[REGIONS].properties["malformed"]
    assert (REGIONS, PRODUCTION) in edges(facts, "ATTACHED_TO")


def test_when_the_tree_is_refused_accounts_have_no_place_and_attachments_still_have_ends():
    reader, facts = organization(ListRoots="AccessDeniedException")

    assert reader.status is Status.PARTIAL
    assert nodes(facts, "Account")["222222222222"].properties["path"] is None
    assert nodes(facts, "OrganizationalUnit")[PRODUCTION].ownership == "reference"


def test_tags_that_are_refused_are_unknown_and_not_none():
    _, facts = organization(ListTagsForResource="AccessDeniedException")

    assert nodes(facts, "Account")["222222222222"].properties["tags"] is None


def collector_calls():
    from muniment.ingest.aws import collectors

    return collectors()["organizations"].calls
