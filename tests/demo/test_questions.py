"""Every saved question runs on the demo's organization, on both engines, with equal results."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from muniment.analysis.iam.assuming.assume import Assumptions
from muniment.analysis.iam.everyone.chains import Chains
from muniment.analysis.iam.everyone.who_can import Index
from muniment.graph.clock import wall_clock
from muniment.graph.conclusions import Conclusions
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.queries.checks import checks
from muniment.queries.library import SavedQuery, longer, saved
from muniment.queries.running import run
from muniment.run.answering import answer
from muniment.run.derive import conclude
from muniment.run.estate import load_estate
from muniment.settings import Settings

from ..conftest import empty
from ..unordered import unordered
from .conftest import Estate

GIVEN = {
    "role": "payments-prod/platform-admin",
    "policy": "AdministratorAccess",
    "group": "platform-engineers",
    "principal": "terraform-runner",
    "repository": "halden-logistics/payments",
    "service": "s3",
    "resource": "halden-sandbox-shipments",
}


NOW = wall_clock()


def clock() -> datetime:
    """The same time for both engines."""
    return NOW


@pytest.fixture(scope="module")
def both(estate: Estate, embedded_connection: Database, neo4j_connection: Database) -> tuple[Database, Database]:
    """The demo's organization in both engines, written and concluded from once."""
    for database in (embedded_connection, neo4j_connection):
        empty(database)
        lease = Lease.acquire(database, "test", 600, clock)
        writer = Writer(database, lease, "run-1", clock)
        for listing in estate.listings:
            if listing.nodes or listing.edges:
                writer.write(listing)
        conclude(database, Ledger(database, clock), writer, Conclusions(lease, "run-1", clock, "test"))
        lease.release()
    return embedded_connection, neo4j_connection


@pytest.mark.parametrize("query", saved().values(), ids=lambda query: query.id)
def test_a_saved_query_answers_alike_on_both_engines(both: tuple[Database, Database], query: SavedQuery) -> None:
    given = {name: GIVEN[name] for name in query.parameters if name in GIVEN}
    embedded, neo4j = (run(database, query, given, now=NOW).envelope() for database in both)
    assert unordered(embedded["rows"]) == unordered(neo4j["rows"])
    assert embedded["missing"] == neo4j["missing"]


@pytest.mark.parametrize("check", [one.id for one in checks(longer().values())])
def test_a_longer_check_answers_alike_on_both_engines(both: tuple[Database, Database], check: str) -> None:
    embedded, neo4j = (answer(database, Settings(Path()), check, {}).envelope() for database in both)
    assert unordered(embedded) == unordered(neo4j)


@pytest.mark.parametrize(
    ("action", "resource"),
    [("iam:ListUsers", "*"), ("kms:CreateKey", "*"), ("s3:GetObject", "arn:aws:s3:::payments-exports/june.csv")],
)
def test_chains_in_process_lead_where_the_graph_does(
    both: tuple[Database, Database], action: str, resource: str
) -> None:
    """All but that the graph knows who is in a group of Identity Center, and names them instead of the group."""
    asked = {"action": action, "resource": resource, "transitive": True}
    told = answer(both[0], Settings(Path()), "who-can", asked).rows
    estate = load_estate(both[0])
    index = Index(estate)
    chains = Chains(index.population, Assumptions(estate).facts()).behind(index.who_can(action, resource))
    assert {(row["principal"], row["decision"]) for row in told if ":identitystore:" not in row["principal"]} == {
        (principal, decision) for principal, decision in chains if ":identitystore:" not in principal
    }
