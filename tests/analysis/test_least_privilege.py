"""A proposed policy never allows more than the policies it comes from, and keeps what was used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.policies.actions import services
from muniment.analysis.iam.simulate import simulate
from muniment.analysis.least_privilege.fitting import LARGEST, documents, size
from muniment.analysis.least_privilege.grants import Breadth, Holding
from muniment.analysis.least_privilege.proposal import propose
from muniment.analysis.least_privilege.use import ServiceUse, Standing, Use

LATELY, LONG_AGO = "2026-01-20T00:00:00Z", "2025-02-01T00:00:00Z"
SINCE = "2025-11-01T00:00:00Z"


def holding(*statements: dict[str, Any], version: str = "2012-10-17") -> Holding:
    return Holding.of({"policy": json.dumps({"Version": version, "Statement": list(statements)})})


def allow(*actions: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def proposed(use: Use, *statements: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(one) for document in propose(holding(*statements), use).documents for one in document["Statement"]]


S3 = ServiceUse(LATELY, {"ListAllMyBuckets": LATELY}, frozenset({"DeleteBucket", "PutBucketPolicy"}))
USE = Use(frozenset({"s3", "ec2", "sqs", "iam"}), {"s3": S3, "ec2": ServiceUse(LATELY)})


def test_a_service_that_was_not_used_goes() -> None:
    assert proposed(USE, allow("sqs:*", "ec2:*")) == [allow("ec2:*")]
    assert proposed(USE, allow("sqs:SendMessage", "SQS:Receive*")) == []


def test_of_a_service_whose_actions_are_not_told_all_stays() -> None:
    assert proposed(USE, allow("ec2:Describe*", "ec2:RunInstances")) == [allow("ec2:Describe*", "ec2:RunInstances")]


def test_a_tracked_action_that_was_not_used_goes_and_an_untracked_one_stays() -> None:
    assert proposed(USE, allow("s3:DeleteBucket", "s3:GetObject", "s3:ListAllMyBuckets")) == [
        allow("s3:GetObject", "s3:ListAllMyBuckets")
    ]


def test_a_wildcard_is_narrowed_to_patterns_that_leave_the_unused_out() -> None:
    (statement,) = proposed(USE, allow("s3:*"))
    assert "s3:DeleteBucket" not in statement["Action"]
    assert "s3:DeleteBucket*" not in statement["Action"]
    assert "s3:Get*" in statement["Action"]
    assert "s3:*" not in statement["Action"]


def test_a_service_on_which_nothing_is_reported_stays() -> None:
    assert proposed(USE, allow("sqs:*", "newservice:*", "rds-db:connect")) == [allow("newservice:*", "rds-db:connect")]


def test_what_is_checked_without_a_request_stays() -> None:
    assert proposed(USE, allow("iam:*")) == [allow("iam:PassRole")]
    assert proposed(USE, allow("iam:PassRole", "iam:CreateUser")) == [allow("iam:PassRole")]


def test_what_is_checked_on_the_way_of_another_action_stays() -> None:
    """Instances that were launched were tagged; a report that was made was encrypted."""
    tagged = Use(
        frozenset({"ec2"}),
        {"ec2": ServiceUse(LATELY, {"RunInstances": LATELY}, frozenset({"CreateTags", "CreateVpc"}))},
    )
    assert proposed(tagged, allow("ec2:RunInstances", "ec2:CreateTags", "ec2:CreateVpc")) == [
        allow("ec2:RunInstances", "ec2:CreateTags")
    ]
    limits = propose(
        holding(allow("aiops:CreateReport", "kms:Decrypt")), Use(frozenset({"kms"}), {"aiops": ServiceUse(LATELY)})
    )
    assert [one["Action"] for one in limits.documents[0]["Statement"]] == [["aiops:CreateReport", "kms:Decrypt"]]
    assert any("kms:Decrypt without a request" in limit for limit in limits.limits)


def test_what_may_be_checked_on_the_way_of_an_action_on_which_nothing_is_reported_stays() -> None:
    assert proposed(Use(frozenset({"kms"})), allow("aiops:CreateReport", "kms:Decrypt", "kms:Encrypt")) == [
        allow("aiops:CreateReport", "kms:Decrypt")
    ]


def test_resources_conditions_and_denies_stay_as_they_are() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    granted = allow("sqs:*", "ec2:*", resource=["arn:aws:ec2:*:*:instance/*"], Condition=condition, Sid="Mine")
    denied = {"Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:a", "Condition": condition}
    assert proposed(USE, granted, denied) == [{**granted, "Action": ["ec2:*"]}, denied]


def test_what_was_used_before_the_period_counts_as_unused() -> None:
    use = Use(frozenset({"ec2"}), {"ec2": ServiceUse(LONG_AGO)}, SINCE)
    assert proposed(use, allow("ec2:*")) == []
    assert proposed(Use(use.reported, use.used), allow("ec2:*")) == [allow("ec2:*")]


def test_all_actions_but_some_become_those_of_what_was_used() -> None:
    reported = frozenset(services()) | {"quantum"}
    use = Use(reported, {"ec2": ServiceUse(LATELY), "iam": ServiceUse(LATELY), "quantum": ServiceUse(LATELY)})
    (statement,) = proposed(use, {"Effect": "Allow", "NotAction": ["iam:Create*", "sts:*"], "Resource": "*"})
    actions = statement["Action"]
    assert {"ec2:*", "quantum:*", "iam:PassRole"} <= {*actions} or {"ec2:*", "quantum:*", "iam:Pass*"} <= {*actions}
    assert "NotAction" not in statement
    assert not [action for action in actions if action.startswith(("iam:C", "sts:", "sqs:")) and "Create" in action]
    assert "iam:*" not in actions


def test_versions_are_never_mixed() -> None:
    texts = {
        "old": json.dumps({"Statement": allow("ec2:*", resource="arn:aws:s3:::${aws:username}")}),
        "new": json.dumps({"Version": "2012-10-17", "Statement": [allow("ec2:*")]}),
    }
    found = propose(Holding.of(texts), USE).documents
    assert [document["Version"] for document in found] == ["2012-10-17", "2008-10-17"]


def test_a_policy_that_cannot_be_understood_is_no_part_of_it_and_said_so() -> None:
    proposal = propose(Holding.of({"broken": "{", "unread": None}), USE)
    assert proposal.documents == ()
    assert {limit.partition(" ")[0] for limit in proposal.limits} >= {"broken", "unread"}


def test_long_statements_are_divided_and_documents_fit() -> None:
    actions = list(services()["ec2"])
    statement = allow(*actions, Sid="Many")
    made = documents([("2012-10-17", statement)])
    assert len(made) > 1
    assert all(size(document) <= LARGEST for document in made)
    assert [action for document in made for one in document["Statement"] for action in one["Action"]] == actions


def test_what_cannot_be_divided_is_left_whole() -> None:
    made = documents([("2012-10-17", allow("a:b", resource="arn:" + "x" * LARGEST))])
    assert [size(document) > LARGEST for document in made] == [True]


def test_a_sid_stands_once_in_a_document_and_an_equal_statement_too() -> None:
    one, other = allow("a:b", Sid="Same"), allow("a:c", Sid="Same")
    (document,) = documents([("2012-10-17", one), ("2012-10-17", other), ("2012-10-17", {**one, "Sid": "Else"})])
    assert document["Statement"] == [one, allow("a:c")]


@pytest.mark.parametrize(
    ("statement", "breadth"),
    [
        (allow("*"), [Breadth.ADMIN]),
        (allow("*:*"), [Breadth.ADMIN]),
        (allow("*", resource="arn:aws:s3:::a"), [Breadth.WILDCARD]),
        (allow("s3:*"), [Breadth.WILDCARD]),
        (allow("s3:Get*"), []),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, [Breadth.NOT_ACTION]),
        ({"Effect": "Allow", "Action": "s3:Get*", "NotResource": "arn:aws:s3:::a"}, [Breadth.NOT_RESOURCE]),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
)
def test_wide_grants_are_told(statement: dict[str, Any], breadth: list[Breadth]) -> None:
    (grant,) = holding(statement).grants
    assert list(grant.breadth) == breadth


def test_what_is_denied_everywhere_is_not_granted() -> None:
    everywhere = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    somewhere = {"Effect": "Deny", "Action": "sns:*", "Resource": "arn:aws:sns:*:*:a"}
    granted = holding(allow("sqs:*", "sns:Publish"), everywhere, somewhere).granted
    assert granted.keys() == {"sns:publish"}


def test_nothing_is_known_together_of_what_one_report_lacks() -> None:
    both = Use.together([USE, Use(frozenset({"s3", "sqs"}), {})])
    assert both.service("ec2") is Standing.UNKNOWN
    assert both.service("sqs") is Standing.UNUSED
    assert both.action("s3:deletebucket") is Standing.UNUSED
    untold = Use.together([USE, Use(frozenset(), {"s3": ServiceUse(LATELY)})])
    assert untold.action("s3:deletebucket") is Standing.UNKNOWN


NAMED = (
    *("s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:DeleteBucket", "s3:ListAllMyBuckets", "s3:NotDocumented"),
    *("sqs:SendMessage", "sqs:DeleteQueue", "iam:PassRole", "iam:CreateUser", "iam:GetUser", "quantum:Leap"),
)
PATTERNS = (*NAMED, "*", "s3:*", "S3:get*", "s3:*Object*", "*:Get*", "s*", "iam:*", "sqs:?*", "q*:*", "s3:Get?bject")
RESOURCES = (
    "*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::a/*",
    "arn:aws:sqs:eu-west-1:111122223333:q",
    "arn:aws:s3:::${aws:username}",
)
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
)

some = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    effect = draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))
    action = draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))
    resource = draw(st.sampled_from(["Resource", "Resource", "NotResource"]))
    made = {"Effect": effect, action: draw(some), resource: draw(st.sampled_from(RESOURCES))}
    condition = draw(st.sampled_from(CONDITIONS))
    return {**made, "Condition": condition} if condition else made


@st.composite
def uses(draw: st.DrawFn) -> Use:
    times = st.sampled_from([LATELY, LONG_AGO])
    used = {}
    for service in draw(st.sets(st.sampled_from(["s3", "sqs", "iam", "quantum"]))):
        names = [name.partition(":")[2] for name in NAMED if name.startswith(f"{service}:") and name != "iam:PassRole"]
        told = draw(st.sets(st.sampled_from(names)))
        actions = {name: draw(times) for name in told if draw(st.booleans())}
        last = max([*actions.values(), draw(times)])
        used[service] = ServiceUse(last, actions, frozenset(told - actions.keys()))
    reported = draw(st.sets(st.sampled_from(["s3", "sqs", "iam", "ec2", "quantum"])))
    return Use(frozenset(reported) | used.keys(), used, draw(st.sampled_from(["", SINCE])))


policies = st.lists(
    st.tuples(st.sampled_from(["2012-10-17", "2008-10-17"]), st.lists(statements(), min_size=1, max_size=3)),
    min_size=1,
    max_size=2,
).map(lambda made: [{"Version": version, "Statement": inside} for version, inside in made])
asked = st.lists(
    st.tuples(
        st.sampled_from(
            [*NAMED, "s3:GetBucketAcl", "S3:GETOBJECT", "ec2:RunInstances", "s3:GetNothingKnown", "sts:GetX"]
        ),
        st.sampled_from(["arn:aws:s3:::a", "arn:aws:s3:::ann", "arn:aws:sqs:eu-west-1:111122223333:q", "*"]),
        st.sampled_from([{}, {"aws:RequestedRegion": "eu-west-1"}, {"aws:MultiFactorAuthPresent": "true"}]),
    ),
    min_size=1,
    max_size=8,
)


def decision(documents: list[Any], action: str, resource: str, context: dict[str, Any]) -> str:
    request = {
        "principal": "arn:aws:iam::111122223333:user/ann",
        "action": action,
        "resource": resource,
        "resource_account": "111122223333",
        "context": {**context, "aws:username": "ann"},
        "identity_policies": documents,
    }
    return str(simulate(request)["decision"])


@settings(max_examples=60, deadline=None)
@given(policies, uses(), asked)
def test_a_proposal_never_allows_more_and_keeps_what_was_used(
    granted: list[Any], use: Use, requests: list[tuple[str, str, dict[str, Any]]]
) -> None:
    held = Holding.of({f"p{number}": json.dumps(document) for number, document in enumerate(granted)})
    narrower = list(propose(held, use).documents)
    documented = {action for known in services().values() for action in known}
    for action, resource, context in requests:
        before, after = (decision(found, action, resource, context) for found in (granted, narrower))
        assert not (before == "deny" and after == "allow"), (action, resource)
        lower = action.lower()
        prefix, _, name = lower.partition(":")
        told = name in {known.lower() for known in use.used[prefix].actions} if prefix in use.used else False
        if use.action(lower) is not Standing.UNUSED and (told or lower in documented):
            assert before == after, (action, resource)
