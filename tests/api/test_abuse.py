"""Probes that GraphQL APIs fall to: none is answered with what it must not be, and none breaks anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from graphql import GraphQLEnumType, GraphQLInputObjectType, get_introspection_query, get_named_type
from hypothesis import HealthCheck, given, settings
from limits import parse
from muniment.api.application import application
from muniment.api.graphql.names import plural
from muniment.api.graphql.paging import cursor
from muniment.api.graphql.root import core, known_fields
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.api.security.permissions import Role
from muniment.api.security.persisted import Persisted, id_of
from muniment.api.security.rates import Rates
from muniment.errors import SettingsError
from muniment.graph.clock import timestamp, wall_clock
from muniment.graph.database import connect
from muniment.schema import SCHEMA
from muniment.settings import Settings
from schemathesis import Case

from ..queries import estate
from .conftest import FREE, Known, bearer

CODES = {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX", "FORBIDDEN"}
LISTS = "query ($f: RoleFilter) { roles(filter: $f) { totalCount } }"
BODIES: dict[str, Any] = {
    "alias overload": {"query": "{" + " ".join(f"a{n}: status {{ question }}" for n in range(200)) + "}"},
    "batching": [{"query": "{ __typename }"}] * 20,
    "a batch of one": [{"query": "{ __typename }"}],
    "circular fragments": {"query": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"},
    "directive overload": {"query": "{ status { question " + "@include(if: true) " * 500 + "} }"},
    "unknown directives": {"query": "{ status " + "@a" * 2_000 + " { question } }"},
    "field duplication": {"query": "{ status { " + "question " * 3_000 + "} }"},
    "deep introspection": {"query": "{ __schema { types {" + " fields { type {" * 8 + "name" + "} }" * 8 + " } } }"},
    "mutation": {"query": "mutation { __typename }"},
    "subscription without a socket": {"query": "subscription { __typename }"},
    "several unnamed operations": {"query": "{ __typename } { __typename }"},
    "several operations, none meant": {"query": "query a { __typename } query b { __typename }"},
    "an operation of another name": {"query": "query a { __typename }", "operationName": "b"},
    "an operation name that is none": {"query": "{ __typename }", "operationName": 7},
    "variables that are a list": {"query": "{ __typename }", "variables": [1]},
    "variables that are a text": {"query": "{ __typename }", "variables": "x"},
    "a variable of another type": {"query": LISTS, "variables": {"f": "x"}},
    "too many values": {"query": LISTS, "variables": {"f": {"name": {"in": ["x"] * 501}}}},
    "an unknown member": {"query": LISTS, "variables": {"f": {"n` = 1 OR 1=1 //": {"eq": "x"}}}},
    "a deep object": {"query": LISTS, "variables": {"f": json.loads('{"name":' * 90 + "{}" + "}" * 90)}},
    "a deep list": {"query": LISTS, "variables": {"f": {"name": {"in": json.loads("[" * 90 + "]" * 90)}}}},
    "a deep literal": {"query": "{ roles(filter: " + "{name: " * 500 + "1" + "}" * 500 + ") { totalCount } }"},
    "a deep list literal": {"query": "{ node(id: " + "[" * 2_000 + "]" * 2_000 + ") { id } }"},
    "an order that is none": {"query": "{ roles(orderBy: PASSWORD) { totalCount } }"},
    "a huge number": {"query": "{ roles(first: 99999999999999999999) { totalCount } }"},
    "no body": None,
    "a number": 7,
    "a query of bytes": {"query": "\x00\x01\x02"},
    "NUL in the query": {"query": "{ status\x00 { question } }"},
    "a lone surrogate in the query": {"query": "{ \ud800 }"},
    "a persisted query of another version": {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}},
    "a persisted query that is none": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    "a hash of something else": {
        "query": "{ __typename }",
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}},
    },
    "extensions that are none": {"query": 3, "extensions": [1]},
}


@pytest.mark.parametrize("probe", BODIES)
@pytest.mark.parametrize("role", [Role.READER, Role.ADMIN])
def test_a_probe_is_refused(embedded_client: TestClient, role: Role, probe: str) -> None:
    content = json.dumps(BODIES[probe]).encode()
    response = embedded_client.post(
        "/graphql", content=content, headers={"content-type": "application/json", **bearer(role)}
    )
    assert 400 <= response.status_code < 500 or probe == "too many values", response.text
    error = response.json()["errors"][0]
    assert error["extensions"]["code"] in CODES, error
    assert "Traceback" not in response.text
    assert response.json().get("data") is None


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
@pytest.mark.parametrize("query", ["{ __typename }", "mutation { deleteAll }"])
def test_nothing_is_asked_but_by_post(embedded_client: TestClient, method: str, query: str) -> None:
    response = embedded_client.request(method, "/graphql", params={"query": query}, headers=bearer("admin"))
    assert response.status_code == 405
    assert "data" not in response.text


@pytest.mark.parametrize("role", Role)
def test_introspection_is_for_those_who_may(embedded_client: TestClient, role: Role) -> None:
    for query in (
        get_introspection_query(),
        '{ __type(name: "Role") { name } }',
        "{ ...a } fragment a on Query { __schema { types { name } } }",
    ):
        response = embedded_client.post("/graphql", json={"query": query}, headers=bearer(role))
        assert response.status_code == (403 if role is Role.READER else 200)
    assert embedded_client.post("/graphql", json={"query": "{ __typename }"}, headers=bearer(role)).status_code == 200


INJECTIONS = [
    "'",
    '"',
    "`",
    "\\",
    "x' OR 1=1 //",
    'x" OR 1=1 //',
    "x'}) MATCH (n) DETACH DELETE n //",
    "Admin' RETURN n UNION MATCH (t:ApiToken) RETURN t.hash //",
    "$v0",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "*",
    ".*",
    "%",
    "\u0000",
    "\u202e",
    "\u0130",
    "💥" * 50,
    "a" * 3_000,
    "../../etc/passwd",
    "-1",
    "",
]


def _arguments() -> Iterator[tuple[str, str]]:
    """A query for each argument of each root field that takes a text, with ``$x`` in its place."""
    for name, field in known_fields().items():
        for argument, one in field.args.items():  # type: ignore[attr-defined]
            type_ = get_named_type(one.type)
            if isinstance(type_, GraphQLEnumType) or str(type_) in ("Int", "Boolean"):
                continue
            rest = [
                f'{a}: "Admin"'
                for a, o in field.args.items()
                if str(o.type).endswith("!") and a != argument and o.default_value is None
            ]  # type: ignore[attr-defined]
            value = "$x"
            if isinstance(type_, GraphQLInputObjectType):
                value = {
                    "Given": '[{name: "accounts", value: $x}]',
                    "ContextKey": '[{key: "aws:SourceIp", values: [$x]}]',
                }.get(type_.name, "{name: {eq: $x}}")
            yield name, f"({', '.join([f'{argument}: {value}', *rest])})"


def test_no_text_is_ever_more_than_a_text(embedded_client: TestClient) -> None:
    alike = {plural(kind) for kind in SCHEMA.kinds} - {"roles", "assets", "statements"}
    asked = [one for one in _arguments() if one[0] not in alike]
    assert len(asked) > 20
    whole = _count(embedded_client)
    for number, (name, arguments) in enumerate(asked):
        type_ = "ID!" if "id: $x" in arguments else "String!"
        for text in INJECTIONS[number % 3 :: 3]:
            query = f"query ($x: {type_}) {{ {name}{arguments} {{ __typename }} }}"
            response = embedded_client.post(
                "/graphql", json={"query": query, "variables": {"x": text}}, headers=bearer("admin")
            )
            document = response.json()
            codes = {error["extensions"]["code"] for error in document.get("errors", ())}
            assert codes <= {"BAD_USER_INPUT", "FORBIDDEN"}, (name, arguments, text, document)
            assert "Neo." not in response.text
            assert "yntax error near" not in response.text
    assert _count(embedded_client) == whole


def _filters() -> Iterator[str]:
    """A list for each field that any kind can be narrowed by, with all tests of it that take a text."""
    for name, field in known_fields().items():
        arguments: dict[str, Any] = field.args  # type: ignore[attr-defined]
        if not {"filter", "changedSince"} <= arguments.keys():
            continue
        order = [*get_named_type(arguments["orderBy"].type).values][-1]
        yield f"{name}(first: 1, changedSince: $x, orderBy: {order}, after: $two)"
        yield f"{name}(first: 1, after: $one)"
        for member, narrowed in get_named_type(arguments["filter"].type).fields.items():
            tests = [
                f"{test}: {'$xs' if str(one.type).startswith('[') else '$x'}"
                for test, one in get_named_type(narrowed.type).fields.items()
                if str(get_named_type(one.type)) == "String"
            ]
            if tests:
                yield f"{name}(first: 1, filter: {{{member}: {{{', '.join(tests)}}}}})"


def _followed() -> Iterator[str]:
    """A page of each relationship of each kind, after a place."""
    for kind in sorted(name for name in SCHEMA.kinds if SCHEMA.is_a(name, "Asset")):
        type_: Any = core().type_map[kind]
        pages = [name for name, field in type_.fields.items() if "after" in field.args]
        for beginning in range(0, len(pages), 40):
            some = " ".join(
                f"{name}(first: 1, after: $two) {{ totalCount }}" for name in pages[beginning : beginning + 40]
            )
            yield f"{plural(kind)}(first: 1) {{ edges {{ node {{ {some} }} }} }}"


def test_no_text_in_any_argument_of_any_list_is_more_than_a_text(embedded_client: TestClient) -> None:
    """Those of all kinds and relationships, as the schema has them; many in one request, each text in some of them."""
    asked = [f"{one} {{ totalCount edges {{ node {{ id }} }} }}" for one in _filters()]
    requests = [asked[at : at + 45] for at in range(0, len(asked), 45)] + [[one] for one in _followed()]
    assert len(asked) > 500
    whole = _count(embedded_client)
    texts = [text for text in INJECTIONS if text not in ("", "*")]
    types = {"x": "String!", "xs": "[String!]", "one": "String!", "two": "String!"}
    for number, fields in enumerate(requests):
        text = texts[number % len(texts)]
        used = " ".join(f"a{at}: {field}" for at, field in enumerate(fields))
        given = {"x": text, "xs": [text], "one": cursor([text]), "two": cursor([text, text])}
        declared = ", ".join(f"${name}: {type_}" for name, type_ in types.items() if re.search(rf"\${name}\b", used))
        query = f"query ({declared}) {{ {used} }}"
        response = embedded_client.post("/graphql", json={"query": query, "variables": given}, headers=bearer("admin"))
        assert "errors" not in response.json(), (text, response.text[:500])
        for field, page in zip(fields, response.json()["data"].values(), strict=True):
            assert "eq: $x" not in field or page["totalCount"] == 0
    assert _count(embedded_client) == whole


def _count(client: TestClient) -> int:
    answered = client.post("/graphql", json={"query": "{ assets { totalCount } }"}, headers=bearer("admin")).json()
    return int(answered["data"]["assets"]["totalCount"])


@pytest.mark.parametrize("text", [text for text in INJECTIONS if text != "*"])
def test_a_filter_compares_with_the_text_itself(embedded_client: TestClient, text: str) -> None:
    for test in ("eq", "in"):
        query = "query ($f: AssetFilter) { assets(filter: $f) { totalCount } }"
        variables = {"f": {"name": {test: [text] if test == "in" else text}}}
        response = embedded_client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=bearer("admin")
        )
        assert response.json()["data"]["assets"]["totalCount"] == 0


def test_whatever_the_schema_lets_be_asked_is_answered_or_refused(embedded_client: TestClient) -> None:
    """Requests that schemathesis makes up from the schema."""
    told = embedded_client.post("/graphql", json={"query": get_introspection_query()}, headers=bearer("admin")).json()
    described = schemathesis.graphql.from_dict(told["data"])

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=described.as_strategy())
    def ask(case: Case) -> None:
        response = embedded_client.post("/graphql", json={"query": case.body}, headers=bearer("two"))
        document = response.json()
        assert response.status_code in (200, 400, 403), document
        codes = {error["extensions"]["code"] for error in document.get("errors", ())}
        assert codes <= CODES | {"STALE_DATA"}, document

    ask()


KEPT = "query Accounts { accounts { totalCount } }"


@pytest.fixture
def keeping(embedded_settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "accounts.graphql").write_text(KEPT)
    security = Security(Authentication([Known()]), FREE, persisted=Persisted.read(tmp_path, only=True))
    with TestClient(
        application(connect(embedded_settings), embedded_settings, security), base_url="http://localhost"
    ) as client:
        yield client


def test_only_what_is_kept_is_taken_where_that_is_set(keeping: TestClient, tmp_path: Path) -> None:
    def status(**body: Any) -> int:
        return keeping.post("/graphql", json=body, headers=bearer("admin")).status_code

    known = {"persistedQuery": {"version": 1, "sha256Hash": id_of(KEPT)}}
    assert status(extensions=known) == 200
    assert status(query=KEPT) == 200
    assert status(query=KEPT, extensions=known) == 200
    assert status(query=KEPT + " ") == 403
    assert status(query="{ __schema { queryType { name } } }") == 403
    assert status(extensions={"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}) == 400
    (tmp_path / "list.json").write_text(json.dumps({id_of(KEPT): KEPT}))
    assert Persisted.read(tmp_path / "list.json").operations == {id_of(KEPT): KEPT}
    for wrong in ({"0" * 64: KEPT}, {id_of("{"): "{"}, [1]):
        (tmp_path / "list.json").write_text(json.dumps(wrong))
        with pytest.raises(SettingsError):
            Persisted.read(tmp_path / "list.json")


def _limited(settings: Settings, **rates: str) -> TestClient:
    made = Rates(**{name: parse(rate) for name, rate in rates.items()})
    return TestClient(
        application(connect(settings), settings, Security(Authentication([Known()]), made)), base_url="http://localhost"
    )


def _ask(client: TestClient, query: str = "{ __typename }", who: str = "reader", **headers: str) -> Any:
    return client.post("/graphql", json={"query": query}, headers={**bearer(who), **headers})


def test_who_asks_too_often_is_told_when_to_come_again(embedded_settings: Settings) -> None:
    with _limited(embedded_settings, requests="3/minute") as client:
        assert [_ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = _ask(client)
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert _ask(client, who="auditor").status_code == 200


def test_what_costs_more_may_be_asked_less_often(embedded_settings: Settings) -> None:
    dear = "{ roles(first: 400) { edges { node { id } } } }"
    with _limited(embedded_settings, cost="2000/minute") as client:
        assert [_ask(client, dear).status_code for _ in range(4)] == [200, 200, 429, 429]
        assert _ask(client).status_code == 200


def test_guessing_is_answered_ever_more_briefly(embedded_settings: Settings) -> None:
    with _limited(embedded_settings, strangers="5/minute") as client:
        assert [_ask(client, who="guess").status_code for _ in range(7)] == [401] * 5 + [429] * 2


def test_what_is_too_old_is_refused(embedded_client: TestClient) -> None:
    age = {"muniment-max-age": "60"}
    for query in ("{ status { question } }", "{ roles { totalCount } }", '{ node(id: "x") { id } }'):
        refused = _ask(embedded_client, query, **age)
        assert refused.json()["errors"][0]["extensions"]["code"] == "STALE_DATA", query
        old = _ask(embedded_client, query, **{"muniment-max-age": "999999999"})
        assert "errors" not in old.json() or "roles" in query or "node" in query
    assert _ask(embedded_client, **{"muniment-max-age": "soon"}).status_code == 400
    assert embedded_client.get("/queries/status", headers={**bearer("reader"), **age}).status_code == 409
    assert timestamp(wall_clock() - timedelta(seconds=60)) > estate.READ_AT


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("status(maxAge: 60) { question }", "STALE_DATA"),
        ('runSavedQuery(id: "accounts", maxAge: 60) { question }', "STALE_DATA"),
        ('ask(sentence: "who can assume prod admin", maxAge: 60) { question }', "STALE_DATA"),
        ("status(maxAge: -1) { question }", "BAD_USER_INPUT"),
        ("status(maxAge: 2000000000) { question }", None),
        ("status { question }", None),
        ("roles(maxAge: 60) { totalCount }", "STALE_DATA"),
        ('node(id: "x", maxAge: 60) { id }', "STALE_DATA"),
        ("roles(maxAge: -1) { totalCount }", "BAD_USER_INPUT"),
    ],
)
def test_a_field_may_say_how_old_its_answer_may_be(
    embedded_client: TestClient, question: str, code: str | None
) -> None:
    errors = _ask(embedded_client, f"{{ {question} }}").json().get("errors", [])
    assert [error["extensions"]["code"] for error in errors] == ([code] if code else [])
