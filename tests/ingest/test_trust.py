"""Whom trust policies name: one case for each form of principal, in ``tests/cases/replay/trusts.yaml``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.ingest.aws.documents import Document
from muniment.ingest.aws.trust import principal_node, trust_facts
from muniment.schema import SCHEMA, Edge, Node, Ownership

from ..written import written

CASES = written(Path(__file__).parents[1] / "cases/replay/trusts.yaml")
ROLE = "arn:aws:iam::111122223333:role/target"


@pytest.mark.parametrize("case", CASES, ids=[case["why"][:60] for case in CASES])
def test_a_trust_policy_names_these(case: dict[str, Any]) -> None:
    document = Document.read({"Version": "2012-10-17", "Statement": case["statement"]})
    facts, malformed = trust_facts(ROLE, document)
    kinds = {fact.id: fact.kind for fact in facts if isinstance(fact, Node)}
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    named = [
        [
            kinds[edge.end],
            edge.end,
            edge.properties["principal_type"],
            edge.properties["negated"],
            edge.properties["effect"],
            edge.key,
        ]
        for edge in edges
    ]
    assert named == case["trusts"]
    assert malformed == case.get("malformed")
    assert all(fact.ownership is Ownership.REFERENCE for fact in facts if isinstance(fact, Node))
    assert all(json.loads(str(edge.properties["statement"])) == case["statement"] for edge in edges)
    assert all(edge.properties["statement_id"] == f"{ROLE}#trust/1" for edge in edges)


def test_every_statement_has_a_number_of_its_own() -> None:
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    facts, _ = trust_facts(ROLE, Document.read({"Statement": [allow, deny]}))
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    assert [(edge.key, edge.properties["effect"]) for edge in edges] == [("1", "Allow"), ("2", "Deny")]
    assert edges[0].properties["conditions"] is None
    assert json.loads(str(edges[1].properties["conditions"])) == deny["Condition"]


@given(st.text(min_size=1) | st.from_regex(r"arn:aws:iam::\d{12}:(role|user|group|policy)/\w+", fullmatch=True))
def test_any_text_names_something_that_trusts_can_end_in(principal: str) -> None:
    node = principal_node(principal)
    ends = {end for _, end in SCHEMA.relationships["TRUSTS"].ends}
    assert any(SCHEMA.is_a(node.kind, end) for end in ends)
    assert node.id == principal or node.kind in ("Account", "OtherPrincipal")


def test_a_text_under_the_wrong_member_is_still_one_node() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "arn:aws:iam::222233334444:role/r"},
    }
    facts, _ = trust_facts(ROLE, Document.read({"Statement": statement}))
    assert [(fact.kind, fact.id) for fact in facts if isinstance(fact, Node)] == [
        ("Role", "arn:aws:iam::222233334444:role/r")
    ]
