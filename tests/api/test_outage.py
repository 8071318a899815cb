"""A Neo4j server that nobody reaches for a while: once that is known nobody waits for it, and it is found again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from muniment.api.application import application
from muniment.api.security.authentication import Authentication
from muniment.api.security.caller import LOCAL
from muniment.api.security.guard import Security
from muniment.graph import lasting
from muniment.graph.lasting import LastingDatabase
from muniment.graph.outage import PATIENCE
from muniment.settings import Settings

from .conftest import FREE

AT_ONCE = 1.0


class Line:
    """Leads connections on this machine to a server, until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._leads_to = (host, port)
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._serve()

    def cut(self) -> None:
        """Nobody listens any more, and who is connected is so no longer."""
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        """Listen again."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._take, args=(self._listening,), daemon=True).start()

    def _take(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                ours, _ = listening.accept()
                theirs = socket.create_connection(self._leads_to)
                self._open += (ours, theirs)
                for start, end in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=_carry, args=(start, end), daemon=True).start()


def _carry(start: socket.socket, end: socket.socket) -> None:
    with suppress(OSError):
        while data := start.recv(65536):
            end.sendall(data)


@pytest.fixture
def line(neo4j_settings: Settings) -> Iterator[Line]:
    parts = urlsplit(neo4j_settings.database_url or "")
    made = Line(parts.hostname or "", parts.port or 7687)
    yield made
    made.cut()


def timed(client: TestClient, path: str) -> tuple[int, float, str | None]:
    """The status of the answer, the seconds that it took, and when to ask again."""
    began = time.monotonic()
    query = {"query": "{ status { rows { scope } } }"}
    response = client.post(path, json=query) if path == "/graphql" else client.get(path)
    return response.status_code, time.monotonic() - began, response.headers.get("retry-after")


def test_nobody_waits_for_a_server_that_is_known_not_to_answer(
    neo4j_settings: Settings, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 1.0)
    settings = replace(neo4j_settings, database_url=f"bolt://127.0.0.1:{line.port}")
    app = application(LastingDatabase(settings), settings, Security(Authentication([], LOCAL), FREE))
    with TestClient(app, base_url="http://localhost") as client:
        assert timed(client, "/graphql")[0] == 200
        line.cut()
        found = timed(client, "/queries/status")
        assert found[0] == 503
        assert found[1] < PATIENCE
        for path in ("/graphql", "/queries/status", "/readyz"):
            status, seconds, again = timed(client, path)
            assert (status, seconds < AT_ONCE) == (503, True), (path, seconds)
            assert again == (None if path == "/readyz" else "2")
        assert "muniment_database_up 0.0" in client.get("/metrics").text
        line.mend()
        end = time.monotonic() + 20
        while (answered := timed(client, "/graphql"))[0] != 200 and time.monotonic() < end:
            assert answered[1] < AT_ONCE
            time.sleep(0.2)
        assert answered[0] == 200, "it is found again by itself"


def test_who_asked_before_it_was_known_is_answered_where_it_is_back_in_a_moment(
    neo4j_settings: Settings, line: Line
) -> None:
    settings = replace(neo4j_settings, database_url=f"bolt://127.0.0.1:{line.port}")
    with LastingDatabase(settings) as database:
        line.cut()
        threading.Timer(1, line.mend).start()
        assert database.read("RETURN 1 AS one") == [{"one": 1}]
        assert not database.is_down
