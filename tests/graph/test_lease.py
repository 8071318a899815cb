"""Only one run writes at a time, on both engines."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from muniment.errors import LeaseHeld, LeaseLost
from muniment.graph.database import Database, connect
from muniment.graph.lease import Lease
from muniment.graph.writer import Writer
from muniment.settings import Settings

from .estate import CONCLUSIONS, Clock, graph, ids, listing, role, writer

LATE = "MATCH (c:Change) RETURN c.id AS id"
RACE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from muniment.errors import LeaseHeld
from muniment.graph.database import connect
from muniment.graph.lease import Lease
from muniment.settings import Settings

data_dir, url, user, password, holder = sys.argv[1:]
settings = Settings(Path(data_dir), database_url=url or None, database_user=user, database_password=password)
with connect(settings) as database:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print("token", Lease.acquire(database, holder, 60, lambda: datetime.now(UTC)).token)
    except LeaseHeld as held:
        print("held", held.message)
"""


def test_a_held_lease_is_refused_with_its_holder_and_its_end(database: Database) -> None:
    clock = Clock()
    Lease.acquire(database, "first", 60, clock)
    with pytest.raises(LeaseHeld) as held:
        Lease.acquire(database, "second", 60, clock)
    assert held.value.message == "first is writing the graph; its lease ends at 2026-01-31T10:01:00Z unless renewed"


def test_a_released_lease_is_free(database: Database) -> None:
    clock = Clock()
    with Lease.acquire(database, "first", 60, clock) as first:
        pass
    second = Lease.acquire(database, "second", 60, clock)
    assert second.token == first.token + 1


def test_an_expired_lease_may_be_taken_and_a_renewed_one_not(database: Database) -> None:
    clock = Clock()
    lease = Lease.acquire(database, "first", 60, clock)
    clock.advance(59)
    lease.renew()
    clock.advance(59)
    with pytest.raises(LeaseHeld):
        Lease.acquire(database, "second", 60, clock)
    clock.advance(2)
    Lease.acquire(database, "second", 60, clock)
    with pytest.raises(LeaseLost):
        lease.renew()


def test_writing_renews_the_lease(database: Database) -> None:
    clock = Clock()
    lease = Lease.acquire(database, "first", 60, clock)
    clock.advance(59)
    Writer(database, lease, "first", clock).write(listing([role("admin")]))
    clock.advance(59)
    with pytest.raises(LeaseHeld):
        Lease.acquire(database, "second", 60, clock)


def test_a_run_that_was_overtaken_writes_nothing_any_more(database: Database) -> None:
    clock = Clock()
    lease = Lease.acquire(database, "first", 60, clock)
    paused = Writer(database, lease, "first", clock)
    paused.write(listing([role("admin")]))
    clock.advance(61)
    taken = Lease.acquire(database, "second", 60, clock)
    Writer(database, taken, "second", clock).write(listing([role("admin"), role("audit")]))
    before = graph(database)
    for write in (
        lambda: paused.write(listing([])),
        lambda: paused.derive(CONCLUSIONS, ["CAN_ASSUME"], [], complete=True),
        lease.renew,
    ):
        with pytest.raises(LeaseLost, match="second took over the writing of the graph from first"):
            write()
    lease.release()
    assert graph(database) == before
    with pytest.raises(LeaseHeld):
        Lease.acquire(database, "third", 60, clock)


def test_a_run_that_is_overtaken_amid_a_transaction_does_not_write_after_the_other(
    database: Database, engine_settings: Settings
) -> None:
    clock = Clock()
    slow = Lease.acquire(database, "slow", 60, clock)
    amid = threading.Event()
    taken = threading.Event()

    def write_slowly() -> None:
        def work(transaction: object) -> None:
            transaction.run("CREATE (:Change {id: 'late'})").consume()  # type: ignore[attr-defined]
            amid.set()
            taken.wait(2)  # Neo4j lets the other wait for this transaction, so it does not come.

        slow.write(work)

    def overtake() -> list[dict[str, str]]:
        amid.wait(30)
        clock.advance(61)
        with connect(engine_settings) as other:
            Lease.acquire(other, "quick", 60, clock)
            seen = other.read(LATE)
            taken.set()
            return seen

    with ThreadPoolExecutor(2) as threads:
        writing, overtaking = threads.submit(write_slowly), threads.submit(overtake)
        seen = overtaking.result(60)
        lost = isinstance(writing.exception(60), LeaseLost)
    assert database.read(LATE) == seen
    assert lost is (seen == [])


def test_of_two_processes_exactly_one_gets_the_lease(database: Database, engine_settings: Settings) -> None:
    database.write(lambda tx: tx.run("MATCH (l:Lease) DELETE l").consume())
    where = [
        str(engine_settings.data_dir),
        engine_settings.database_url or "",
        engine_settings.database_user,
        engine_settings.database_password,
    ]
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, *where, holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for holder in ("one", "two")
    ]
    for process in racing:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in racing:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    said = sorted(process.communicate(timeout=60)[0].split()[0] for process in racing)
    assert said == ["held", "token"]


def test_of_many_threads_exactly_one_gets_the_lease(database: Database) -> None:
    clock = Clock()
    database.write(lambda tx: tx.run("MATCH (l:Lease) DELETE l").consume())
    barrier = threading.Barrier(4)

    def race(holder: str) -> bool:
        barrier.wait(30)
        try:
            Lease.acquire(database, holder, 60, clock)
        except LeaseHeld:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(race, "abcd")) == 1


def test_a_lease_is_not_needed_to_read(database: Database) -> None:
    writer(database).write(listing([role("admin")]))
    assert len(ids(database)) == 1
