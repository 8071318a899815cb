"""HAS_ACCESS: who has access to which resource, at which level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from muniment.analysis.iam.access import Accesses
from muniment.analysis.iam.actions import actions
from muniment.analysis.iam.telling import TELLING
from muniment.schema import SCHEMA, Edge, Node

from .small_estate import arn, estate
from .test_resources import resource

FILE = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "resources" / "access.yaml").read_text(encoding="utf-8")
)


def derived(case: dict[str, Any]) -> list[Node | Edge]:
    held = [resource(raw) for raw in case["resources"]]
    known = estate({"policies": FILE["policies"], **case})
    return list(Accesses(replace(known, resources={one.arn: one for one in held})).facts())


def short(identifier: str) -> str:
    return "SET" if identifier.startswith(("access-set/", "resource-set/")) else identifier


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["id"]))
def test_has_access(case: dict[str, Any]) -> None:
    levels = case.get("levels")
    found = {
        (short(fact.start), short(fact.end), fact.properties["level"], fact.properties["decision"])
        for fact in derived(case)
        if isinstance(fact, Edge) and fact.type == "HAS_ACCESS" and (not levels or fact.properties["level"] in levels)
    }

    assert found == {(arn(start), end, level, decision) for start, end, level, decision in case["expect"]}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["id"]))
def test_conclusions_fit_the_schema_and_explain_themselves(case: dict[str, Any]) -> None:
    facts = derived(case)
    fields = {field.name for field in SCHEMA.relationships["HAS_ACCESS"].fields}
    for fact in facts:
        if isinstance(fact, Node):
            assert fact.properties.keys() <= {field.name for field in SCHEMA.fields(fact.kind)}
        elif fact.type == "HAS_ACCESS":
            assert fact.properties.keys() <= fields
            assert fact.properties["because"] or fact.properties["reason"]
    assert facts == derived(case), "the same every time"


def test_many_of_both_are_few_relationships() -> None:
    case = {
        "accounts": {1: {}},
        "identities": {f"1/user/u{n}": {"policies": ["admin"]} for n in range(40)},
        "resources": [{"arn": f"arn:aws:s3:::b{n}", "kind": "Bucket"} for n in range(40)],
    }
    edges = [fact for fact in derived(case) if isinstance(fact, Edge) and fact.type == "HAS_ACCESS"]

    assert len(edges) == 5


def test_every_telling_action_is_one_of_awss_and_every_kind_is_a_resource() -> None:
    for kind, told in TELLING.items():
        assert SCHEMA.is_a(kind, "Resource")
        assert {action.lower() for action in told} <= actions().keys()
