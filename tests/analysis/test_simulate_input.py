"""What ``simulate`` makes of requests and policies that are not as they should be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.analysis.iam.simulate import simulate
from muniment.errors import UsageError

ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}

POINT = {"arn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/sales"}


def asked(**changes: Any) -> dict[str, Any]:
    request = {
        "principal": "arn:aws:iam::111122223333:user/ada",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
    }
    return {**request, "identity_policies": [ALLOW], **changes}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"principal": None}, "principal"),
        ({"principal": "ada"}, "principal"),
        ({"principal": "arn:aws:s3:::b"}, "principal"),
        ({"principal": {"anonymous": False}}, "principal"),
        ({"principal": {"service": "a", "federated": "b"}}, "principal"),
        ({"action": None}, "action"),
        ({"action": 5}, "action"),
        ({"resource_account": 111122223333}, "resource_account"),
        ({"context": ["aws:username"]}, "context"),
        ({"context": {"aws:username": {"is": "ada"}}}, "context"),
        ({"context": {"aws:username": "ada", "aws:UserName": "bob"}}, "context"),
        ({"principal": "arn:aws:iam::111122223333:user"}, "principal"),
        ({"identity_policies": ALLOW}, "identity_policies"),
        ({"service_control_policies": ALLOW}, "service_control_policies"),
        ({"service_control_policies": [ALLOW]}, "service_control_policies[0]"),
        ({"mode": "lenient"}, "mode"),
        ({"settings": "none"}, "settings"),
        ({"settings": {"grant": []}}, "settings.grant"),
        ({"settings": {"grants": "none"}}, "settings.grants"),
        ({"settings": {"acl": ["none"]}}, "settings.acl"),
        ({"settings": {"canonical_users": ["79a5"]}}, "settings.canonical_users"),
        ({"settings": {"canonical_users": {"79a5": "mine"}}}, "settings.canonical_users"),
        ({"settings": {"canonical_users": {"79a5": 111122223333}}}, "settings.canonical_users"),
        ({"settings": {"object_ownership": "Mine"}}, "settings.object_ownership"),
        ({"settings": {"block_public_access": "all"}}, "settings.block_public_access"),
        ({"settings": {"block_public_access": {"BlockAll": True}}}, "settings.block_public_access.BlockAll"),
        ({"settings": {"object_acl": "none"}}, "settings.object_acl"),
        ({"settings": {"access_point": "sales"}}, "settings.access_point"),
        ({"settings": {"access_point": {"name": "sales"}}}, "settings.access_point.name"),
        (
            {"settings": {"access_point": {"arn": "arn:aws:s3:::b", "bucket": "arn:aws:s3:::b"}}},
            "settings.access_point",
        ),
        ({"settings": {"access_point": {"bucket": "arn:aws:s3:::b"}}}, "settings.access_point.arn"),
        ({"settings": {"access_point": POINT}, "resource": POINT["arn"]}, "settings.access_point.bucket"),
        ({"settings": {"access_point": POINT | {"bucket": "arn:aws:s3:::b"}}}, "settings.access_point"),
        ({"settings": {"acl": [{"grantee": 5}]}}, "settings.acl[0].grantee"),
        ({"settings": {"object_acl": [{}, {"permission": ["READ"]}]}}, "settings.object_acl[1].permission"),
        ({"settings": {"grants": [{"operations": "Decrypt"}]}}, "settings.grants[0].operations"),
        ({"settings": {"grants": [{"operations": [5]}]}}, "settings.grants[0].operations"),
        ({"settings": {"grants": [{"retiring": {}}]}}, "settings.grants[0].retiring"),
        ({"settings": {"grants": [{"constraints": "none"}]}}, "settings.grants[0].constraints"),
        (
            {"settings": {"grants": [{"constraints": {"EncryptionContextEquals": {"a": 5}}}]}},
            "settings.grants[0].constraints.EncryptionContextEquals",
        ),
        ({"settings": {"encryption_key": []}}, "settings.encryption_key"),
        ({"settings": {"encryption_key": {"policy": {}}}}, "settings.encryption_key.arn"),
        ({"settings": {"encryption_key": {"arn": "k", "grants": "none"}}}, "settings.encryption_key.grants"),
    ],
)
def test_a_request_of_another_shape_is_refused_by_the_name_of_its_field(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError) as refused:
        simulate(asked(**changes))
    assert refused.value.message.startswith(f"{named} is ")
    assert refused.value.hint


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("principal", "x" * 100_000),
        ("principal", ["x"] * 100_000),
        ("action", ["x"] * 100_000),
        ("mode", "x" * 100_000),
    ],
)
def test_an_error_tells_only_the_beginning_of_a_long_value(field: str, value: Any) -> None:
    with pytest.raises(UsageError) as refused:
        simulate(asked(**{field: value}))
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    "policy",
    [
        "{not JSON",
        '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}',
        "[" * 100_000,
        5,
        {},
        {"Version": "2030-01-01", "Statement": []},
        {"Version": "2012-10-17", "Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}},
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": 5, "Resource": "*"}},
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"a": "b"}}},
        },
    ],
)
def test_a_policy_that_nobody_can_understand_makes_the_decision_unknown(policy: Any) -> None:
    assert simulate(asked(identity_policies=[ALLOW, policy]))["decision"] == "unknown"


def test_a_malformed_statement_about_something_else_does_not_matter() -> None:
    other = {"Version": "2012-10-17", "Statement": {"Effect": "deny", "Action": "ec2:*", "Resource": "*"}}
    assert simulate(asked(identity_policies=[ALLOW, other]))["decision"] == "allow"


def test_a_policy_may_be_given_as_text() -> None:
    assert simulate(asked(identity_policies=[json.dumps(ALLOW)]))["decision"] == "allow"


def test_what_is_left_out_is_as_if_there_were_none() -> None:
    bare = {"principal": {"anonymous": True}, "action": "s3:GetObject"}
    assert simulate(bare) == {"id": None, "decision": "deny", "explicit": False, "conditions": [], "because": []}


def test_a_decision_names_the_statements_that_it_rests_on() -> None:
    deny = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "NoKeys", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
    }
    answer = simulate(asked(id=7, service_control_policies=[[ALLOW], [ALLOW, deny]]))
    assert answer["id"] == 7
    assert answer["because"] == ["service_control_policies[1][1]#1: Deny s3:* on * (NoKeys)"]
