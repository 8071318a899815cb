"""Decisions about resources that the register holds: their policies and all else on their side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.access_control_lists import Ownership
from muniment.analysis.iam.evaluation.canonical_users import accounts_of, names_canonical_users, with_accounts
from muniment.analysis.iam.evaluation.resources import Blocks, Resource, holder
from muniment.analysis.iam.everyone.who_can import Index

from ..written import written
from .small_estate import account_id, arn, estate, policy

FILE = written(Path(__file__).parent.parent / "cases" / "resources" / "decisions.yaml")


def resource(raw: dict[str, Any], account: str = "111111111111") -> Resource:
    """The resource of a case, of account 1 unless it says another."""
    stated = {key: value for key, value in raw.items() if key not in ("policy", "blocks", "ownership", "account")}
    return Resource(
        account=account_id(raw.get("account", account)),
        policy=policy(raw["policy"], raw["arn"]) if "policy" in raw else None,
        blocks=Blocks(**raw.get("blocks", {})),
        ownership=Ownership(raw.get("ownership", "BucketOwnerEnforced")),
        **stated,
    )


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["id"]))
def test_what_a_resource_lets_in(case: dict[str, Any]) -> None:
    held = [resource(raw) for raw in (case["resource"], *case.get("beside", ()))]
    known = replace(estate(FILE["estate"]), resources={one.arn: one for one in held})

    for principal, action, asked, expected in case["asks"]:
        identity = known.identity(arn(principal))
        assert identity is not None
        decision = Permissions(known, action, asked).of(identity)
        assert decision.word == expected, f"{principal} {action}: {decision}"
        everyone = {arn: made.word for arn, made in Index(known).who_can(action, asked)}
        assert everyone.get(identity.arn, "deny") == expected, "asked about everyone"


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("arn:aws:s3:::b/a\nb", "arn:aws:s3:::b"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b"),
        ("arn:aws:sns:eu-west-1:111111111111:news:0a1b", "arn:aws:sns:eu-west-1:111111111111:news"),
        ("arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/1", None),
        ("*", "*"),
    ],
)
def test_whose_policy_decides(inner: str, outer: str | None) -> None:
    assert holder(inner) == (outer or inner)


def test_an_id_that_two_accounts_have_tells_neither() -> None:
    assert accounts_of([("a", "1"), ("a", "1"), ("b", "1"), ("b", "2")]) == {"a": "1"}


def test_canonical_users_that_are_known_become_accounts() -> None:
    said = [
        {"Effect": "Allow", "Principal": {"CanonicalUser": ["a", "b"], "AWS": "*"}, "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
    ]
    bucket = resource({"arn": "arn:aws:s3:::b", "kind": "Bucket", "policy": said, "acl": [{"grantee": "a"}, {}]})
    named = with_accounts(bucket, {"a": "222222222222"})

    assert named.policy
    assert bucket.policy
    principal = named.policy.document.statements[0].principal
    assert principal
    assert principal.entries == (("AWS", "222222222222"), ("CanonicalUser", "b"), ("AWS", "*"))
    assert named.policy.document.statements[1:] == bucket.policy.document.statements[1:]
    assert named.acl == [{"grantee": "222222222222"}, {"grantee": None}]
    assert with_accounts(bucket, {}).policy is bucket.policy


def test_only_policies_and_acls_name_canonical_users() -> None:
    said = {"Effect": "Allow", "Principal": {"CanonicalUser": "a"}, "Action": "*", "Resource": "*"}
    plain = {"arn": "arn:aws:s3:::b", "kind": "Bucket"}
    anyone = {**said, "Principal": "*"}

    assert names_canonical_users(resource({**plain, "policy": [said]}))
    assert names_canonical_users(resource({**plain, "acl": [{"grantee": "a", "permission": "READ"}]}))
    assert not names_canonical_users(resource({**plain, "policy": [anyone]}))
    assert not names_canonical_users(resource(plain))
    assert with_accounts(resource(plain), {"a": "222222222222"}).policy is None
