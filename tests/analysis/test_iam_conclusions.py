"""What the engine concludes of small estates: CAN_ASSUME with its sets, and ADMINISTERS. Cases under tests/cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from muniment.analysis.iam.derive import derive, derive_administers, derive_can_assume
from muniment.schema import SCHEMA, Edge, Node

from ..written import written
from .small_estate import account_id, arn, estate

CASES = Path(__file__).parents[1] / "cases"


def cases(folder: str) -> Iterator[Any]:
    for path in sorted((CASES / folder).glob("*.yaml")):
        common = written(path)
        for case in common["cases"]:
            doc = case.get("doc", common.get("doc"))
            assert case["why"]
            assert doc.startswith("https://docs.aws.amazon.com/")
            merged = {**common["estate"], **case}
            merged["policies"] = {**common["estate"].get("policies", {}), **case.get("policies", {})}
            yield pytest.param(merged, id=f"{path.stem}/{case['id']}")


def named(start: str) -> str:
    return "set" if start.startswith("principal-set/") else start


def expected(row: list[Any]) -> tuple[Any, ...]:
    start, end, decision, *conditions = row
    return arn(start), arn(end), decision, *map(tuple, conditions)


@pytest.mark.parametrize("case", list(cases("can-assume")))
def test_can_assume(case: dict[str, Any]) -> None:
    facts = list(derive_can_assume(estate(case)))
    edges = [fact for fact in facts if isinstance(fact, Edge) and fact.type == "CAN_ASSUME"]
    wanted = [expected(row) for row in case["expect"]]
    with_conditions = {row[:2] for row in wanted if len(row) == 4}
    found = [
        (start, edge.end, edge.properties["decision"])
        + ((tuple(edge.properties["conditions"]),) if (start, edge.end) in with_conditions else ())  # type: ignore[arg-type]
        for edge in edges
        for start in [named(edge.start)]
    ]
    assert sorted(found) == sorted(wanted)
    gathered: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact, Edge) and fact.type == "GATHERED_IN":
            gathered.setdefault(fact.end, []).append(fact.start)
    assert sorted(sorted(members) for members in gathered.values()) == [
        sorted(arn(member) for member in members) for members in case.get("members", [])
    ]


@pytest.mark.parametrize("case", list(cases("administers")))
def test_administers(case: dict[str, Any]) -> None:
    edges = list(derive_administers(estate(case)))
    wanted = [(arn(row[0]), account_id(1), *row[1:2], *map(tuple, row[2:])) for row in case["expect"]]
    lengths = {row[0]: len(row) for row in wanted}
    found = [
        (edge.start, edge.end, edge.properties["decision"], tuple(edge.properties["conditions"]))[
            : lengths.get(edge.start, 3)
        ]  # type: ignore[arg-type]
        for edge in edges
    ]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("case", [*cases("can-assume"), *cases("administers")])
def test_conclusions_explain_themselves_and_fit_the_schema(case: dict[str, Any]) -> None:
    given = estate(case)
    facts = list(derive(given))
    nodes = {fact.id: fact.kind for fact in facts if isinstance(fact, Node)}
    for fact in facts:
        if isinstance(fact, Node):
            assert set(fact.properties) <= {field.name for field in SCHEMA.fields(fact.kind)}
            continue
        declared = SCHEMA.relationships[fact.type]
        assert declared.derived
        assert set(fact.properties) <= {field.name for field in declared.fields}
        assert fact.properties["derived"] is True
        assert fact.properties["because"] or fact.properties.get("reason")
        if fact.start.startswith("principal-set/"):
            assert fact.start in nodes
        if fact.properties.get("decision") == "conditional":
            assert fact.properties["conditions"]
        if fact.properties.get("decision") == "unknown":
            assert fact.properties["reason"]


@pytest.mark.parametrize("case", [*cases("can-assume"), *cases("administers")])
def test_conclusions_are_the_same_every_time(case: dict[str, Any]) -> None:
    once, again = (list(derive(estate(case))) for _ in range(2))
    assert once == again
