"""Following what a run changes, by a real WebSocket client, while it writes from another process than the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from muniment.graph.database import Database
from muniment.settings import Settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from ..ingest.conftest import cloud, running_cloud
from ..run.conftest import small
from ..run.small import Small, add_role
from ..run.test_ingest import run
from .served import serving

__all__ = ["cloud", "running_cloud", "small"]

CHANGES = "subscription ($run: ID, $kinds: [String!], $after: ID) { changes(run: $run, kinds: $kinds, after: $after) {"
CHANGES += " id run operation kind subject before after } }"
FOLLOW = '{"type": "subscribe", "id": "1", "payload": {"query": "subscription { changes { id } }"}}'
WAIT = 30


@pytest.fixture(scope="module")
def address(embedded_settings: Settings) -> Iterator[str]:
    with serving(embedded_settings) as (address, _):
        yield address


@contextmanager
def introduced(address: str, **options: Any) -> Iterator[ClientConnection]:
    with connect(f"ws://{address}/graphql", subprotocols=["graphql-transport-ws"], **options) as socket:  # type: ignore[list-item]
        socket.send('{"type": "connection_init"}')
        assert receive(socket) == {"type": "connection_ack"}
        yield socket


def receive(socket: ClientConnection) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = json.loads(socket.recv(WAIT))
        if message["type"] != "ping":
            return message


def subscribe(socket: ClientConnection, query: str = CHANGES, id_: str = "1", **variables: Any) -> None:
    payload = {"query": query, "variables": variables}
    socket.send(json.dumps({"id": id_, "type": "subscribe", "payload": payload}))


def told(message: dict[str, Any]) -> dict[str, Any]:
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["changes"]
    return found


def recorded(database: Database, run: str) -> list[str]:
    query = "MATCH (c:Change {run: $run}) RETURN c.id AS id ORDER BY c.id"
    return [row["id"] for row in database.read(query, run=run)]


def test_changes_come_as_a_run_writes_them(address: str, small: Small, embedded_database: Database) -> None:
    run(embedded_database)
    with introduced(address) as socket:
        subscribe(socket, id_="all")
        subscribe(socket, id_="roles", kinds=["Role"])
        socket.send('{"type": "ping"}')
        assert receive(socket) == {"type": "pong"}
        add_role(small.cloud, small.production, "made-meanwhile", {"Service": "lambda.amazonaws.com"})
        writing = Thread(target=run, args=(embedded_database,))
        writing.start()
        messages = [receive(socket)]
        while not {message["id"] for message in messages} >= {"all", "roles"} or len(messages) < 3:
            messages.append(receive(socket))
        writing.join()
        (made,) = [told(message) for message in messages if message["id"] == "roles"]
        assert made["operation"] == "created"
        assert made["subject"].endswith("role/made-meanwhile")
        assert made["after"]["name"] == "made-meanwhile"
        expected = recorded(embedded_database, made["run"])
        ids = [told(message)["id"] for message in messages if message["id"] == "all"]
        while len(ids) < len(expected):
            ids.append(told(receive(socket))["id"])
        assert ids == expected
        with pytest.raises(TimeoutError):
            _not_a_ping(socket)


def _not_a_ping(socket: Any) -> Any:
    """What comes next but pings, which come to whoever was silent for long; TimeoutError where nothing does."""
    while (message := json.loads(socket.recv(2.5))) == {"type": "ping"}:
        pass
    return message


def test_a_run_that_is_named_is_told_from_its_beginning_and_ends(
    small: Small, database: Database, engine_settings: Settings
) -> None:
    report = run(database)
    expected = recorded(database, report.run)
    with serving(engine_settings) as (address, _), introduced(address) as socket:
        subscribe(socket, run=report.run)
        ids = [told(receive(socket))["id"] for _ in expected]
        assert receive(socket) == {"id": "1", "type": "complete"}
        assert ids == expected
        subscribe(socket, id_="2", run=report.run, after=expected[2])
        assert [told(receive(socket))["id"] for _ in expected[3:]] == expected[3:]
        assert receive(socket) == {"id": "2", "type": "complete"}
        page = f'{{ changes(run: "{report.run}", first: 3, after: "{expected[0]}") {{ id }} }}'
        subscribe(socket, page, id_="3")
        assert [one["id"] for one in receive(socket)["payload"]["data"]["changes"]] == expected[1:4]
        assert receive(socket) == {"id": "3", "type": "complete"}


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (CHANGES, {"run": "no-such-run"}, "BAD_USER_INPUT"),
        (CHANGES, {"kinds": ["Rolle"]}, "BAD_USER_INPUT"),
        (CHANGES, {"after": "elsewhere/7"}, "BAD_USER_INPUT"),
        (CHANGES, {"after": "' OR 1=1"}, "BAD_USER_INPUT"),
        ("subscription { nothing }", {}, "BAD_USER_INPUT"),
        ("subscription { changes { id } ", {}, "BAD_USER_INPUT"),
        ("subscription { " + "__typename " * 6_000 + "}", {}, "QUERY_TOO_COMPLEX"),
        ("subscription { " + " ".join(f"a{n}: changes {{ id }}" for n in range(60)) + "}", {}, "QUERY_TOO_COMPLEX"),
    ],
)
def test_what_cannot_be_followed_is_refused(address: str, query: str, variables: dict[str, Any], code: str) -> None:
    with introduced(address) as socket:
        subscribe(socket, query, **variables)
        message = receive(socket)
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == code


def test_a_connection_has_few_operations_at_a_time(address: str) -> None:
    with introduced(address) as socket:
        for number in range(9):
            subscribe(socket, id_=str(number))
        assert receive(socket)["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        socket.send('{"id": "0", "type": "complete"}')
        subscribe(socket, id_="again")
        socket.send('{"type": "ping"}')
        assert receive(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        (['{"type": "connection_init"}', '{"type": "connection_init"}'], 4429),
        (['{"type": "connection_init", "payload": {"Authorization": "Bearer nobody"}}'], 4403),
        (['{"type": "connection_init", "payload": 7}'], 4400),
        (["no JSON"], 4400),
        (["[]"], 4400),
        (['{"type": "connection_init"}', '{"type": "nothing"}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe", "payload": {}}'], 4400),
        (['{"type": "connection_init"}', *[FOLLOW] * 2], 4409),
        (['{"type": "connection_init", "payload": {"x": "' + "x" * 200_000 + '"}}'], 1009),
    ],
)
def test_what_the_protocol_forbids_closes_the_connection(address: str, messages: list[str], code: int) -> None:
    with connect(f"ws://{address}/graphql", subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        with pytest.raises(ConnectionClosed) as closed:
            _talk(socket, messages)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


def _talk(socket: ClientConnection, messages: list[str]) -> None:
    for message in messages:
        socket.send(message)
    while True:
        socket.recv(WAIT)


def test_pages_of_other_places_and_other_protocols_are_refused(address: str) -> None:
    with introduced(address, origin=f"http://{address}"):
        pass
    for origin in ("https://evil.example", f"http://{address}.evil.example", "null"):
        with pytest.raises(InvalidStatus), introduced(address, origin=origin):
            pass
    with connect(f"ws://{address}/graphql", subprotocols=["graphql-ws"]) as socket:  # type: ignore[list-item]
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(WAIT)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4406
