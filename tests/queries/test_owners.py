"""Who owns what, as tags tell: of the thing itself, else of its account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.errors import NotFound, UsageError
from muniment.graph.database import Database
from muniment.queries.owners import owned_by, owner_of
from muniment.schema import Node

from . import estate
from .estate import ALICE, LAKE, PAY, SHARED

BUCKET, ROLE, KEY, LOST = "arn:aws:s3:::ledger", f"arn:aws:iam::{PAY}:role/Pay", "key/1", "arn:aws:s3:::lost"


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def tagged(request: pytest.FixtureRequest) -> Database:
    """The estate with things that tags give to owners; the account of the lake is the data team's."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())

    def said(**tags: str) -> str:
        return json.dumps(tags)

    things = [
        Node("Bucket", BUCKET, {"name": "ledger", "account_id": PAY, "tags": said(**{"acme:team": "Team-Payments"})}),
        Node("Bucket", LOST, {"name": "lost", "account_id": PAY, "tags": said(owner="tbd")}),
        Node("Role", ROLE, {"name": "Pay", "account_id": PAY, "tags": said(Owner="payments", team="other")}),
        Node("KmsKey", KEY, {"name": "lake", "account_id": LAKE, "tags": said(contact="ann.lee@acme.test")}),
        Node("Queue", "queue/1", {"name": "jobs", "account_id": LAKE}),
        Node(
            "Account", LAKE, {"name": "data-lake", "account_id": LAKE, "tags": said(owner="data"), "path": "o-a/r-a/"}
        ),
    ]
    estate.fill(database, [*estate.listings(), estate.listing("aws/all/eu-west-1/owned", things)], {})
    return database


def owned(database: Database, owner: str, kind: str = "") -> set[str]:
    return {row["thing"] for row in owned_by(database, owned_by=owner, kind=kind).rows}


@pytest.mark.parametrize("said", ["payments", "Payments", "Team-Payments", "team payments", "the payments team"])
def test_an_owner_is_found_however_it_is_called(tagged: Database, said: str) -> None:
    assert owned(tagged, said) == {BUCKET, ROLE}


def test_what_has_no_tag_is_its_accounts_owners(tagged: Database) -> None:
    found = owned_by(tagged, owned_by="data").rows
    assert {LAKE, "queue/1"} <= {row["thing"] for row in found}
    assert KEY not in {row["thing"] for row in found}
    assert all(row["because"] == ["tag owner of data-lake"] for row in found)


def test_an_address_is_called_by_what_stands_before_the_sign(tagged: Database) -> None:
    assert owned(tagged, "ann lee") == {KEY}


@pytest.mark.parametrize(
    ("kind", "things"), [("roles", {ROLE}), ("buckets", {BUCKET}), ("resources", {BUCKET}), ("queues", set())]
)
def test_only_what_is_asked_for(tagged: Database, kind: str, things: set[str]) -> None:
    assert owned(tagged, "the payments team", kind) == things


def test_what_nobody_owns(tagged: Database) -> None:
    found = owned(tagged, "unknown")
    assert {LOST, ALICE, SHARED} <= found
    assert found.isdisjoint({BUCKET, ROLE, KEY, LAKE})


@pytest.mark.parametrize("said", ["pay", "payments-core", "team", ""])
def test_an_owner_that_no_tag_names_is_refused_rather_than_said_to_own_nothing(tagged: Database, said: str) -> None:
    with pytest.raises(NotFound) as refused:
        owned_by(tagged, owned_by=said)
    assert "Team-Payments" in refused.value.hint


def test_a_sort_that_there_is_not_is_refused(tagged: Database) -> None:
    with pytest.raises(UsageError, match="public buckets"):
        owned_by(tagged, owned_by="payments", kind="public buckets")


@pytest.mark.parametrize(
    ("said", "owner", "because"),
    [
        ("ledger bucket", "Team-Payments", "tag acme:team of arn:aws:s3:::ledger"),
        ("payments-prod/Pay", "payments", "tag Owner of payments-prod/Pay"),
        ("data-lake", "data", "tag owner of data-lake"),
        ("lost", "unknown", ""),
    ],
)
def test_who_owns_a_thing(tagged: Database, said: str, owner: str, because: str) -> None:
    rows: list[Any] = list(owner_of(tagged, text=said).rows)
    assert [(row["owner"], row["because"]) for row in rows] == [(owner, [because] if because else [])]


def test_who_owns_what_there_is_not_is_an_error(tagged: Database) -> None:
    with pytest.raises(NotFound):
        owner_of(tagged, text="nosuchthing")
