"""The API on the estate of the questions' tests, in either engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import parse
from muniment.api.application import application
from muniment.api.graphql.limits import Limits
from muniment.api.security.authentication import Authentication
from muniment.api.security.caller import LOCAL, Caller, Means
from muniment.api.security.guard import Security
from muniment.api.security.permissions import Role
from muniment.api.security.rates import Rates
from muniment.graph.database import connect
from muniment.settings import Settings

from ..conftest import empty
from ..queries import estate

Ask = Callable[..., dict[str, Any]]

CALLERS: dict[str, Caller] = {
    **{role.value: Caller(role.value, Means.TOKEN, role) for role in Role},
    "pay": Caller("pay", Means.TOKEN, Role.READER, frozenset({estate.PAY})),
    "checkout": Caller("checkout", Means.OIDC, Role.AUDITOR, frozenset({estate.CHECKOUT})),
    "two": Caller("two", Means.TOKEN, Role.OPERATOR, frozenset({estate.SHARED, estate.ACME})),
    "none": Caller("none", Means.TOKEN, Role.ADMIN, frozenset()),
}
"""Callers by name: one of each role, and some that are limited to accounts."""


def credential_of(name: str) -> str:
    """What makes a caller known. No word of these files: Hypothesis tries those, and let itself in by them."""
    return hashlib.sha256(name.encode()).hexdigest()


_BY_CREDENTIAL = {credential_of(name): caller for name, caller in CALLERS.items()}

FREE = Rates(*(parse("1000000/second") for _ in range(3)))
"""As much as anybody likes."""


class Known:
    """Knows the callers above."""

    async def caller(self, credential: str) -> Caller | None:
        return _BY_CREDENTIAL.get(credential)


def bearer(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {credential_of(name)}"}


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """Sends requests to the API on either engine."""
    yield from _client(request.getfixturevalue(f"{request.param}_settings"))


@pytest.fixture(scope="module")
def embedded_client(embedded_settings: Settings) -> Iterator[TestClient]:
    """Sends requests to the API on the embedded engine alone."""
    yield from _client(embedded_settings)


def _client(settings: Settings) -> Iterator[TestClient]:
    database = connect(settings)
    empty(database)
    estate.fill(database)
    with TestClient(
        application(database, settings, Security(Authentication([Known()], LOCAL), FREE), Limits(seconds=20)),
        base_url="http://localhost",
    ) as client:
        yield client


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """Asks GraphQL on either engine; what it answers must hold no error."""
    return asking(client)


@pytest.fixture
def ask_embedded(embedded_client: TestClient) -> Ask:
    """The same on the embedded engine alone."""
    return asking(embedded_client)


def asking(client: TestClient, credential: str | None = None) -> Ask:
    def asked(query: str, **variables: Any) -> dict[str, Any]:
        headers = bearer(credential) if credential else {}
        response = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        document = response.json()
        assert "errors" not in document, document
        data: dict[str, Any] = document["data"]
        return data

    return asked


def refused(client: TestClient, query: Any, credential: str | None = None, **variables: Any) -> dict[str, Any]:
    """The first error that a query is answered with."""
    headers = bearer(credential) if credential else {}
    document = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers).json()
    assert document.get("errors"), document
    error: dict[str, Any] = document["errors"][0]
    return error
