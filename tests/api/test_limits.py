"""Probes that GraphQL APIs are known to fall to: each is refused before anything is read."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from graphql import get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st
from muniment.api.graphql.limits import Limits, measure

from .conftest import refused

DEEP = "{" + "accounts{edges{node{contains{edges{node{...on Account{" * 6 + "id" + "}}}}}}}" * 6 + "}"
TWO_PAGES = "accounts(first: %s) { edges { node { contains(first: %s) { edges { node { id } } } } } }"
SCHEMA_CIRCLE = "{ __schema { types {" + " fields { type {" * 4 + " fields { name }" + " } }" * 4 + " } } }"
DOUBLING = "".join(f" fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40))
TOO_MUCH: dict[str, Any] = {
    "aliases": "{" + " ".join(f"a{n}: status {{ question }}" for n in range(60)) + "}",
    "depth": DEEP,
    "fields": "{ status { " + "question " * 2_500 + "} }",
    "directives": "{ status { question " + "@include(if: true) " * 60 + "} }",
    "tokens": "{ " + "a " * 6_000 + "}",
    "cost": "{" + TWO_PAGES % (500, 500) + "}",
    "cost in a variable": "query ($n: Int) {" + TWO_PAGES % ("$n", "$n") + "}",
    "cost through fragments": """{ accounts(first: 500) { ...page } }
      fragment page on AccountConnection { edges { node { contains(first: 500) { ...more } } } }
      fragment more on ContainsConnection { edges { node { id } } }""",
    "fragments that double": "{ ...f0 }" + DOUBLING + " fragment f40 on Query { status { question } }",
    "introspection": SCHEMA_CIRCLE,
    "a long body": "{ status { question } } #" + "x" * 200_000,
    "operations": " ".join(f"query q{n} {{ status {{ question }} }}" for n in range(40)),
}


@pytest.mark.parametrize("probe", TOO_MUCH)
def test_too_much_is_refused(embedded_client: TestClient, probe: str) -> None:
    variables = {"n": 500} if "variable" in probe else {}
    error = refused(embedded_client, TOO_MUCH[probe], **variables)
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX", error


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "BAD_USER_INPUT"),
        ("{ ...a } fragment a on Query { status { question } ...a }", "BAD_USER_INPUT"),
        ("{" * 3_000, "QUERY_TOO_COMPLEX"),
        ("{a" * 900 + "}" * 900, "QUERY_TOO_COMPLEX"),
        ("", "BAD_USER_INPUT"),
        (7, "BAD_USER_INPUT"),
    ],
)
def test_what_is_malformed_is_refused(embedded_client: TestClient, query: Any, code: str) -> None:
    assert refused(embedded_client, query)["extensions"]["code"] in (code, "BAD_USER_INPUT")


def test_the_schema_can_be_asked_for(embedded_client: TestClient) -> None:
    answered = embedded_client.post("/graphql", json={"query": get_introspection_query()}).json()
    assert "errors" not in answered
    assert answered["data"]["__schema"]["mutationType"] is None


def test_one_request_in_a_body(embedded_client: TestClient) -> None:
    response = embedded_client.post("/graphql", json=[{"query": "{ __typename }"}] * 2)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_nothing_is_asked_by_get(embedded_client: TestClient) -> None:
    assert embedded_client.get("/graphql", params={"query": "{ __typename }"}).status_code == 405


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_page_of_another_origin_cannot_ask(embedded_client: TestClient, kind: str) -> None:
    response = embedded_client.post("/graphql", content='{"query": "{ __typename }"}', headers={"content-type": kind})
    assert response.status_code == 400
    assert "data" not in response.json()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "169.254.169.254"])
def test_a_name_that_leads_here_is_not_enough(embedded_client: TestClient, host: str) -> None:
    assert embedded_client.get("/readyz", headers={"host": host}).status_code == 400
    assert embedded_client.post("/graphql", json={"query": "{ __typename }"}, headers={"host": host}).status_code == 400


def test_answers_are_kept_by_nobody_and_shown_by_nobody_else(embedded_client: TestClient) -> None:
    headers = embedded_client.get("/healthz").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_it_is_alive_and_ready(embedded_client: TestClient) -> None:
    assert embedded_client.get("/healthz").json() == {"status": "alive"}
    ready = embedded_client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["scopes"] > 0


@given(st.integers(1, 8), st.integers(1, 500))
def test_cost_multiplies_down_the_pages(levels: int, first: int) -> None:
    page = f"(first: {first}) {{ edges {{ node {{ id"
    query = f"{{ accounts{page}" + f" contains{page}" * (levels - 1)
    query += " } } }" * levels + " }"
    size = measure(parse(query), None, {}, Limits(depth=10**6, cost=10**40))
    assert size.cost >= first**levels
    assert size.depth == 3 * levels + 1


def test_an_error_of_the_inside_stays_inside(embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from muniment.api.graphql import context

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("password=hunter2 at /srv/secret.py")

    monkeypatch.setattr(context, "answer_for", broken)
    error = refused(embedded_client, "{ status { question } }")
    assert error["extensions"]["code"] == "INTERNAL"
    assert "hunter2" not in str(error)
