"""One run after another on a small organization: what the graph holds, and what the ledger says."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import Any

import pytest
from muniment.errors import LeaseHeld, LeaseLost, RunInterrupted
from muniment.graph.clock import wall_clock
from muniment.graph.counts import Counts
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger, ScopeState
from muniment.ingest import Entrance, Request
from muniment.ingest.door import from_aws
from muniment.run import ingest as ingesting
from muniment.run.holder import Holder, living_run
from muniment.run.ingest import Work, ingest
from muniment.run.observer import Observer
from muniment.run.report import RunReport
from muniment.schema import Listing, Status

from ..ingest.cloud import MANAGEMENT
from .small import Small, add_role
from .state import graph

ENTRANCE = Entrance(attempts=2, connect_timeout=2, read_timeout=10)
REQUEST = Request(regions=("us-east-1",), collectors=("account", "iam", "organizations"))
"""Without contacts, of which moto knows no primary one."""
NOBODY = 2**22 + 1
"""A process id that Linux never gives."""


def run(database: Database, *, request: Request = REQUEST, observer: Observer | None = None, **work: Any) -> RunReport:
    plan, source = from_aws(ENTRANCE, request)
    asked = {"accounts": list(request.accounts)} if request.accounts else {}
    return ingest(database, Work("aws", plan, source, asked, **work), observer=observer)


def changes(database: Database, run: str) -> set[tuple[str, str]]:
    """What a run changed: operation and subject of each record."""
    rows = database.read("MATCH (c:Change {run: $run}) RETURN c.operation AS operation, c.subject AS subject", run=run)
    return {(row["operation"], row["subject"]) for row in rows}


class At(Observer):
    """Does something when the first scope of a collector was written."""

    def __init__(self, collector: str, what: Any) -> None:
        self._collector, self._what = collector, what

    def written(self, listing: Listing, counts: Counts) -> None:
        if listing.scope.collector == self._collector:
            self._what()


def test_a_second_run_changes_nothing(small: Small, database: Database) -> None:
    first = run(database)
    held = graph(database)
    second = run(database)
    assert first.complete
    assert first.stated.nodes.created > 10
    assert first.concluded.relationships.created > 0
    assert not second.stated.nodes
    assert not second.stated.relationships
    assert not second.concluded.relationships
    assert graph(database) == held
    assert changes(database, second.run) == set()


def conclusions(database: Database) -> dict[str, ScopeState]:
    """What the ledger says of each analysis."""
    scopes = Ledger(database, wall_clock).scopes()
    return {state.id.collector: state for state in scopes if state.id.source == "muniment"}


def test_conclusions_are_affirmed_where_nothing_was_learned(small: Small, database: Database) -> None:
    run(database)
    drawn = conclusions(database)
    second = run(database)
    affirmed = conclusions(database)
    assert second.concluded == Counts(statements=1, rows=len(drawn))
    assert affirmed.keys() == drawn.keys() >= {"can-assume", "administers"}
    for name, state in affirmed.items():
        assert state.run == second.run
        assert state.status == drawn[name].status == Status.COMPLETE
        assert state.relationships == drawn[name].relationships
        assert (state.completed_at or "") >= (drawn[name].completed_at or "")
    owned = database.read("MATCH (r:IngestRun)-[:OWNS]->(s:Scope {source: 'muniment'}) RETURN r.id AS run, s.id AS id")
    assert {row["run"] for row in owned} == {second.run}
    assert len(owned) == len(affirmed)


def test_conclusions_that_were_not_all_written_are_drawn_again(small: Small, database: Database) -> None:
    first = run(database)
    whole = graph(database)
    database.write(lambda tx: tx.run("MATCH ()-[r:CAN_ASSUME]->() DELETE r").consume())
    database.write(lambda tx: tx.run("MATCH (r:Register) SET r.concluded_from = 'an older run'").consume())
    again = run(database)
    assert first.concluded.relationships.created > 0
    assert again.concluded.relationships.created > 0
    assert graph(database) == whole


def test_other_code_draws_its_own_conclusions(
    small: Small, embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(embedded_database)
    monkeypatch.setattr(ingesting, "code_of_analyses", lambda: "a later version")
    assert run(embedded_database).concluded.statements > 1
    assert run(embedded_database).concluded.statements == 1


def test_conclusions_are_drawn_across_accounts(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    rows = embedded_database.read(
        "MATCH (p)-[:GATHERED_IN*0..1]->()-[c:CAN_ASSUME]->(r:Role {name: 'prod-admin'}) RETURN p.name AS name"
    )
    assert "developer" in {row["name"] for row in rows}


def test_the_report_counts_calls_by_service(small: Small, embedded_database: Database) -> None:
    report = run(embedded_database)
    assert report.calls["iam"] > 0
    assert report.calls["organizations"] > 0
    assert report.document()["calls"]["total"] == report.calls.total()
    assert set(report.seconds) == {"fetch", "write", "analyse", "total"}


def test_a_deleted_role_goes_with_a_record(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    small.cloud.client("iam", small.production).delete_role(RoleName="service")
    report = run(embedded_database)
    role = f"arn:aws:iam::{small.production}:role/service"
    assert ("removed", role) in changes(embedded_database, report.run)
    assert embedded_database.read("MATCH (r:Role {id: $id}) RETURN r.id AS id", id=role) == []


def test_what_was_refused_is_kept_and_said(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    before = graph(embedded_database)
    small.cloud.client("iam", small.production).delete_role(RoleName="service")
    small.cloud.front.answer("AccessDenied", account=small.production, service="iam")
    report = run(embedded_database)
    assert not report.complete
    assert report.exit_code == 3
    assert report.count(Status.DENIED) == 1
    scope = f"aws/{small.production}/global/iam"
    assert {row["scope"] for row in report.document()["missing"]} == {scope}
    held = graph(embedded_database)
    assert held["nodes"] == before["nodes"]
    derived = {state.id.collector: state for state in Ledger(embedded_database, wall_clock).scopes()}
    assert derived["can-assume"].status == Status.PARTIAL
    assert derived["can-assume"].refusals == (f"denied: {scope}",)


def test_an_account_that_leaves_is_taken_out(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    small.cloud.client("organizations").remove_account_from_organization(AccountId=small.development)
    report = run(embedded_database)
    assert {scope.account for scope in report.departed} == {small.development}
    developer = f"arn:aws:iam::{small.development}:role/developer"
    assert ("removed", developer) in changes(embedded_database, report.run)
    ledger = Ledger(embedded_database, wall_clock)
    assert small.development not in {state.id.account for state in ledger.scopes()}
    assert run(embedded_database).departed == []


def test_an_account_does_not_leave_because_nobody_could_look(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    before = graph(embedded_database)
    small.cloud.front.answer("AccessDenied", service="organizations", operation="ListAccounts")
    report = run(embedded_database)
    assert report.departed == []
    assert not report.complete
    assert {row["scope"] for row in report.document()["missing"]} >= {f"aws/{MANAGEMENT}/global/discovery"}
    assert graph(embedded_database)["nodes"] == before["nodes"]
    small.cloud.front.clear()
    run(embedded_database)
    assert graph(embedded_database) == before


def test_some_accounts_only(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    report = run(embedded_database, request=replace(REQUEST, accounts=(small.production,)))
    assert {outcome.scope.account for outcome in report.scopes} <= {small.production, MANAGEMENT}
    assert report.departed == []


def test_one_run_at_a_time(small: Small, embedded_database: Database) -> None:
    other = Holder("another", os.getpid(), Holder.here("").host)
    with Lease.acquire(embedded_database, str(other), 60, wall_clock), pytest.raises(LeaseHeld, match="another"):
        run(embedded_database)
    assert run(embedded_database).complete


def test_the_lease_of_a_killed_run_is_free_at_once(small: Small, embedded_database: Database) -> None:
    killed = Holder("killed", NOBODY, Holder.here("").host)
    Lease.acquire(embedded_database, str(killed), 600, wall_clock)
    assert run(embedded_database).complete


def test_the_lease_of_another_machine_has_to_end_by_itself(small: Small, embedded_database: Database) -> None:
    elsewhere = Lease.acquire(embedded_database, str(Holder("other", NOBODY, "elsewhere")), 600, wall_clock)
    with pytest.raises(LeaseHeld):
        run(embedded_database)
    elsewhere.release()


def test_a_run_that_was_overtaken_writes_no_more(small: Small, embedded_database: Database) -> None:
    def overtake() -> None:
        rows = embedded_database.read("MATCH (l:Lease) RETURN l.holder AS holder")
        Lease.acquire(embedded_database, "overtaking", 60, wall_clock, gone=rows[0]["holder"])

    with pytest.raises(LeaseLost):
        run(embedded_database, observer=At("organizations", overtake))
    assert embedded_database.read("MATCH (s:Scope {collector: 'can-assume'}) RETURN s.id AS id") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_says_so_and_goes_on_later(small: Small, embedded_database: Database, number: int) -> None:
    def stop() -> None:
        os.kill(os.getpid(), number)

    with pytest.raises(RunInterrupted, match=signal.Signals(number).name) as stopped:
        run(embedded_database, observer=At("organizations", stop), concurrency=1)
    assert stopped.value.exit_code == 128 + number
    assert "--resume" in stopped.value.hint
    latest = Ledger(embedded_database, wall_clock).runs(1)[0]
    assert latest.status == "failed"

    small.cloud.front.clear()
    report = run(embedded_database, resume=True)
    assert report.run == latest.id
    assert f"aws/{MANAGEMENT}/global/organizations" in {str(scope) for scope in report.resumed}
    assert report.complete
    assert Ledger(embedded_database, wall_clock).runs(1)[0].status == "complete"


def test_told_to_stop_before_anything_was_read_it_is_recorded(small: Small, embedded_database: Database) -> None:
    with pytest.raises(RunInterrupted):
        run(embedded_database, begin=lambda _: os.kill(os.getpid(), signal.SIGTERM))
    assert [one.status for one in Ledger(embedded_database, wall_clock).runs()] == ["failed"]
    assert living_run(embedded_database, wall_clock) is None


def test_another_request_does_not_resume(small: Small, embedded_database: Database) -> None:
    small.cloud.front.answer("AccessDenied", account=small.production, service="iam")
    first = run(embedded_database)
    small.cloud.front.clear()
    other = run(embedded_database, request=replace(REQUEST, accounts=(small.production,)), resume=True)
    assert other.run != first.run
    assert other.resumed == []


def test_an_incomplete_run_resumes_with_what_was_refused(small: Small, embedded_database: Database) -> None:
    small.cloud.front.answer("AccessDenied", account=small.production, service="iam")
    first = run(embedded_database)
    assert not first.complete
    small.cloud.front.clear()
    second = run(embedded_database, resume=True)
    assert second.run == first.run
    assert {str(outcome.scope) for outcome in second.scopes if outcome.scope.collector == "iam"} == {
        f"aws/{small.production}/global/iam"
    }
    assert second.complete
    after = graph(embedded_database)
    run(embedded_database)
    assert graph(embedded_database) == after


def test_a_new_principal_changes_conclusions(small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    add_role(small.cloud, small.development, "second", {"Service": "ec2.amazonaws.com"}, may="sts:*")
    report = run(embedded_database)
    assert ("created", f"arn:aws:iam::{small.development}:role/second") in changes(embedded_database, report.run)
    assert report.concluded.relationships.created > 0
