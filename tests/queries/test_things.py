"""Names are found as people say them, and what several things could be called is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from muniment.errors import AmbiguousName, NotFound, UsageError
from muniment.graph.database import Database
from muniment.queries.atlas import Atlas
from muniment.queries.library import saved
from muniment.queries.running import run
from muniment.queries.things import anything, principal

from . import estate
from .estate.names import BOB, CHECKOUT_DEPLOYER, DEPLOYER, POLICY
from .estate.oddities import CLOSED_BUCKET, OPEN_BUCKET

NOW = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def holding(embedded_connection: Database) -> Database:
    """The estate and two buckets."""
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    estate.fill(embedded_connection, [*estate.listings(), estate.resources()])
    return embedded_connection


@pytest.mark.parametrize(
    "said", ["Deployer in checkout", "checkout/Deployer", "deployer in prod", "Deployer in the checkout account"]
)
def test_a_name_is_found_where_it_is_said_to_be(holding: Database, said: str) -> None:
    assert principal(holding, Atlas.load(holding), said).id == CHECKOUT_DEPLOYER


def test_a_name_that_two_accounts_have_is_refused_with_both(holding: Database) -> None:
    with pytest.raises(AmbiguousName) as refused:
        principal(holding, Atlas.load(holding), "Deployer")
    assert refused.value.offered["candidates"] == sorted([CHECKOUT_DEPLOYER, DEPLOYER])


@pytest.mark.parametrize("said", ["Deployer in lapland", "Deployer in payments-dev", "in checkout"])
def test_a_name_is_not_looked_for_elsewhere(holding: Database, said: str) -> None:
    with pytest.raises(NotFound):
        principal(holding, Atlas.load(holding), said)


@pytest.mark.parametrize(
    ("said", "meant"), [("payroll bucket", CLOSED_BUCKET), ("site", OPEN_BUCKET), ("ACME-SITE", OPEN_BUCKET)]
)
def test_a_resource_is_found_by_its_words_and_by_what_it_is(holding: Database, said: str, meant: str) -> None:
    assert anything(holding, Atlas.load(holding), said, ["DataResource"]).id == meant


@pytest.mark.parametrize("said", ["payroll table", "acme-payrol"])
def test_what_is_something_else_is_not_found_but_offered(holding: Database, said: str) -> None:
    with pytest.raises(NotFound) as refused:
        anything(holding, Atlas.load(holding), said, ["DataResource"])
    assert refused.value.offered["names"][0] == "acme-payroll"


def test_of_two_buckets_none_is_taken(holding: Database) -> None:
    with pytest.raises(AmbiguousName):
        anything(holding, Atlas.load(holding), "acme bucket", ["DataResource"])


@pytest.mark.parametrize(
    ("query", "given"), [("access-to", {"resource": "acme-syte"}), ("access-of", {"principal": "alise"})]
)
def test_nobody_has_access_is_never_said_of_what_does_not_exist(
    holding: Database, query: str, given: dict[str, str]
) -> None:
    with pytest.raises(NotFound):
        run(holding, saved()[query], given, now=NOW)


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("repository-roles", {"repository": "payments"}),
        ("identities", {"kind": "robot"}),
        ("federated-trusts", {"breadth": "wide"}),
        ("service-users", {"service": "secrets manager"}),
    ],
)
def test_a_text_that_finds_nothing_by_its_form_is_refused(holding: Database, query: str, given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=f"{next(iter(given))} cannot be"):
        run(holding, saved()[query], given, now=NOW)


def test_a_text_has_its_form_whatever_its_case(holding: Database) -> None:
    assert run(holding, saved()["identities"], {"kind": "Human"}, now=NOW).question == "identities"


def test_what_a_policy_bounds_is_told_too(holding: Database) -> None:
    rows = run(holding, saved()["attached-to"], {"policy": POLICY}, now=NOW).rows
    assert [row["usage"] for row in rows if row["holder"] == BOB] == ["boundary"]
    assert len(rows) == 3
    assert [row["usage"] for row in rows if row["holder"] != BOB] == ["policy", "policy"]
