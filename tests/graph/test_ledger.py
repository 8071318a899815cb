"""What the register knows of its own runs, on both engines."""

from __future__ import annotations

from datetime import timedelta

from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.schema import Listing, Refusal, Status

from .estate import OTHER, SCOPE, Clock, listing, role


def test_a_run_is_recorded_from_its_start_to_its_end(database: Database) -> None:
    clock = Clock()
    ledger = Ledger(database, clock)
    run = ledger.new_run_id()
    assert run.startswith("20260131T100000Z-")
    lease = Lease.acquire(database, run, 60, clock)
    ledger.start_run(lease, run, "aws", {"accounts": ["111122223333"]})
    (begun,) = ledger.runs()
    assert (begun.id, begun.source, begun.status, begun.finished_at) == (run, "aws", "running", None)
    assert begun.settings == {"accounts": ["111122223333"]}
    assert ledger.latest_unfinished_run() == begun
    clock.advance(30)
    ledger.finish_run(lease, run, "complete", calls=7)
    (ended,) = ledger.runs()
    assert (ended.status, ended.finished_at, ended.calls) == ("complete", "2026-01-31T10:00:30Z", 7)
    assert ledger.latest_unfinished_run() is None


def test_only_the_latest_run_can_be_unfinished(database: Database) -> None:
    clock = Clock()
    ledger = Ledger(database, clock)
    lease = Lease.acquire(database, "any", 60, clock)
    for run, status in (("a", "failed"), ("b", "complete"), ("c", "incomplete")):
        ledger.start_run(lease, run, "aws", {})
        ledger.finish_run(lease, run, status)
        clock.advance(1)
        unfinished = ledger.latest_unfinished_run()
        assert (unfinished.id if unfinished else None) == (None if status == "complete" else run)
    assert [run.id for run in ledger.runs()] == ["c", "b", "a"]


def test_scopes_completed_by_a_run_need_not_be_read_again(database: Database) -> None:
    clock = Clock()
    lease = Lease.acquire(database, "one", 3600, clock)
    ledger = Ledger(database, clock)
    written = Writer(database, lease, "one", clock)
    written.write(listing([role("admin")]))
    written.write(Listing(OTHER, [], [], Status.DENIED, [Refusal("iam:ListRoles", "AccessDenied")], calls=1))
    assert ledger.completed_scopes("one") == {SCOPE}
    assert ledger.completed_scopes("two") == set()


def test_each_scope_tells_its_state_and_age(database: Database) -> None:
    clock = Clock()
    lease = Lease.acquire(database, "one", 3600, clock)
    written = Writer(database, lease, "one", clock)
    written.write(listing([role("admin")]))
    clock.advance(90)
    written.write(Listing(OTHER, [], [], Status.DENIED, [Refusal("iam:ListRoles", "AccessDenied")], calls=1))
    known, denied = Ledger(database, clock).scopes()
    assert (known.id, known.status, known.complete, known.nodes) == (SCOPE, "complete", True, 1)
    assert known.age(clock()) == timedelta(seconds=90)
    assert (denied.id, denied.status, denied.complete, denied.completed_at) == (OTHER, "denied", False, None)
    assert denied.refusals == ("AccessDenied: iam:ListRoles",)
    assert denied.age(clock()) is None
