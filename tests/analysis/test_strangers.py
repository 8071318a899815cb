"""Those of whom no policies are held and whom a resource lets in: in the answer to "who can", and as ``HAS_ACCESS``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from muniment.analysis.access.accesses import Accesses
from muniment.analysis.iam.estates.estate import Estate
from muniment.analysis.iam.estates.permissions import Permissions, strangers_who_can
from muniment.analysis.iam.evaluation.decisions import Decision
from muniment.analysis.iam.everyone.over_ranges import strangers_who_can as any_stranger_who_can
from muniment.analysis.iam.everyone.ranges import Range
from muniment.schema import SCHEMA, Edge, Node

from ..written import written
from .small_estate import account_id, estate
from .test_resources import resource

FILE = written(Path(__file__).parent.parent / "cases" / "resources" / "strangers.yaml")
ACCOUNTS = {"accounts": {1: {}, 7: {"unread": "AccessDenied"}}}
ROLE = "1/role/trusting"
NOT_OF_THE_RESOURCE = ("id", "why", "doc", "action", "expect", "trust", "beside")


def given(found: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", found, ids=lambda case: str(case["id"]))


cases = given(FILE["cases"])
of_resources = given([case for case in FILE["cases"] if "trust" not in case])


def held(case: dict[str, Any]) -> Estate:
    if "trust" in case:
        return estate({**ACCOUNTS, "identities": {ROLE: {"trust": case["trust"]}}})
    stated = {key: value for key, value in case.items() if key not in NOT_OF_THE_RESOURCE}
    own = resource({"arn": "arn:aws:s3:::b", "kind": "Bucket", **stated})
    beside = [resource(raw) for raw in case.get("beside", ())]
    return replace(estate(ACCOUNTS), resources={one.arn: one for one in (own, *beside)})


def asked(case: dict[str, Any]) -> tuple[str, str]:
    action, about = case.get("action", ("s3:GetObject", "arn:aws:s3:::b/key"))
    return action, about


@cases
def test_who_is_let_in(case: dict[str, Any]) -> None:
    known = held(case)
    found = {named.id: (named, decision) for named, decision in strangers_who_can(Permissions(known, *asked(case)))}
    assert {id_: decision.word for id_, (_, decision) in found.items()} == case["expect"]
    assert all(named.kind in SCHEMA.kinds for named, _ in found.values())
    assert all(decision.because or decision.word == "unknown" for _, decision in found.values())


@of_resources
def test_who_is_let_in_somewhere(case: dict[str, Any]) -> None:
    """Asked about any resource, whoever one of them lets in is not left out."""
    action, _ = asked(case)
    found: dict[str, Decision] = {
        named.id: decision for named, decision in any_stranger_who_can(Range(held(case), action), {})
    }
    expected = outside(case)
    assert found.keys() == expected.keys()
    unknown = {id_ for id_, decision in found.items() if decision.word == "unknown"}
    assert unknown == {id_ for id_, word in expected.items() if word == "unknown"}


@of_resources
def test_the_graph_says_the_same(case: dict[str, Any]) -> None:
    action, _ = asked(case)
    facts = list(Accesses(held(case)).facts())
    named = {fact.id for fact in facts if isinstance(fact, Node)}
    found = {
        fact.start: fact.properties["decision"]
        for fact in facts
        if isinstance(fact, Edge) and fact.start in named and action in fact.properties.get("actions", ())
    }
    own = account_id(case.get("account", 1))  # who can names those of it one by one
    found.pop(own, None)
    assert found == outside(case)


def outside(case: dict[str, Any]) -> dict[str, str]:
    """Whom to expect where the resource's own account, which was not read, is left out."""
    return {id_: word for id_, word in case["expect"].items() if id_ != account_id(case.get("account", 1))}
