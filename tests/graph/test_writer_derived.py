"""Derived relationships in the graph, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from muniment.graph import derivation
from muniment.graph.counts import Counts, Tally
from muniment.graph.database import Database
from muniment.schema import Edge

from .estate import CONCLUSIONS, assumes, changes, graph, listing, record, role, writer

A, B, C = role("a"), role("b"), role("c")


@pytest.fixture
def estate(database: Database) -> Database:
    """Three roles."""
    writer(database).write(listing([A, B, C]))
    return database


def derive(database: Database, edges: list[Edge], run: str | None = None, *, complete: bool = True) -> Counts:
    return writer(database, run).derive(CONCLUSIONS, ["CAN_ASSUME"], iter(edges), complete=complete)


def pairs(database: Database) -> list[tuple[str, str]]:
    return [(edge[0][-1], edge[2][-1]) for edge in graph(database)["edges"]]


def test_only_what_differs_is_written_and_recorded(estate: Database) -> None:
    assert derive(estate, [assumes(A, B), assumes(B, C)], "one").relationships == Tally(created=2)
    assert changes(estate, "one") == [("created", "Scope", str(CONCLUSIONS))]
    assert derive(estate, [assumes(B, C), assumes(A, B)]) == Counts(statements=1, rows=1)
    counts = derive(estate, [assumes(A, B, because=["it says so"]), assumes(A, C)], "three")
    assert counts.relationships == Tally(created=1, changed=1, removed=1)
    assert pairs(estate) == [("a", "b"), ("a", "c")]
    assert [operation for operation, _, _ in changes(estate, "three")] == ["changed", "created", "removed"]
    assert (record(estate, CONCLUSIONS)["status"], record(estate, CONCLUSIONS)["relationships"]) == ("complete", 2)


def test_an_incomplete_derivation_removes_nothing(estate: Database) -> None:
    derive(estate, [assumes(A, B)])
    assert derive(estate, [assumes(B, C)], complete=False).relationships == Tally(created=1)
    assert pairs(estate) == [("a", "b"), ("b", "c")]
    assert record(estate, CONCLUSIONS)["status"] == "partial"


def test_the_same_conclusion_twice_is_one(estate: Database) -> None:
    assert derive(estate, [assumes(A, B), assumes(A, B)]).relationships == Tally(created=1)
    assert derive(estate, [assumes(A, B), assumes(A, B)]).relationships == Tally()
    with pytest.raises(ValueError, match=r"a -CAN_ASSUME-> .*b was derived twice and differently"):
        derive(estate, [assumes(A, B), assumes(A, B, because=["else"])])


def test_a_conclusion_about_nothing_is_refused(estate: Database) -> None:
    with pytest.raises(ValueError, match=r"1 derived relationships end at nodes that are not in the graph: .*role/d"):
        derive(estate, [assumes(A, B), assumes(A, role("d"))])
    assert pairs(estate) == []


def test_a_conclusion_of_another_type_is_refused(estate: Database) -> None:
    with pytest.raises(ValueError, match="ADMINISTERS was derived where only CAN_ASSUME may be"):
        derive(estate, [Edge("ADMINISTERS", A.id, "111122223333")])


def test_many_parts_make_one_whole(estate: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "PART", 3)
    monkeypatch.setattr(derivation, "GONE", 4)
    roles = [role(f"r{number:02}") for number in range(20)]
    writer(estate).write(listing(roles))

    def chain(names: range) -> Iterator[Edge]:
        return (assumes(roles[number], roles[number + 1]) for number in names)

    assert derive(estate, list(chain(range(19)))).relationships == Tally(created=19)
    assert derive(estate, list(chain(range(5)))).relationships == Tally(removed=14)
    assert len(pairs(estate)) == 5
    assert record(estate, CONCLUSIONS)["relationships"] == 5
