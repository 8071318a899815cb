"""Conditions in words."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.analysis.iam.conditions.conditions import Conditions
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import Formula, all_of, any_of, negate
from muniment.analysis.iam.conditions.phrases import spoken
from muniment.analysis.iam.conditions.sentences import condition_sentences


def formula(condition: dict[str, Any]) -> Formula:
    return Conditions.parse(condition, variables=True).hold(Context())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"Bool": {"aws:SecureTransport": "true"}}, "the request comes over TLS (aws:SecureTransport is true)"),
        (
            {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
            "the caller signed in without MFA (aws:MultiFactorAuthPresent is false)",
        ),
        (
            {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.1"]}},
            "the request comes from 10.0.0.0/8 or 192.0.2.1 (aws:SourceIp)",
        ),
        (
            {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            "the request is to the region eu-west-1 (aws:RequestedRegion)",
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/a*"}},
            "the caller is like arn:aws:iam::1:role/a* (aws:PrincipalArn)",
        ),
        (
            {"StringLike": {"gitlab.com:sub": "project_path:g/p:*"}},
            "the token's subject is like project_path:g/p:* (gitlab.com:sub)",
        ),
        ({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, "aws:RequestedRegion is not eu-west-1"),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, "aws:MultiFactorAuthAge is less than 3600"),
        (
            {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
            "aws:CurrentTime is after 2026-01-01T00:00:00Z",
        ),
        ({"Null": {"aws:TokenIssueTime": "true"}}, "the request does not have aws:TokenIssueTime"),
        ({"StringEqualsIfExists": {"k": ["a", "b"]}}, "k is a or b or is missing"),
        ({"ForAllValues:StringLike": {"aws:TagKeys": "a*"}}, "every value of aws:TagKeys is like a*"),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, "some value of aws:TagKeys is a"),
        ({"ForAllValues:StringEquals": {"k": []}}, "every value of k is one of none"),
        ({"StringEquals": {"k": ""}}, "k is empty"),
    ],
)
def test_a_condition_is_said(condition: dict[str, Any], said: str) -> None:
    assert spoken(formula(condition)) == (said,)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"Bool": {"aws:SecureTransport": "false"}}, "aws:SecureTransport is not false"),
        (
            {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            "the caller signed in with MFA (aws:MultiFactorAuthPresent is not false and is there)",
        ),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, "aws:PrincipalOrgID is o-1"),
        ({"Null": {"k": "true"}}, "the request has k"),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, "no value of k is a"),
        ({"ForAllValues:StringEquals": {"k": "a"}}, "not every value of k is a"),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "aws:SourceIp is in 10.0.0.0/8"),
    ],
)
def test_the_opposite_is_said(condition: dict[str, Any], said: str) -> None:
    assert spoken(negate(formula(condition))) == (said,)


def test_several_conditions_are_sentences_of_their_own() -> None:
    both = all_of((formula({"StringEquals": {"k": "a"}}), formula({"StringEquals": {"j": "b"}})))
    assert condition_sentences(both) == ("k is a", "j is b")


def test_alternatives_are_joined() -> None:
    one, two, three = (formula({"StringEquals": {key: "a"}}) for key in "kji")
    assert condition_sentences(any_of((one, all_of((two, three))))) == ("k is a, or (j is a and i is a)",)


def test_long_lists_are_cut() -> None:
    (said,) = spoken(formula({"StringEquals": {"k": [str(n) for n in range(20)]}}))
    assert said.endswith("or one of 9 more")
