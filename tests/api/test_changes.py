"""Pages of changes: bounded by bytes, without what tells of others, and no more than a client takes."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from muniment.api import subscriptions
from muniment.api.application import application
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.api.server import listen, server
from muniment.graph.changes import DIGITS
from muniment.graph.database import Database, connect
from muniment.settings import Settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connected

from ..queries import estate
from .conftest import FREE, Known, asking, bearer, refused

LONG = "x" * 300_000
NARROW = 64 << 10
"""Bytes that a connection holds on each side: a client that takes nothing is noticed the sooner."""
PAGE = 'query ($n: Int!, $after: ID) { changes(run: "r", first: $n, after: $after) { id scope subject } }'
FOLLOW = {"id": "1", "type": "subscribe", "payload": {"query": 'subscription { changes(run: "r") { id before } }'}}


def _fill(database: Database, number: int, text: str = LONG) -> list[str]:
    """A run of so many changes, every second of another account; their ids."""
    rows = [
        {
            "id": f"r/{at:0{DIGITS}}",
            "scope": f"aws/{estate.CHECKOUT if at % 2 else estate.PAY}/global/iam",
            "subject": _subject(at),
        }
        for at in range(number)
    ]
    run = "CREATE (:IngestRun {id: 'r', status: 'complete', started_at: '2026-01-31T10:00:00Z'})"
    changes = (
        "UNWIND $rows AS row CREATE (c:Change {id: row.id, run: 'r', at: '2026-01-31T10:00:00Z', operation: 'changed', "
        "kind: 'Role', subject: row.subject, scope: row.scope, before: $text})"
    )
    database.write(lambda tx: tx.run(run).consume())
    for beginning in range(0, number, 20):
        some = rows[beginning : beginning + 20]
        database.write(lambda tx, some=some: tx.run(changes, rows=some, text=json.dumps(text)).consume())
    return [str(row["id"]) for row in rows]


def _subject(at: int) -> str:
    return f"arn:aws:iam::{estate.CHECKOUT if at % 2 else estate.PAY}:role/r{at}"


@contextmanager
def _client(settings: Settings) -> Iterator[TestClient]:
    security = Security(Authentication([Known()]), FREE)
    with TestClient(application(connect(settings), settings, security), base_url="http://localhost") as client:
        yield client


@contextmanager
def _served(settings: Settings, known: Known | None = None) -> Iterator[int]:
    """The port of a server in a thread."""
    app = application(connect(settings), settings, Security(Authentication([known or Known()]), FREE))
    listening = listen("127.0.0.1", 0)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, NARROW)
    serving = server(app)
    thread = threading.Thread(target=serving.run, args=([listening],))
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        serving.should_exit = True
        thread.join(30)


@contextmanager
def _introduced(port: int, who: str = "admin") -> Iterator[ClientConnection]:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
    line.connect(("127.0.0.1", port))
    with connected(
        f"ws://127.0.0.1:{port}/graphql",
        sock=line,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        compression=None,
        close_timeout=1,
        max_queue=1,
        max_size=None,
    ) as client:
        client.send(json.dumps({"type": "connection_init", "payload": bearer(who)}))
        assert _receive(client) == {"type": "connection_ack"}
        yield client


def _receive(client: ClientConnection, seconds: float = 20) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        message: dict[str, Any] = json.loads(client.recv(max(end - time.monotonic(), 0)))
        if message["type"] != "ping":
            return message


def test_a_page_is_as_long_as_its_changes_let_it_be(database: Database, engine_settings: Settings) -> None:
    ids = _fill(database, 9)
    with _client(engine_settings) as client:
        pages: list[list[str]] = []
        while not pages or pages[-1]:
            after = pages[-1][-1] if pages else None
            pages.append([one["id"] for one in asking(client, "admin")(PAGE, n=200, after=after)["changes"]])
    assert [id_ for page in pages for id_ in page] == ids
    assert {len(page) for page in pages[:-1]} == {3}
    with _served(engine_settings) as port, _introduced(port) as client:
        client.send(json.dumps(FOLLOW))
        assert [_receive(client)["payload"]["data"]["changes"]["id"] for _ in ids] == ids
        assert _receive(client) == {"id": "1", "type": "complete"}


def test_a_page_does_not_tell_how_many_changes_of_others_there_were(
    database: Database, engine_settings: Settings
) -> None:
    _fill(database, 12, "x")
    with _client(engine_settings) as client:
        for number in (1, 4, 6):
            found = asking(client, "pay")(PAGE, n=number)["changes"]
            assert [one["subject"] for one in found] == [_subject(at) for at in range(0, 12, 2)][:number]


def test_places_do_not_tell_how_many_changes_of_others_there_were(
    database: Database, engine_settings: Settings
) -> None:
    ids = _fill(database, 12, "x")
    with _client(engine_settings) as client:
        told = [one["id"] for one in asking(client, "pay")(PAGE, n=6)["changes"]]
        assert len({*told}) == 6
        assert all(int(one.rpartition("/")[2]) >= 10**DIGITS for one in told)
        for at, after in enumerate(told):
            assert [one["id"] for one in asking(client, "pay")(PAGE, n=6, after=after)["changes"]] == told[at + 1 :]
        for made_up in (ids[4], "r/00000000000000000004", f"r/{'9' * 20}", told[0].replace("r/", "s/")):
            assert refused(client, PAGE, "pay", n=6, after=made_up)["extensions"]["code"] == "BAD_USER_INPUT"
    with _served(engine_settings) as port, _introduced(port, "pay") as client_:
        query = 'subscription ($after: ID) { changes(run: "r", after: $after) { id } }'
        client_.send(json.dumps({**FOLLOW, "payload": {"query": query, "variables": {"after": told[2]}}}))
        assert [_receive(client_)["payload"]["data"]["changes"]["id"] for _ in told[3:]] == told[3:]


class _Revocable(Known):
    revoked = False

    async def caller(self, credential: str) -> Any:
        return None if self.revoked else await super().caller(credential)


def test_who_is_no_longer_known_is_told_nothing_more(
    embedded_database: Database, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = _Revocable()
    monkeypatch.setattr(subscriptions, "BEAT_SECONDS", 0.2)
    with _served(embedded_settings, known) as port, _introduced(port) as client:
        client.send(json.dumps({**FOLLOW, "payload": {"query": "subscription { changes { id } }"}}))
        with pytest.raises(TimeoutError):
            _receive(client, 0.7)
        known.revoked = True
        with pytest.raises(ConnectionClosed) as closed:
            _receive(client)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4403


def test_one_caller_does_not_have_all_connections(
    embedded_database: Database, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "OF_ONE", 2)
    with _served(embedded_settings) as port, _introduced(port), _introduced(port):
        with pytest.raises(ConnectionClosed) as closed, _introduced(port):
            pass
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4503
        with _introduced(port, "reader"):
            pass


def test_no_more_is_read_than_a_client_takes(
    embedded_database: Database, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads nothing: what is sent waits, and it is cut off in the end."""
    monkeypatch.setattr(subscriptions, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(subscriptions, "STUCK_SECONDS", 1.5)
    _fill(embedded_database, 40)
    read: list[int] = []
    rows = Database.read

    def counted(self: Database, cypher: str, /, *args: Any, **parameters: Any) -> Any:
        found = rows(self, cypher, *args, **parameters)
        read.extend(len(row["change"]["before"]) for row in found if "change" in row)
        return found

    ended: list[int] = []
    serve = subscriptions.Connection.serve

    async def served(self: subscriptions.Connection) -> None:
        await serve(self)
        ended.append(1)

    monkeypatch.setattr(Database, "read", counted)
    monkeypatch.setattr(subscriptions.Connection, "serve", served)
    with _served(embedded_settings) as port, _introduced(port) as client:
        client.send(json.dumps(FOLLOW))
        assert _until(lambda: bool(ended))
        assert 0 < sum(read) < 4 << 20, "of twelve megabytes"


def _until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False
