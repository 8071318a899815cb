"""Nobody is said to have no access to what everyone has."""

from __future__ import annotations

import pytest
from muniment.graph.database import Database
from muniment.queries.answer import Row
from muniment.queries.library import saved
from muniment.queries.running import run
from muniment.schema import Edge, ScopeId

from . import estate
from .estate.names import ALICE, BOB, DANA, LAKE, NOW, OUTSIDE, PAY
from .estate.oddities import CLOSED_BUCKET, OPEN_BUCKET

KEPT = "arn:aws:s3:::acme-bills"
SECRET, SNAPSHOT = f"arn:aws:secretsmanager:eu-west-1:{PAY}:secret:db-0a1b2c", "arn:aws:ec2:eu-west-1::snapshot/snap-0"
PUBLIC = ("*", OPEN_BUCKET)


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def holding(request: pytest.FixtureRequest) -> Database:
    """Anyone, everyone of two accounts, those of an account outside, and Alice have access to something."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    concluded = estate.conclusions()
    said = {"derived": True, "level": "Read", "content": True, "decision": "allow", "because": [], "conditions": []}
    said |= {"actions": ["s3:GetObject"], "external": True}
    holders = {"*": OPEN_BUCKET, PAY: KEPT, LAKE: KEPT, OUTSIDE: SECRET, ALICE: CLOSED_BUCKET}
    concluded[ScopeId.parse("muniment/all/global/has-access")] = [
        Edge("HAS_ACCESS", who, what, said, "Read") for who, what in holders.items()
    ]
    estate.fill(database, [*estate.listings(), estate.resources(), estate.oddities()], concluded)
    return database


def access_of(database: Database, principal: str) -> list[Row]:
    return list(run(database, saved()["access-of"], {"principal": principal}, now=NOW).rows)


@pytest.mark.parametrize(
    ("principal", "own"),
    [
        (ALICE, {(ALICE, CLOSED_BUCKET)}),
        (BOB, {(PAY, KEPT)}),
        (DANA, {(LAKE, KEPT)}),
        (OUTSIDE, {(OUTSIDE, SECRET)}),
        (PAY, {(PAY, KEPT)}),
        ("*", set()),
    ],
)
def test_what_everyone_has_is_access_of_each(holding: Database, principal: str, own: set[tuple[str, str]]) -> None:
    assert {(row["principal"], row["resource"]) for row in access_of(holding, principal)} == {PUBLIC, *own}


def test_what_a_root_user_has_is_not_known_rather_than_nothing(holding: Database) -> None:
    root = f"arn:aws:iam::{PAY}:root"
    found = {(row["principal"], row["resource"], row["decision"]) for row in access_of(holding, root)}
    everything = {(root, what, "unknown") for what in (OPEN_BUCKET, CLOSED_BUCKET, SECRET, SNAPSHOT)}
    assert found == {(*PUBLIC, "allow"), (PAY, KEPT, "allow"), *everything}
