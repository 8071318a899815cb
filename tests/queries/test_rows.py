"""What comes in several ways is said once: by its surest way, and by each where they differ in what they ask."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.graph.database import Database
from muniment.queries.library import SavedQuery, saved
from muniment.queries.rows import tidied
from muniment.queries.running import run
from muniment.schema import Edge, ScopeId

from . import estate
from .estate import ACCESS_SET, ALICE, BOB, CLOSED_BUCKET, NOW, OPEN_BUCKET

HEAD = """
question = "Who has what?"
documentation = "All of it."
once = ["who", "what"]
{more}
[columns]
who = "Who."
what = "What."
decision = "How sure."
conditions = "If."
actions = "Actions."
"""


def query(*, union: bool = False) -> SavedQuery:
    one = "MATCH (p:Role) RETURN p.id AS who, p.id AS what, p.id AS decision, p.id AS conditions, p.id AS actions"
    more = 'order = ["what"]\n' if union else ""
    return SavedQuery.parse("example", f"/*{HEAD.format(more=more)}*/\n{one}" + (f"\nUNION\n{one}" if union else ""))


def row(who: str, decision: str, *conditions: str, actions: str = "ab") -> dict[str, Any]:
    return {"who": who, "what": "x", "decision": decision, "conditions": list(conditions), "actions": list(actions)}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([row("ann", "conditional", "mfa"), row("ann", "allow")], [row("ann", "allow")]),
        ([row("ann", "allow", actions="a"), row("ann", "allow", actions="b")], [row("ann", "allow")]),
        (
            [row("ann", "allow", actions="a"), row("ann", "conditional", "mfa")],
            [row("ann", "allow", actions="a"), row("ann", "conditional", "mfa")],
        ),
        (
            [row("ann", "conditional", "mfa"), row("ann", "conditional", "tls")],
            [row("ann", "conditional", "mfa"), row("ann", "conditional", "tls")],
        ),
        ([row("bob", "allow"), row("ann", "unknown")], [row("bob", "allow"), row("ann", "unknown")]),
    ],
    ids=["a surer way", "equal ways together", "a less sure way that gives more", "alternatives", "two of them"],
)
def test_each_is_said_once(rows: list[dict[str, Any]], left: list[dict[str, Any]]) -> None:
    assert tidied(query(), rows) == left


def test_rows_of_several_queries_are_sorted() -> None:
    rows = [{**row("ann", "allow"), "what": "y"}, row("bob", "allow"), row("ann", "allow")]
    assert tidied(query(union=True), rows) == [rows[2], rows[1], rows[0]]


@pytest.fixture(scope="module")
def twice(embedded_connection: Database) -> Database:
    """Bob has access by himself and in a set."""
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    concluded = estate.conclusions()
    said = {"derived": True, "level": "Read", "content": True, "because": [], "conditions": [], "external": False}
    concluded[ScopeId.parse("muniment/all/global/has-access")] = [
        Edge("HAS_ACCESS", BOB, OPEN_BUCKET, {**said, "decision": "allow", "actions": ["s3:GetObject"]}, "Read"),
        Edge(
            "HAS_ACCESS", ACCESS_SET, OPEN_BUCKET, {**said, "decision": "unknown", "actions": ["s3:GetObject"]}, "Read"
        ),
        Edge("HAS_ACCESS", ACCESS_SET, CLOSED_BUCKET, {**said, "decision": "allow", "actions": ["s3:GetAcl"]}, "Read"),
        Edge("SHARES_ACCESS", BOB, ACCESS_SET, {"derived": True}),
        Edge("SHARES_ACCESS", ALICE, ACCESS_SET, {"derived": True}),
    ]
    estate.fill(embedded_connection, [*estate.listings(), estate.resources()], concluded)
    return embedded_connection


def test_access_is_told_once(twice: Database) -> None:
    found = run(twice, saved()["access-to"], {"resource": OPEN_BUCKET}, now=NOW).rows
    assert {(row["principal"], row["decision"]) for row in found} == {(BOB, "allow"), (ALICE, "unknown")}
    assert len(found) == 2
