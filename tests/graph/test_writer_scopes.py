"""Listings that state nothing: their records at one stroke, and never a fact lost or kept that should not be."""

from __future__ import annotations

from muniment.graph.database import Database
from muniment.graph.ledger import Ledger
from muniment.schema import NEVER_READ, ScopeId, Status

from .estate import ACCOUNT, Clock, listing, role
from .estate import writer as writing

REGIONS = ("eu-west-1", "eu-west-2", "us-east-1")


def scope(region: str) -> ScopeId:
    return ScopeId("aws", ACCOUNT, region, "iam")


def statuses(database: Database) -> dict[str, tuple[str, int]]:
    """What the ledger says of each region: its status, and how many nodes it states."""
    return {state.id.region: (state.status, state.nodes) for state in Ledger(database, Clock()).scopes()}


def test_empty_scopes_are_recorded_together(database: Database) -> None:
    for run in ("first", "second"):
        writer = writing(database, run)
        Ledger(database, Clock()).start_run(writer._lease, run, "aws", {})
        Ledger(database, Clock()).expect(writer._lease, [scope(region) for region in REGIONS])
        written = writer.write_empty([listing(scope=scope(region)) for region in REGIONS])
        assert (written.statements, written.rows) == (1, 3)
        assert statuses(database) == dict.fromkeys(REGIONS, (Status.COMPLETE, 0))
        owners = database.read("MATCH (r:IngestRun)-[:OWNS]->(s:Scope) RETURN r.id AS run, s.region AS region")
        assert sorted((row["run"], row["region"]) for row in owners) == [(run, region) for region in REGIONS]


def test_a_scope_that_became_empty_loses_what_it_stated(database: Database) -> None:
    writer = writing(database)
    writer.write(listing([role("admin")], scope=scope("eu-west-1")))
    written = writer.write_empty([listing(scope=scope(region)) for region in REGIONS])
    assert written.nodes.removed == 1
    assert database.read("MATCH (r:Role) RETURN count(r) AS roles") == [{"roles": 0}]
    assert statuses(database)["eu-west-1"] == (Status.COMPLETE, 0)
    writer.write(listing([role("admin")], scope=scope("eu-west-1")))
    assert database.read("MATCH (r:Role) RETURN count(r) AS roles") == [{"roles": 1}]


def test_what_could_not_be_read_keeps_what_is_known(database: Database) -> None:
    writer = writing(database)
    writer.write(listing([role("admin")], scope=scope("eu-west-1")))
    for status in (Status.DENIED, Status.FAILED, Status.PARTIAL):
        writer.write_empty([listing(scope=scope(region), status=status) for region in REGIONS])
        assert database.read("MATCH (r:Role) RETURN count(r) AS roles") == [{"roles": 1}]
        assert {found[0] for found in statuses(database).values()} == {status}
    assert writer.write_empty([listing(scope=scope("eu-west-1"))]).nodes.removed == 1


def test_a_scope_that_was_denied_at_first_is_read_when_it_can_be(database: Database) -> None:
    writer = writing(database)
    writer.write_empty([listing(scope=scope("eu-west-1"), status=Status.DENIED)])
    writer.write(listing([role("admin")], scope=scope("eu-west-1")))
    assert writer.write(listing([role("admin")], scope=scope("eu-west-1"))).rows == 1
    assert writer.write(listing([role("audit")], scope=scope("eu-west-1"))).nodes.removed == 1


def test_expected_scopes_are_known_to_be_missing(database: Database) -> None:
    writer = writing(database)
    Ledger(database, Clock()).expect(writer._lease, [scope(region) for region in REGIONS])
    writer.write(listing([role("admin")], scope=scope("eu-west-1")))
    Ledger(database, Clock()).expect(writer._lease, [scope(region) for region in REGIONS])
    found = statuses(database)
    assert found["eu-west-1"] == (Status.COMPLETE, 1)
    assert found["eu-west-2"][0] == found["us-east-1"][0] == NEVER_READ
