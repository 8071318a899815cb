"""Policies that recur are read once, and never taken for others that look alike."""

from __future__ import annotations

import copy
import math
from datetime import date
from typing import Any

import pytest
from muniment.analysis.iam.conditions.conditions import MOST_SAID, Conditions
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import ALWAYS
from muniment.analysis.iam.remembered import Remembered
from muniment.analysis.iam.simulate import simulate

ALIKE = [True, 1, 1.0, "1", "true", "True", None, math.nan, [1], ["1"], [True], "", [], {}, 2**70, date(2012, 10, 17)]


def allows(value: Any) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:username": value}}
    return {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}}


def decided(policy: Any, **changes: Any) -> dict[str, object]:
    request = {"principal": "arn:aws:iam::111122223333:user/ada", "action": "s3:GetObject", "id": 1}
    return simulate(request | {"identity_policies": [policy], "context": {"aws:username": "true"}} | changes)


def test_values_that_python_takes_for_equal_are_told_apart() -> None:
    answers = [decided(allows(value), mode="discover", context={})["conditions"] for value in ALIKE]
    for _ in range(2):
        again = [decided(allows(value), mode="discover", context={})["conditions"] for value in reversed(ALIKE)]
        assert again == answers[::-1]
    assert [decided(allows(value))["decision"] for value in (True, 1, "true", "True")] == [
        "allow",
        "deny",
        "allow",
        "deny",
    ]
    assert decided(allows(math.nan))["decision"] == "deny"
    assert decided(allows(None))["decision"] == "unknown"


def test_the_order_of_keys_is_kept() -> None:
    one, other = {"aws:userid": "a", "aws:username": "b"}, {"aws:username": "b", "aws:userid": "a"}
    found = []
    for wanted in (one, other, one):
        policy = allows("x")
        policy["Statement"]["Condition"] = {"StringEquals": wanted}
        found.append(decided(policy, mode="discover", context={})["conditions"])
    assert found[0] == found[2] == list(reversed(found[1]))  # type: ignore[call-overload]


def test_a_policy_that_changes_is_read_anew() -> None:
    policy = allows("true")
    before = copy.deepcopy(policy)
    assert decided(policy)["decision"] == "allow"
    policy["Statement"]["Effect"] = "Deny"
    assert (decided(policy)["decision"], decided(before)["decision"]) == ("deny", "allow")


def test_no_more_is_held_than_the_budget_and_what_recurs_stays() -> None:
    made: list[object] = []

    def make(raw: object) -> list[object]:
        made.append(raw)
        return [raw]

    remembered = Remembered(make, budget=1_000)
    for number in range(500):
        assert remembered("recurs") == ["recurs"]
        assert remembered([number, "x" * 90]) == [[number, "x" * 90]]
        assert sum(map(len, [*remembered._kept, *remembered._kept._old])) <= 2_000
    assert made.count("recurs") == 1
    assert len(made) == 501
    assert remembered("y" * 5_000) == ["y" * 5_000]
    assert sum(map(len, [*remembered._kept, *remembered._kept._old])) <= 2_000


@pytest.mark.parametrize("raw", [{1: 2}, 2**70, "\ud800", {"a": {2}}])
def test_what_is_not_json_is_made_anew(raw: object) -> None:
    remembered = Remembered(lambda given: [given], budget=1_000)
    assert remembered(raw) == [raw]
    assert remembered(raw) is not remembered(raw)


def test_a_condition_says_the_same_of_more_values_than_it_keeps_and_forgets_what_it_said() -> None:
    conditions = Conditions.parse({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, variables=True)
    regions = ["eu-west-1", *(f"region-{number}" for number in range(MOST_SAID + 1)), "eu-west-1"]
    held = [conditions.hold(Context.of({"aws:RequestedRegion": region}, closed=True)) for region in regions]
    assert [formula is ALWAYS for formula in held] == [region == "eu-west-1" for region in regions]
