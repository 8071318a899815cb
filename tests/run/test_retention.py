"""History that was kept long enough goes; nobody who asks for it takes what is left for all there was."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError
from muniment.api.graphql.changes import Feed
from muniment.errors import LeaseLost, SettingsError
from muniment.graph import retention as deleting
from muniment.graph.clock import timestamp
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.retention import Deleted, history_since
from muniment.queries.answer import Answer
from muniment.queries.history import SCOPE
from muniment.queries.library import questions
from muniment.queries.running import run as ask
from muniment.run.retention import Retention
from muniment.settings import Settings

from ..queries import estate

NOW = datetime(2026, 11, 28, tzinfo=UTC)
YEAR = Retention(timedelta(days=365), timedelta(days=30))
RUNS = {"old": 500, "owner": 450, "recent": 100, "latest": 0}
"""Days since each began."""


def id_of(name: str) -> str:
    return f"{NOW - timedelta(days=RUNS[name]):%Y%m%dT%H%M%SZ}-0000000{list(RUNS).index(name)}"


def change(database: Database, cypher: Any, **parameters: Any) -> None:
    database.write(lambda tx: tx.run(cypher, parameters).consume())


def fill(database: Database) -> None:
    """A register with a long history: five changes of each run, and a scope that nobody has read for long."""
    estate.fill(database)
    change(database, "MATCH (n) WHERE n:IngestRun OR n:Change DETACH DELETE n")
    for name, days in RUNS.items():
        at = timestamp(NOW - timedelta(days=days))
        change(
            database,
            "CREATE (r:IngestRun {id: $run, started_at: $at, status: 'complete', trigger: 'manual', source: 'aws'}) "
            "WITH r UNWIND range(1, 5) AS n CREATE (c:Change) "
            "SET c.id = $run + '/' + toString(n), c.run = $run, c.at = $at, c.operation = 'created', c.kind = 'Role', "
            "c.subject = 'role', c.scope = 'aws/111111111111/global/iam'",
            run=id_of(name),
            at=at,
        )
    change(
        database,
        "MATCH (r:IngestRun {id: $run}), (s:Scope {id: $scope}) CREATE (r)-[:OWNS]->(s)",
        run=id_of("owner"),
        scope=f"aws/{estate.PAY}/global/iam",
    )
    for status, days in (("failed", 60), ("due", 60), ("failed", 1)):
        row = {"id": f"msg_{status}_{days}", "status": status, "created_at": timestamp(NOW - timedelta(days=days))}
        change(database, "CREATE (m:WebhookMessage) SET m = $row", row=row)


def keep(database: Database, retention: Retention = YEAR) -> Deleted:
    with Lease.acquire(database, "test", 600, lambda: NOW) as lease:
        return retention.keep(database, lease, id_of("latest"), NOW)


def runs(database: Database) -> list[str]:
    return [run.id for run in Ledger(database, lambda: NOW).runs()]


def changes(database: Database) -> Mapping[str, int]:
    rows = database.read("MATCH (c:Change) RETURN c.run AS run, count(c) AS n")
    return {row["run"]: row["n"] for row in rows}


def test_what_is_older_goes_and_nothing_else(database: Database) -> None:
    fill(database)
    assert keep(database) == Deleted(changes=10, runs=1, messages=1)
    assert runs(database) == [id_of("latest"), id_of("recent"), id_of("owner")]
    assert changes(database) == {id_of("recent"): 5, id_of("latest"): 5}
    messages = database.read("MATCH (m:WebhookMessage) RETURN m.id AS id ORDER BY id")
    assert [row["id"] for row in messages] == ["msg_due_60", "msg_failed_1"]
    assert history_since(database) == timestamp(NOW - timedelta(days=365))
    assert keep(database) == Deleted()


def test_nothing_goes_where_it_is_kept_for_ever(database: Database) -> None:
    fill(database)
    assert keep(database, Retention(None, None)) == Deleted()
    assert keep(database, Retention()).messages == 0
    assert history_since(database) == timestamp(NOW - timedelta(days=400))


def test_it_is_said_before_anything_goes_and_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the process is killed amid it."""
    fill(database)
    monkeypatch.setattr(deleting, "AT_ONCE", 3)
    written = 0
    with Lease.acquire(database, "test", 600, lambda: NOW) as lease:
        kept = lease.write

        def killed(work: Any) -> Any:
            nonlocal written
            written += 1
            if written == 3:
                raise KeyboardInterrupt
            return kept(work)

        monkeypatch.setattr(lease, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            YEAR.keep(database, lease, id_of("latest"), NOW)
    assert history_since(database) is not None
    assert sum(changes(database).values()) == 17
    assert keep(database).changes == 7


def test_a_run_that_was_overtaken_deletes_nothing(database: Database) -> None:
    fill(database)
    lease = Lease.acquire(database, "slow", 0, lambda: NOW)
    Lease.acquire(database, "fast", 600, lambda: NOW + timedelta(seconds=1))
    with pytest.raises(LeaseLost):
        YEAR.keep(database, lease, id_of("latest"), NOW)
    assert sum(changes(database).values()) == 20
    assert history_since(database) is None


class Reader:
    """Reads for a feed, all accounts."""

    accounts = None
    limited = False

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, cypher: Any, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._database.read(cypher, **parameters)


def page(database: Database, name: str, after: str | None = None) -> list[Any]:
    reader: Any = Reader(database)
    return asyncio.run(Feed(reader, id_of(name), after=after).page(10))


def follow(database: Database, after: str) -> Any:
    reader: Any = Reader(database)
    return asyncio.run(anext(Feed(reader, after=after).follow()))


def test_a_place_that_is_older_than_what_is_kept_is_refused(database: Database) -> None:
    fill(database)
    assert len(page(database, "old")) == 5
    assert follow(database, f"{id_of('old')}/5").run == id_of("owner")
    keep(database)
    for name in ("old", "owner"):
        with pytest.raises(GraphQLError, match="what changed before 2025-11-28T00:00:00Z is no longer kept"):
            page(database, name)
        with pytest.raises(GraphQLError, match="no longer kept"):
            follow(database, f"{id_of(name)}/5")
    assert len(page(database, "recent", f"{id_of('recent')}/2")) == 3
    assert follow(database, f"{id_of('recent')}/5").run == id_of("latest")


def asked(database: Database, days: int) -> Answer:
    return ask(database, questions(())["changes"], {"days": str(days)}, now=NOW)  # type: ignore[arg-type]


def test_an_answer_about_changes_that_are_gone_says_so(database: Database) -> None:
    fill(database)
    keep(database)
    within, beyond = asked(database, 300), asked(database, 700)
    assert SCOPE not in {missing.scope for missing in within.knowledge.missing}
    (gone,) = (missing for missing in beyond.knowledge.missing if missing.scope == SCOPE)
    assert "2025-11-28T00:00:00Z" in gone.reason
    assert len(within.rows) == len(beyond.rows) == 10


def declared(**table: Any) -> Retention:
    return Retention.of(Settings(Path("unused"), file={"retention": table}))


def test_how_long_is_a_setting() -> None:
    assert declared() == Retention(timedelta(days=400), timedelta(days=90))
    assert declared(history="2w", messages="forever") == Retention(timedelta(days=14), None)
    for table in ({"history": "1h"}, {"history": 400}, {"history": ""}, {"changes": "1d"}):
        with pytest.raises(SettingsError, match="retention"):
            declared(**table)
