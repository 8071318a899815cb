"""Compute and credentials as the graph gives them back, and what is concluded of them, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from muniment.analysis.escalation.surroundings import TEMPLATES
from muniment.graph.conclusions import Conclusions
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.ingest.aws import collectors
from muniment.ingest.aws.documents import policy_facts
from muniment.run.derive import code_of_analyses, conclude
from muniment.run.surroundings import TELLING, load_surroundings, telling_collectors
from muniment.schema import SCHEMA, Edge, Listing, Node, Ownership, Refusal, ScopeId, Status

from .test_estate import allow, listing, role, statements

NOW = datetime(2026, 1, 31, tzinfo=UTC)
HOME = "111111111111"
ANN, BOB = (f"arn:aws:iam::{HOME}:user/{name}" for name in ("ann", "bob"))
APP, OTHER = (f"arn:aws:iam::{HOME}:role/{name}" for name in ("app", "other"))
IDP, GONE = (f"arn:aws:iam::{HOME}:saml-provider/{name}" for name in ("idp", "gone"))
PROFILE = f"arn:aws:iam::{HOME}:instance-profile/app"
FUNCTION = f"arn:aws:lambda:eu-west-1:{HOME}:function:app"
TASK = f"arn:aws:ecs:eu-west-1:{HOME}:task/main/1"
LETS_ANN = {"Effect": "Allow", "Principal": {"AWS": ANN}, "Action": "lambda:UpdateFunctionCode", "Resource": "*"}


def iam() -> Iterator[Node | Edge]:
    yield Node("Account", HOME, {"account_id": HOME, "partition": "aws"})
    yield Node(
        "User", ANN, {"name": "ann", "account_id": HOME, "tags": "{}", "console_access": True, "mfa_active": True}
    )
    yield Node("User", BOB, {"name": "bob", "account_id": HOME, "tags": "{}"})
    for n in (1, 2):
        yield Node("AccessKey", f"{BOB}/access-key/{n}", {"account_id": HOME, "active": True})
        yield Edge("HAS_ACCESS_KEY", BOB, f"{BOB}/access-key/{n}")
    yield from role(APP, {"Principal": {"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}})
    yield from role(OTHER, {"Principal": {"Service": "ecs-tasks.amazonaws.com"}})
    yield Node("SamlProvider", IDP, {"name": "idp", "account_id": HOME})
    yield Node("SamlProvider", GONE, {"name": "gone", "account_id": HOME}, Ownership.REFERENCE)
    yield Node("InstanceProfile", PROFILE, {"name": "app", "account_id": HOME})
    yield Edge("HAS_ROLE", PROFILE, APP)
    inline = f"{BOB}/inline-policy/p"
    yield from policy_facts("InlinePolicy", inline, statements(allow("lambda:UpdateFunctionCode")), {})
    yield Edge("ATTACHED_TO", inline, BOB)


def compute() -> Iterator[Node | Edge]:
    place = {"account_id": HOME, "region": "eu-west-1"}
    yield Node(
        "LambdaFunction",
        FUNCTION,
        {**place, "tags": '{"team": "red"}', "policy": statements(LETS_ANN), "package_type": "Zip"},
    )
    yield Edge("RUNS_AS", FUNCTION, APP, {"capacity": "function", "credentials": True}, "function")
    yield Node("EcsTask", TASK, {**place, "enable_execute_command": False})
    yield Edge("RUNS_AS", TASK, OTHER, {"capacity": "task", "credentials": True}, "task")
    yield Edge("RUNS_AS", TASK, APP, {"capacity": "execution", "credentials": False}, "execution")


def fill(database: Database, *more: Listing) -> None:
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    facts = [*iam(), *compute()]
    for found in (listing(f"aws/{HOME}/global/iam", facts), listing(f"aws/{HOME}/global/organizations", []), *more):
        writer.write(found)
    lease.release()


def refused(scope: str, status: Status, *refusals: Refusal) -> Listing:
    return Listing(ScopeId.parse(scope), (), (), status, refusals, finished_at="2026-01-31T00:00:00Z")


def test_compute_comes_back_from_the_graph(database: Database) -> None:
    fill(database)
    found = load_surroundings(database, [HOME])
    function, task = sorted(found.compute, key=lambda one: one.kind, reverse=True)
    assert (function.id, function.kind, function.roles) == (FUNCTION, "LambdaFunction", (APP,))
    assert (function.account, function.region, function.tags) == (HOME, "eu-west-1", {"team": "red"})
    assert function.policy is not None
    assert function.ready["zip"] is True
    assert function.policy.document.statements[0].principal is not None
    assert (task.kind, task.roles, task.tags) == ("EcsTask", (OTHER,), None), (
        "what pulls its image is not what it runs as"
    )
    assert task.ready == {
        "enable_execute_command": False,
        "ssm_managed": None,
        "batch_builds": None,
        "zip": None,
        "self_managed": None,
    }
    assert found.access_keys == {BOB: 2}
    assert found.passwords == found.second_factors == {ANN: True}
    assert found.profiled == {APP}
    assert found.saml_providers == {HOME: {IDP}}, "one that a trust policy names need not be there"


def test_where_saml_providers_could_not_be_listed_none_are_known(database: Database) -> None:
    closed, never = "222222222222", "333333333333"
    fill(
        database, refused(f"aws/{closed}/global/iam", Status.PARTIAL, Refusal("iam:ListSAMLProviders", "AccessDenied"))
    )
    assert load_surroundings(database, [HOME, closed, never]).saml_providers.keys() == {HOME}


def test_every_kind_that_techniques_use_is_declared_and_told_of() -> None:
    assert set(TEMPLATES) <= SCHEMA.kinds.keys()
    assert set(TELLING) == set(TEMPLATES) - {"TaskDefinition"}
    for name, kinds in telling_collectors().items():
        assert set(kinds) <= set(TELLING)
        assert name in collectors()


def test_what_no_scope_tells_of_is_not_known(database: Database) -> None:
    fill(database)
    found = load_surroundings(database, [HOME])
    assert all(found.why_unknown(kind, HOME) for kind in TEMPLATES)


@pytest.mark.skipif(not telling_collectors(), reason="no collector tells of compute")
def test_what_was_read_is_known_and_what_was_refused_is_not(database: Database) -> None:
    name, kinds = next(iter(telling_collectors().items()))
    service, operations = TELLING[kinds[0]]
    call = Refusal(f"{service}:{sorted(operations)[0]}", "AccessDenied")
    fill(database, refused(f"aws/{HOME}/eu-west-1/{name}", Status.COMPLETE))
    assert load_surroundings(database, [HOME]).why_unknown(kinds[0], HOME) is None
    fill(database, refused(f"aws/{HOME}/us-east-1/{name}", Status.PARTIAL, call))
    assert "AccessDenied" in (load_surroundings(database, [HOME]).why_unknown(kinds[0], HOME) or "")


def test_compute_whose_role_could_not_be_read_is_not_known(database: Database) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html"""
    call = Refusal("iam:ListInstanceProfiles", "AccessDenied")
    fill(database, refused(f"aws/{HOME}/eu-west-1/ec2", Status.PARTIAL, call))
    found = load_surroundings(database, [HOME])
    assert "iam:ListInstanceProfiles" in (found.why_unknown("Instance", HOME) or "")
    assert "iam:ListInstanceProfiles" in (found.why_unknown("LaunchTemplate", HOME) or "")


def test_conclusions_reach_the_graph(database: Database) -> None:
    fill(database)
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    conclude_all(database, lease)
    lease.release()
    rows = database.read(
        "MATCH (p)-[e:CAN_ESCALATE_TO]->(t) RETURN p.id AS start, t.id AS target, e.technique AS technique, "
        "e.decision AS decision, e.compute AS compute, e.because AS because ORDER BY start, technique"
    )
    assert [(r["start"], r["target"], r["technique"], r["decision"]) for r in rows] == [
        (ANN, APP, "lambda-003", "allow"),
        (BOB, APP, "lambda-003", "allow"),
    ]
    assert rows[0]["compute"] == [FUNCTION]
    assert any(f"{FUNCTION}#policy#1" in reason for reason in rows[0]["because"])


def conclude_all(database: Database, lease: Lease) -> None:
    conclusions = Conclusions(lease, "run-1", lambda: NOW, code_of_analyses())
    conclude(database, Ledger(database, lambda: NOW), Writer(database, lease, "run-1", lambda: NOW), conclusions)
