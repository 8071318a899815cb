"""What is read of Identity Center, from answers that botocore would give."""

from __future__ import annotations

import json

import pytest
from muniment.schema import Edge, Status

from .answers import Answers, edges, nodes, read

MANAGEMENT = "111111111111"
OPERATOR = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-aaaaaaaaaaaaaaaa"
READ_ONLY = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-bbbbbbbbbbbbbbbb"
GROUP = "arn:aws:identitystore:::group/11111111-0000-0000-0000-00000000000g"
ZOE = "arn:aws:identitystore:::user/11111111-0000-0000-0000-0000000000u1"
GONE = "arn:aws:identitystore:::user/11111111-0000-0000-0000-0000000000u2"
LEFT = "arn:aws:identitystore:::user/11111111-0000-0000-0000-0000000000u3"


def identity_center(region: str = "eu-west-1", **errors: str):
    return read(Answers("identity-center", **errors), "identity-center", MANAGEMENT, region)


def test_permission_sets_of_every_page_are_read_with_all_their_policies():
    reader, facts = identity_center()

    assert reader.status is Status.COMPLETE
    sets = nodes(facts, "PermissionSet")
    assert set(sets) == {OPERATOR, READ_ONLY}
    operator = sets[OPERATOR].properties
    assert operator["name"] == "Production_Operator"
    assert operator["session_duration"] == "PT4H"
    assert operator["created_at"] == "2021-02-03T04:05:06Z"
    assert operator["customer_policies"] == ["/base", "/operations/repair"]
    assert operator["boundary_customer_policy"] == "/limit"
    assert json.loads(str(operator["tags"])) == {"tier": "privileged"}
    assert sets[READ_ONLY].properties["customer_policies"] == []
    assert edges(facts, "ATTACHED_TO") == {
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", READ_ONLY),
        (f"{OPERATOR}/inline-policy/AwsSSOInlinePolicy", OPERATOR),
    }
    statement = nodes(facts, "Statement")[f"{OPERATOR}/inline-policy/AwsSSOInlinePolicy#1"]
    assert statement.properties["actions"] == ["ecs:UpdateService"]


def test_assignments_are_kept_by_account():
    _, facts = identity_center()

    held = {(fact.start, fact.key) for fact in facts if isinstance(fact, Edge) and fact.type == "ASSIGNED_TO"}
    assert held == {(GROUP, "333333333333"), (GROUP, "444444444444"), (LEFT, "333333333333")}
    assert edges(facts, "PROVISIONED_IN") == {(OPERATOR, "333333333333"), (OPERATOR, "444444444444")}


def test_people_are_read_with_their_state_and_their_groups():
    _, facts = identity_center()

    people = nodes(facts, "IdentityCenterUser")
    assert people[ZOE].properties["name"] == 'Zoë "Z" O\'Connor'
    assert people[ZOE].properties["email"] == "zoe@halden.example"
    assert people[ZOE].properties["active"] is True
    assert json.loads(str(people[ZOE].properties["external_ids"])) == {"https://idp.example": "4711"}
    assert people[GONE].properties["name"] == "gone@halden.example"
    assert people[GONE].properties["active"] is False
    assert edges(facts, "MEMBER_OF") == {(ZOE, GROUP)}


def test_someone_assigned_who_left_the_directory_is_not_lost():
    _, facts = identity_center()

    assert nodes(facts, "IdentityCenterUser")[LEFT].ownership == "reference"


def test_a_region_without_an_instance_is_complete_and_empty():
    reader, facts = identity_center("us-east-1")

    assert (reader.status, facts) == (Status.COMPLETE, [])


def test_a_replica_is_left_to_the_primary_region():
    reader, facts = identity_center("eu-central-1")

    assert (reader.status, facts) == (Status.COMPLETE, [])


def test_an_instance_of_one_account_has_no_permission_sets():
    reader, facts = identity_center("ap-south-1")

    assert reader.status is Status.COMPLETE
    assert len(nodes(facts, "IdentityCenterInstance")) == 1
    assert not nodes(facts, "PermissionSet")


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("ListUsers", "identitystore:ListUsers"),
        ("GetInlinePolicyForPermissionSet", "sso:GetInlinePolicyForPermissionSet"),
        ("ListAccountAssignments", "sso:ListAccountAssignments"),
        ("DescribePermissionSet", "sso:DescribePermissionSet"),
        ("GetPermissionsBoundaryForPermissionSet", "sso:GetPermissionsBoundaryForPermissionSet"),
    ],
)
def test_what_is_refused_makes_the_scope_partial_and_loses_nothing_else(operation: str, action: str):
    reader, facts = identity_center(**{operation: "AccessDeniedException"})

    assert reader.status is Status.PARTIAL
    assert {refusal.action for refusal in reader.refusals} == {action}
    assert set(nodes(facts, "PermissionSet")) == {OPERATOR, READ_ONLY}
    ends = {end for fact in facts if isinstance(fact, Edge) for end in (fact.start, fact.end)}
    assert ends <= {fact.id for fact in facts if not isinstance(fact, Edge)}


def test_a_customer_policy_that_could_not_be_listed_is_unknown_and_not_none():
    _, facts = identity_center(ListCustomerManagedPolicyReferencesInPermissionSet="AccessDeniedException")

    assert nodes(facts, "PermissionSet")[OPERATOR].properties["customer_policies"] is None


def test_refused_from_the_first_call_is_denied():
    reader, facts = identity_center(ListInstances="AccessDeniedException")

    assert (reader.status, facts) == (Status.DENIED, [])
