"""API tokens: made once, known everywhere, and good for no longer than they should be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from muniment.api.application import application
from muniment.api.security import token_store, tokens
from muniment.api.security.audit import AuditLog
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.api.security.permissions import Role
from muniment.api.security.token_store import TokenStore, TokenVerifier
from muniment.errors import UsageError
from muniment.graph.database import Database, connect
from muniment.settings import Settings

from ..queries import estate
from .conftest import FREE

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


class _Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def store(database: Database, clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> TokenStore:
    """A store whose verifiers ask again each time."""
    monkeypatch.setattr(token_store, "REFRESH", 0)
    monkeypatch.setattr(token_store, "AGAIN", 0)
    return TokenStore(database, clock)


def _client(store: TokenStore, settings: Settings) -> Iterator[TestClient]:
    security = Security(Authentication([TokenVerifier(store)]), FREE)
    with TestClient(application(connect(settings), settings, security), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def client(store: TokenStore, engine_settings: Settings) -> Iterator[TestClient]:
    yield from _client(store, engine_settings)


def _status(client: TestClient, token: str) -> int:
    return client.post("/graphql", json={"query": "{ __typename }"}, headers=bearer(token)).status_code


def test_a_token_can_be_told_from_other_texts() -> None:
    made = {tokens.make() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(tokens.PATTERN, token) and tokens.is_token(token) for token in made)
    token = made.pop()
    assert not tokens.is_token(token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert math.log2(62**43) >= 256


@given(st.text())
def test_other_texts_are_no_tokens(text: str) -> None:
    assert not tokens.is_token(text)


def test_a_token_is_good_until_it_expires_or_is_revoked(client: TestClient, store: TokenStore, clock: _Clock) -> None:
    text, made = store.create("siem", Role.READER, timedelta(days=1))
    assert _status(client, text) == 200
    clock.now = NOW + timedelta(hours=25)
    assert _status(client, text) == 401
    clock.now = NOW
    assert _status(client, text) == 200
    store.revoke(made.id)
    assert _status(client, text) == 401
    assert [token.state("2026-01-31T10:00:00Z") for token in store.all()] == ["revoked"]


def test_nothing_of_a_token_is_kept_but_its_hash(store: TokenStore) -> None:
    text, made = store.create("siem", Role.READER)
    kept = str(store.database.read("MATCH (t:ApiToken) RETURN properties(t) AS token"))
    assert tokens.hashed(text) in kept
    assert text not in kept
    assert text[14:] not in kept
    assert made.id == text[4:14]


def test_another_secret_with_the_same_id_is_refused(client: TestClient, store: TokenStore) -> None:
    text, _ = store.create("siem", Role.READER)
    other = tokens.make()
    forged = text[:14] + other[14:57]
    assert _status(client, forged + tokens._checksum(forged)) == 401


def test_last_use_is_recorded_now_and_then(client: TestClient, store: TokenStore, clock: _Clock) -> None:
    text, _ = store.create("siem", Role.READER)
    for minutes in (0, 1, 5, 11, 12):
        clock.now = NOW + timedelta(minutes=minutes)
        assert _status(client, text) == 200
    _status(client, text)
    used = store.all()[0].last_used_at
    assert used
    assert "2026-01-31T10:00:00Z" <= used <= "2026-01-31T10:12:00Z"


def test_a_unit_stands_for_the_accounts_that_are_in_it(store: TokenStore) -> None:
    estate.fill(store.database)
    store.database.write(
        lambda tx: tx.run(
            "UNWIND $rows AS row MATCH (a:Account {id: row.id}) SET a.path = row.path",
            rows=[
                {"id": estate.PAY, "path": "o-a/r-a/ou-a-live/ou-a-pay/"},
                {"id": estate.LAKE, "path": "o-a/r-a/ou-a-live2/"},
            ],
        ).consume()
    )
    _, made = store.create("live", Role.READER, units=["ou-a-live"], accounts=[estate.SHARED])
    assert made.caller(store.places()).accounts == {estate.PAY, estate.SHARED}
    _, nothing = store.create("none", Role.READER, units=["ou-a-gone"])
    assert nothing.caller(store.places()).accounts == frozenset()


@pytest.mark.parametrize("lasting", [timedelta(0), timedelta(days=-1), timedelta(days=366)])
def test_no_token_lasts_for_ever(embedded_database: Database, clock: _Clock, lasting: timedelta) -> None:
    with pytest.raises(UsageError):
        TokenStore(embedded_database, clock).create("x", Role.READER, lasting)


def test_guessing_costs_the_database_one_query_in_a_second(
    embedded_database: Database, embedded_settings: Settings, clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TokenStore(embedded_database, clock)
    read: list[str] = []
    whole = Database.read

    def counting(self: Database, cypher: str, /, timeout: float | None = None, **given: object) -> object:
        read.append(cypher)
        return whole(self, cypher, timeout, **given)

    monkeypatch.setattr(Database, "read", counting)
    monkeypatch.setattr(token_store, "AGAIN", 60)
    for client in _client(store, embedded_settings):
        read.clear()
        assert {_status(client, tokens.make()) for _ in range(20)} == {401}
        assert len(read) == 1


def test_what_was_made_and_revoked_is_recorded(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "log", lambda: NOW)
    log.add("token created", token="abc")
    assert b'"token created"' in log.lines(10)[0]
