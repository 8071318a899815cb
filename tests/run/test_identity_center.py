"""IAM Identity Center as the graph gives it back to the analysis of escalation, and what follows, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muniment.analysis.escalation.center import Center
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.writer import Writer
from muniment.ingest.aws.documents import policy_facts
from muniment.queries.becoming import who_can_become
from muniment.run.estate import load_estate
from muniment.run.identity_center import load_centers
from muniment.schema import Edge, Listing, Node, Refusal, Status

from .test_estate import (
    ADMIN,
    CLOSED,
    HOME,
    MEMBER,
    NOW,
    ORGANIZATION,
    allow,
    iam,
    listing,
    organization,
    role,
    statements,
)
from .test_surroundings import conclude_all

INSTANCE = "arn:aws:sso:::instance/ssoins-1"
OPS, NAMELESS = "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "arn:aws:sso:::permissionSet/ssoins-1/ps-2"
PEOPLE, OTHERS = "arn:aws:identitystore:::group/g", "arn:aws:identitystore:::group/h"
ANNA, BERT = "arn:aws:identitystore:::user/a", "arn:aws:identitystore:::user/b"
RESERVED = f"arn:aws:iam::{MEMBER}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef"
CLERK, JOINER = f"arn:aws:iam::{HOME}:user/clerk", f"arn:aws:iam::{HOME}:user/joiner"
PROVIDER = f"arn:aws:iam::{MEMBER}:saml-provider/AWSSSO_1_DO_NOT_DELETE"
SCOPE = f"aws/{HOME}/eu-west-1/identity-center"


def management() -> Iterator[Node | Edge]:
    """Users of the management account: a clerk may assign permission sets, another user change groups."""
    for user, action in ((CLERK, "sso:CreateAccountAssignment"), (JOINER, "identitystore:CreateGroupMembership")):
        inline = f"{user}/inline-policy/p"
        yield Node("User", user, {"name": user.rpartition("/")[2], "account_id": HOME, "tags": "{}"})
        yield from policy_facts("InlinePolicy", inline, statements(allow(action)), {})
        yield Edge("ATTACHED_TO", inline, user)


def directory() -> Iterator[Node | Edge]:
    place = {"account_id": HOME, "region": "eu-west-1"}
    yield Node("IdentityCenterInstance", INSTANCE, {**place, "identity_store_id": "d-1"})
    yield Node("PermissionSet", OPS, {**place, "name": "Ops", "tags": '{"t": "a"}', "customer_policies": ["/own"]})
    yield Node("PermissionSet", NAMELESS, {**place, "boundary_customer_policy": "/limit"})
    for one in (OPS, NAMELESS):
        yield Edge("CONTAINS", INSTANCE, one)
    yield from (Edge("ATTACHED_TO", ADMIN, OPS), Edge("BOUNDED_BY", OPS, ADMIN), Edge("PROVISIONED_IN", OPS, MEMBER))
    for group in (PEOPLE, OTHERS):
        yield Node("IdentityCenterGroup", group, {"account_id": HOME})
        yield Edge("CONTAINS", INSTANCE, group)
    for person in (ANNA, BERT):
        yield Node("IdentityCenterUser", person, {"account_id": HOME})
    yield from (Edge("MEMBER_OF", ANNA, PEOPLE), Edge("MEMBER_OF", BERT, OTHERS))
    yield Edge("ASSIGNED_TO", PEOPLE, OPS, {"account_id": MEMBER}, MEMBER)


def fill(database: Database, *more: Listing) -> None:
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    delegated = Edge("DELEGATES_TO", ORGANIZATION, CLOSED, {"service": "sso.amazonaws.com"}, "sso.amazonaws.com")
    trust: dict[str, Any] = {"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithSAML"}
    organized = [*organization(), delegated]
    for found in (
        listing(f"aws/{HOME}/global/organizations", organized),
        listing(f"aws/{HOME}/global/iam", management()),
        listing(f"aws/{MEMBER}/global/iam", [*iam(), *role(RESERVED, trust)]),
        *more,
    ):
        writer.write(found)
    lease.release()


def centers(database: Database) -> tuple[Center, ...]:
    return load_centers(database, load_estate(database))


def refused(*calls: str) -> Listing:
    """The directory, read without some calls, and never read before."""
    facts = list(directory())
    nodes, edges = [f for f in facts if isinstance(f, Node)], [f for f in facts if isinstance(f, Edge)]
    refusals = tuple(Refusal(call, "AccessDenied") for call in calls)
    scope = listing(SCOPE, []).scope
    return Listing(scope, nodes, edges, Status.PARTIAL, refusals, finished_at="2026-01-31T00:00:00Z")


def test_an_instance_comes_back_from_the_graph(database: Database) -> None:
    fill(database, listing(SCOPE, directory()))
    (center,) = centers(database)
    assert (center.instance, center.account, center.region) == (INSTANCE, HOME, "eu-west-1")
    assert center.store == f"arn:aws:identitystore::{HOME}:identitystore/d-1"
    assert center.accounts == {HOME, MEMBER, CLOSED}
    assert center.delegates == {CLOSED}
    assert (center.groups, center.people) == ((PEOPLE,), (ANNA,))
    assert (center.unread, center.delegates_unread, center.held_unread) == (None, None, None)
    ops, nameless = center.permission_sets
    assert (ops.id, ops.name, ops.accounts, ops.policies) == (OPS, "Ops", {MEMBER}, (ADMIN,))
    assert (ops.customer_policies, ops.boundary, ops.tags) == (("/own",), ADMIN, {"t": "a"})
    assert (ops.roles, ops.unread) == ({MEMBER: RESERVED}, None)
    assert (nameless.name, nameless.accounts, nameless.customer_boundary) == (NAMELESS, frozenset(), "/limit")
    assert nameless.tags is None


def test_what_was_refused_is_not_known(database: Database) -> None:
    fill(database, refused("sso:DescribePermissionSet", "sso:GetInlinePolicyForPermissionSet"))
    (center,) = centers(database)
    assert "sso:DescribePermissionSet" in (center.held_unread or "")
    assert center.groups == (PEOPLE, OTHERS), "any group may hold what was not read"
    assert all("sso:GetInlinePolicyForPermissionSet" in (one.unread or "") for one in center.permission_sets)


def test_permission_sets_that_could_not_be_listed_are_told_of_by_reserved_roles(database: Database) -> None:
    lost = refused("sso:ListPermissionSets", "sso:ListAccountsForProvisionedPermissionSet")
    nodes = [node for node in lost.nodes if node.id != OPS]
    edges = [edge for edge in lost.edges if OPS not in (edge.start, edge.end)]
    fill(database, Listing(lost.scope, nodes, edges, lost.status, lost.refusals, finished_at=lost.finished_at))
    (center,) = centers(database)
    nameless, told = center.permission_sets
    assert nameless.accounts is None
    assert (told.name, told.roles) == ("Ops", {MEMBER: RESERVED})
    assert "sso:ListPermissionSets" in (told.doubt or "")


def test_an_instance_that_was_not_read_is_told_of_by_reserved_roles(database: Database) -> None:
    fill(database)
    (center,) = centers(database)
    assert center.unread == "IAM Identity Center was not read, of organization o-1"
    assert center.instance == "arn:aws:sso:::instance/{any}"
    assert [(one.name, one.roles) for one in center.permission_sets] == [("Ops", {MEMBER: RESERVED})]


def test_an_instance_that_is_not_there_is_none(database: Database) -> None:
    fill(database, listing(SCOPE, []))
    assert centers(database) == ()


def test_an_instance_of_a_single_account_has_no_permission_sets(database: Database) -> None:
    own = Node("IdentityCenterInstance", INSTANCE, {"account_id": MEMBER, "region": "eu-west-1"})
    fill(database, listing(SCOPE, [own]))
    assert centers(database) == ()


def test_an_instance_of_an_organization_that_is_not_known_reaches_where_its_sets_are(database: Database) -> None:
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    writer.write(listing(f"aws/{MEMBER}/global/iam", [Node("Account", MEMBER, {"account_id": MEMBER}), *iam()]))
    writer.write(listing(SCOPE, directory()))
    lease.release()
    (center,) = centers(database)
    assert center.accounts == {HOME, MEMBER}
    assert center.delegates_unread == "delegated administrators were not read"


def test_conclusions_reach_the_graph(database: Database) -> None:
    fill(database, listing(SCOPE, directory()))
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    conclude_all(database, lease)
    lease.release()
    rows = database.read(
        "MATCH (p)-[e:CAN_ESCALATE_TO]->(t) WHERE p.account_id = $home RETURN t.id AS target, "
        "e.technique AS technique, e.decision AS decision, e.through AS through ORDER BY technique, target",
        home=HOME,
    )
    assert [(r["target"], r["technique"], r["decision"]) for r in rows] == [
        (CLOSED, "identity-center-001", "conditional"),
        (RESERVED, "identity-center-001", "conditional"),
        (PEOPLE, "identity-center-009", "conditional"),
    ]
    assert rows[1]["through"] == [OPS]
    ways = {row["principal"]: row["path"] for row in who_can_become(database, RESERVED).rows}
    assert ways[CLERK] == [CLERK, RESERVED]
    assert ways[JOINER] == [JOINER, PEOPLE, RESERVED], "over the group to what it holds"
