"""What is announced, of facts alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from muniment.run.webhooks.events import (
    SURENESS,
    Fact,
    administrator_paths,
    compare,
    exposures,
    messages,
)

from ...written import written

CASES: list[dict[str, Any]] = written(Path(__file__).parents[2] / "cases" / "webhooks" / "events.yaml")


def facts(given: dict[str, str]) -> list[Fact]:
    return [Fact((name,), SURENESS[decision], {"name": name}) for name, decision in given.items()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_told(case: dict[str, Any]) -> None:
    announced = compare({}, facts(case["before"])).announced
    if "between" in case:
        announced = compare(announced, facts(case["between"])).announced
    told = compare(announced, facts(case["now"]))
    assert [fact.told["name"] for fact in told.new] == case["told"], case["why"]
    assert compare(told.announced, facts(case["now"])).new == ()


def test_nothing_is_left_out_of_many() -> None:
    many = facts({f"{number:03}": "allow" for number in range(250)})
    told = list(messages("new-exposure", many, "2026-01-31T10:00:00Z"))
    assert [len(one["data"]["items"]) for one in told] == [100, 100, 50]
    assert {one["data"]["total"] for one in told} == {250}


def test_the_surest_access_counts() -> None:
    row = {"principal": "*", "target": "bucket", "access": "Read"}
    (fact,) = exposures([{**row, "decision": "conditional"}, {**row, "decision": "allow"}])
    assert fact.sure == SURENESS["allow"]


def paths(
    steps: list[tuple[str, str, str]], members: list[tuple[str, str]] | None = None
) -> dict[tuple[str, ...], str]:
    found = administrator_paths(steps, members or [], [("admin", "1", "allow")])
    return {fact.about: fact.told["decision"] for fact in found}


def test_a_way_is_as_sure_as_its_least_sure_step_and_the_surest_counts() -> None:
    steps = [("a", "b", "conditional"), ("b", "admin", "allow"), ("a", "c", "allow"), ("c", "admin", "allow")]
    assert paths(steps)["a", "1"] == "allow"
    assert paths(steps[:2])["a", "1"] == "conditional"
    assert paths([("a", "b", "allow"), ("b", "admin", "unknown")])["a", "1"] == "unknown"


def test_a_set_with_another_id_is_nothing_new_for_its_members() -> None:
    before, after = (
        paths([(f"principal-set/1/{set_}", "admin", "allow")], [(one, f"principal-set/1/{set_}") for one in members])
        for set_, members in (("x", "ab"), ("y", "abc"))
    )
    assert after.keys() - before.keys() == {("c", "1")}
    assert not any(about[0].startswith("principal-set/") for about in after)


def test_circles_end() -> None:
    assert paths([("a", "b", "allow"), ("b", "a", "allow"), ("b", "admin", "allow")]).keys() >= {("a", "1"), ("b", "1")}
