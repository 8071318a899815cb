"""What takes too long is ended, in the database too: on both engines."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from muniment.analysis.iam.estates.estate import Estate
from muniment.api.application import application
from muniment.api.graphql.limits import Limits
from muniment.api.security import withholding
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.errors import QueryTimeout
from muniment.graph.clock import wall_clock
from muniment.graph.database import Database, connect
from muniment.graph.deadline import DEADLINE, Deadline, _command
from muniment.graph.lease import Lease
from muniment.run import estate
from muniment.run.estate import load_estate
from muniment.settings import Settings

from .conftest import FREE, Known, bearer

LONG = """UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 1000) AS c
WITH a * b * c AS d WHERE d < $least RETURN count(d) AS n"""
"""It takes minutes on either engine."""


def _running(database: Database) -> int:
    """How many queries of that text run in the database."""
    if database.state:
        return sum(query["text"][:40] == LONG[:40] for query in _command(database.state, "list queries"))
    return len(
        database.read(
            "SHOW TRANSACTIONS YIELD currentQuery, status WHERE currentQuery STARTS WITH $text "
            "AND status STARTS WITH 'Running' RETURN status",
            text=LONG[:40],
        )
    )


def _until(done: Callable[[], bool]) -> bool:
    for _ in range(100):
        if done():
            return True
        time.sleep(0.1)
    return False


def test_after_a_timeout_no_query_runs_on(
    database: Database, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def long(opened: Database, *_: Any, **__: Any) -> Any:
        begun.append(1)
        opened.read(LONG, least=0)
        begun.append(2)
        opened.read(LONG, least=0)

    monkeypatch.setattr(withholding, "answer", long)
    app = application(
        connect(engine_settings), engine_settings, Security(Authentication([Known()]), FREE), Limits(seconds=1.5)
    )
    with TestClient(app, base_url="http://localhost") as client:
        response = client.post("/graphql", json={"query": "{ status { question } }"}, headers=bearer("reader"))
        assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        assert begun == [1]
        assert _until(lambda: _running(database) == 0)
        response = client.get("/queries/status", headers=bearer("reader"))
        assert response.status_code == 504
        assert _until(lambda: _running(database) == 0)
        assert begun == [1, 1]


def test_nothing_is_read_when_there_is_no_time_left(database: Database) -> None:
    token = DEADLINE.set(Deadline(0))
    try:
        with pytest.raises(QueryTimeout):
            database.read("RETURN 1 AS one")
    finally:
        DEADLINE.reset(token)
    assert database.read("RETURN 1 AS one") == [{"one": 1}]


def test_who_asks_again_has_what_took_longer_to_read_than_a_request_may(
    database: Database, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_awaited, was_read = Event(), []

    def slowly(opened: Database) -> Estate:
        was_read.append(load_estate(opened))
        assert is_awaited.wait(60)
        return was_read[-1]

    monkeypatch.setattr(estate, "load_estate", slowly)
    with Lease.acquire(database, "test", 60, wall_clock) as lease:
        lease.renew()
    app = application(
        connect(engine_settings), engine_settings, Security(Authentication([Known()]), FREE), Limits(seconds=5)
    )
    asked = {"query": '{ whoCan(action: "s3:GetObject", resource: "*") { question } }'}
    with TestClient(app, base_url="http://localhost") as client:
        (error,) = client.post("/graphql", json=asked, headers=bearer("reader")).json()["errors"]
        assert error["extensions"]["code"] == "TIMEOUT"
        is_awaited.set()
        assert "errors" not in client.post("/graphql", json=asked, headers=bearer("reader")).json()
        assert len(was_read) == 1
