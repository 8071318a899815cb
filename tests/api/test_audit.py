"""The audit log: every question is in it, nothing can be taken out unnoticed, and nothing is answered without it."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from muniment.api.application import application
from muniment.api.security import tokens
from muniment.api.security.audit import BEGINNING, AuditLog, verify
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.errors import AuditBroken, AuditUnwritable
from muniment.graph.database import connect
from muniment.settings import Settings

from .conftest import FREE, Known, bearer

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit" / "api.jsonl", lambda: NOW)


@pytest.fixture
def client(log: AuditLog, embedded_settings: Settings) -> Iterator[TestClient]:
    security = Security(Authentication([Known()]), FREE, log)
    with TestClient(
        application(connect(embedded_settings), embedded_settings, security), base_url="http://localhost"
    ) as client:
        yield client


def _ask(client: TestClient, query: str, who: str | None = "auditor", **variables: Any) -> int:
    body = {"query": query, "variables": variables, "operationName": None}
    return client.post("/graphql", json=body, headers=bearer(who) if who else {}).status_code


def _lines(log: AuditLog) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in log.lines(1_000)]


def test_every_request_is_recorded_answered_or_refused(client: TestClient, log: AuditLog) -> None:
    query = """query Mine($n: Int) {
      roles(first: $n, filter: {name: {eq: "Admin"}}) { edges { node { id } } } status { question } }"""
    _ask(client, query, n=7)
    _ask(client, "{ __schema { queryType { name } } }", "reader")
    _ask(client, "{ roles", "reader")
    _ask(client, "{ status { question } }", None)
    client.get("/audit", headers=bearer("reader"))
    client.get("/healthz")
    asked, forbidden, malformed, stranger, unread = _lines(log)
    assert (asked["who"], asked["by"], asked["role"], asked["code"], asked["status"]) == (
        "auditor",
        "token",
        "auditor",
        "OK",
        200,
    )
    assert asked["from"] == "testclient"
    assert asked["fields"] == [
        {"field": "roles", "arguments": {"first": "7", "filter": '{name: {eq: "Admin"}}'}},
        {"field": "status"},
    ]
    assert asked["cost"] >= 7
    assert asked["rows"] >= 0
    assert len(asked["query"]) == 64
    assert (forbidden["code"], forbidden["status"], forbidden["fields"]) == ("FORBIDDEN", 403, [{"field": "__schema"}])
    assert (malformed["code"], malformed["status"]) == ("BAD_USER_INPUT", 400)
    assert (stranger["who"], stranger["code"], stranger["status"]) == (None, "UNAUTHENTICATED", 401)
    assert (unread["path"], unread["code"]) == ("/audit", "FORBIDDEN")
    assert verify([log.path]).lines == 5


def test_no_token_is_recorded(client: TestClient, log: AuditLog) -> None:
    token, jwt = tokens.make(), "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"
    _ask(client, f'{{ node(id: "{token}") {{ id }} }}')
    _ask(client, "query ($id: ID!) { node(id: $id) { id } }", id=jwt)
    _ask(client, "{ __typename }", token)
    text = log.path.read_text()
    assert token not in text
    assert jwt not in text


def test_it_is_its_owners_alone(client: TestClient, log: AuditLog) -> None:
    _ask(client, "{ __typename }")
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_auditors_read_it_and_operators_do_not(client: TestClient) -> None:
    _ask(client, "{ status { question } }")
    found = client.get("/audit", params={"lines": 1}, headers=bearer("auditor"))
    assert orjson.loads(found.content)["fields"] == [{"field": "status"}]
    assert client.get("/audit", headers=bearer("operator")).status_code == 403


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is of Linux")
def test_nothing_is_answered_that_cannot_be_recorded(embedded_settings: Settings) -> None:
    for closed, status in ((True, 503), (False, 200)):
        security = Security(Authentication([Known()]), FREE, AuditLog(Path("/dev/full"), lambda: NOW), closed)
        with TestClient(
            application(connect(embedded_settings), embedded_settings, security), base_url="http://localhost"
        ) as client:
            response = client.post("/graphql", json={"query": "{ __typename }"}, headers=bearer("reader"))
            assert response.status_code == status
            assert ("data" in response.json()) is (status == 200)
            assert client.get("/healthz").status_code == 200


def test_a_full_disk_leaves_no_half_line(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.add("one")
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: write(file, line[:20]))
    with pytest.raises(AuditUnwritable):
        log.add("two")
    monkeypatch.undo()
    log.add("three")
    assert verify([log.path]).lines == 2


@given(st.integers(0, 9), st.sampled_from(["remove", "change", "swap", "put in", "cut"]), st.data())
def test_whatever_is_done_to_it_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, at: int, how: str, data: Any
) -> None:
    log = AuditLog(tmp_path_factory.mktemp("log") / "api.jsonl", lambda: NOW)
    for number in range(11):
        log.add("request", number=number)
    last = verify([log.path]).hash
    lines = log.path.read_bytes().splitlines(keepends=True)
    if how == "remove":
        del lines[at]
    elif how == "swap":
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif how == "put in":
        lines.insert(at, lines[at])
    elif how == "cut":
        lines[10] = lines[10][: data.draw(st.integers(1, len(lines[10]) - 2))]
    else:
        place = data.draw(st.integers(0, len(lines[at]) - 2))
        lines[at] = lines[at][:place] + bytes([lines[at][place] ^ 1]) + lines[at][place + 1 :]
    log.path.write_bytes(b"".join(lines))
    with pytest.raises(AuditBroken):
        verify([log.path])
    log.path.write_bytes(b"".join(log.path.read_bytes().splitlines(keepends=True)[:5]))
    assert how in ("swap", "remove", "put in", "change") or not verify([log.path], BEGINNING, last).expected


def test_many_write_to_one_file_and_it_is_rotated_meanwhile(log: AuditLog) -> None:
    writers = [AuditLog(log.path, lambda: NOW) for _ in range(3)]

    def write(one: AuditLog) -> None:
        for number in range(60):
            one.add("request", number=number)

    threads = [threading.Thread(target=write, args=(one,)) for one in writers]
    for thread in threads:
        thread.start()
    rotated = []
    while any(thread.is_alive() for thread in threads) and len(rotated) < 3:
        if log.path.exists() and log.path.stat().st_size > 1_000:
            rotated.append(log.path.rename(log.path.with_name(f"api.jsonl.{len(rotated)}")))
    for thread in threads:
        thread.join()
    AuditLog(log.path, lambda: NOW).add("after a start")
    assert verify([*rotated, log.path]).lines == 181


def test_a_new_process_goes_on_after_rotation_and_after_a_torn_line(log: AuditLog) -> None:
    log.add("one")
    rotated = log.path.rename(log.path.with_name("api.jsonl-20260131"))
    again = AuditLog(log.path, lambda: NOW)
    again.add("two")
    assert verify([rotated, log.path]).lines == 2
    with log.path.open("ab") as file:
        file.write(b'{"at": "torn')
    AuditLog(log.path, lambda: NOW).add("three")
    with pytest.raises(AuditBroken, match="line 2"):
        verify([rotated, log.path])
    assert orjson.loads(again.lines(1)[0])["event"] == "three"
