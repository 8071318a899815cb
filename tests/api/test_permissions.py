"""Who may ask what: every root field and every route, for every role and for strangers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from graphql import get_named_type, is_leaf_type, is_required_argument
from muniment.api.application import application
from muniment.api.graphql.root import known_fields, schema
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.api.security.permissions import ROUTES, Door, Permission, Role, fields
from muniment.graph.database import connect
from muniment.settings import Settings

from .conftest import FREE, Known, bearer, credential_of

ALLOWED: Mapping[Role, set[Permission]] = {
    Role.READER: {Permission.GRAPH, Permission.QUESTIONS},
    Role.AUDITOR: {Permission.GRAPH, Permission.QUESTIONS, Permission.INTROSPECTION, Permission.AUDIT},
    Role.OPERATOR: {Permission.GRAPH, Permission.QUESTIONS, Permission.INTROSPECTION, Permission.OPERATIONS},
    Role.ADMIN: set(Permission),
}
"""Said here again, so that a change of the table is a change of two."""


@pytest.fixture(scope="module")
def app(embedded_settings: Settings) -> FastAPI:
    return application(connect(embedded_settings), embedded_settings, Security(Authentication([Known()]), FREE))


@pytest.fixture(scope="module")
def known(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def _query(name: str) -> str:
    """The shortest query for a root field."""
    if name in ("__schema", "__type"):
        return "{ __schema { queryType { name } } }" if name == "__schema" else '{ __type(name: "Query") { name } }'
    root = schema()._schema.query_type
    assert root
    field = root.fields[name]
    needed = [f'{a}: "x"' for a, one in field.args.items() if is_required_argument(one)]
    given = f"({', '.join(needed)})" if needed else ""
    return f"{{ {name}{given}{'' if is_leaf_type(get_named_type(field.type)) else ' { __typename }'} }}"


def test_every_root_field_is_declared_and_nothing_else() -> None:
    assert {*known_fields(), "__schema", "__type"} == set(fields())


def test_every_route_is_declared(app: FastAPI) -> None:
    assert {getattr(route, "path", repr(route)) for route in app.routes} - ROUTES.keys() == set()


@pytest.mark.parametrize("role", Role)
def test_each_role_asks_for_what_it_may_and_for_nothing_else(known: TestClient, role: Role) -> None:
    for name, permission in fields().items():
        document = known.post("/graphql", json={"query": _query(name)}, headers=bearer(role)).json()
        codes = {error["extensions"]["code"] for error in document.get("errors", ())}
        assert ("FORBIDDEN" in codes) is (permission not in ALLOWED[role]), (name, document)
        assert codes <= {"FORBIDDEN", "BAD_USER_INPUT"}, (name, document)


@pytest.mark.parametrize("role", [*Role, "nobody", None])
def test_each_route_is_for_those_it_is_declared_for(known: TestClient, app: FastAPI, role: Role | str | None) -> None:
    there = {getattr(route, "path", "") for route in app.routes}
    for path, asked in ROUTES.items():
        if path not in there:
            continue
        status = known.get(path, headers=bearer(role) if role else {}).status_code
        if asked is Door.OPEN:
            assert status == 200, path
        elif not isinstance(role, Role):
            assert status == 401, path
        else:
            assert (status == 403) is (isinstance(asked, Permission) and asked not in ALLOWED[role]), path


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YWRtaW46YWRtaW4=",
        "admin",
        "Bearer nobody",
        f"Bearer {credential_of('admin')} {credential_of('admin')}",
        f"Bearer {credential_of('admin').upper()}",
        "Bearer \x7f",
        f"bearer\t{credential_of('admin')}",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/none", "/graphql/", "//graphql", "/docs", "/../graphql"])
def test_who_is_not_known_comes_nowhere(known: TestClient, header: str | None, path: str) -> None:
    headers = {} if header is None else {"authorization": header}
    response = known.post(path, json={"query": "{ __typename }"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_what_nobody_declared_is_nobodys(known: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muniment.api.security.admission.fields", dict)
    response = known.post("/graphql", json={"query": "{ roles { totalCount } }"}, headers=bearer("admin"))
    assert response.status_code == 403
    monkeypatch.setattr("muniment.api.security.guard.ROUTES", {})
    assert known.get("/healthz", headers=bearer("admin")).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "{ ...a } fragment a on Query { __schema { queryType { name } } }",
        "{ ... { ... on Query { x: __schema { queryType { name } } } } }",
        "{ ... @skip(if: false) { ...a } } fragment a on Query { ...b } fragment b on Query { __schema { types } }",
        'query q($no: Boolean = false) { __type(name: "Role") @skip(if: $no) { name } }',
        "query a { __typename } query b { __schema { types { name } } }",
    ],
)
def test_no_way_of_writing_it_makes_it_allowed(known: TestClient, query: str) -> None:
    response = known.post("/graphql", json={"query": query}, headers=bearer("reader"))
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_strangers_are_told_that_it_is_ready_and_no_more(known: TestClient) -> None:
    assert known.get("/readyz").json() == {"status": "ready"}
    assert known.get("/readyz", headers=bearer("reader")).json() == {"status": "ready"}
    assert known.get("/readyz", headers=bearer("operator")).json().keys() == {
        "status",
        "scopes",
        "complete",
        "as_of",
        "late",
    }


@pytest.mark.parametrize(("credential", "path"), [("two", "/metrics"), ("checkout", "/audit"), ("none", "/audit")])
def test_what_tells_of_all_accounts_is_for_nobody_who_is_limited(known: TestClient, credential: str, path: str) -> None:
    assert known.get(path, headers=bearer(credential)).status_code == 403
    assert known.get("/readyz", headers=bearer(credential)).json().keys() == {"status"}
