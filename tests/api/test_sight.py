"""A caller that is limited to accounts sees what belongs to them and what is AWS's own: on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from muniment.api.graphql.names import camel, plural, relationship_field
from muniment.api.security.sight import may_see
from muniment.graph.database import Database
from muniment.queries.library import questions, saved
from muniment.schema import SCHEMA

from ..queries import estate
from .conftest import CALLERS, asking, bearer, refused

KINDS = sorted(name for name in SCHEMA.kinds if SCHEMA.is_a(name, "Asset"))
LIMITED = [name for name, caller in CALLERS.items() if caller.limited]
LIST = "{{ {}(first: 500) {{ totalCount edges {{ node {{ id __typename ... on Asset {{ accountId }} }} }} }} }}"


def _nodes(client: TestClient, kind: str, credential: str) -> dict[str, dict[str, Any]]:
    found = asking(client, credential)(LIST.format(plural(kind)))[plural(kind)]
    nodes = {edge["node"]["id"]: edge["node"] for edge in found["edges"]}
    assert found["totalCount"] == len(nodes)
    return nodes


def _seen(node: dict[str, Any], credential: str) -> bool:
    accounts = CALLERS[credential].accounts
    assert accounts is not None
    return may_see({"id": node["id"], "account_id": node["accountId"]}, SCHEMA.lineage(node["__typename"]), accounts)


@pytest.mark.parametrize("credential", LIMITED)
def test_lists_hold_what_belongs_to_its_accounts(client: TestClient, credential: str) -> None:
    whole = _nodes(client, "Asset", "admin")
    assert any(not _seen(node, credential) for node in whole.values())
    for kind in ("Asset", "Principal", "Role", "User", "Account", "ManagedPolicy", "Statement", "ServicePrincipal"):
        expected = {
            id_ for id_, node in whole.items() if SCHEMA.is_a(node["__typename"], kind) and _seen(node, credential)
        }
        assert _nodes(client, kind, credential).keys() == expected, kind


@pytest.mark.parametrize("credential", LIMITED)
def test_a_node_of_another_account_is_as_if_it_were_not_there(client: TestClient, credential: str) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for id_, node in _nodes(client, "Asset", "admin").items():
        found = asking(client, credential)(query, id=id_)["node"]
        assert found == ({"id": id_} if _seen(node, credential) else None), id_


@pytest.mark.parametrize("credential", ["pay", "two", "none"])
def test_no_relationship_leads_out(client: TestClient, credential: str) -> None:
    fields = " ".join(
        f"... on {start} {{ {start}_{field}: {field}(first: 20) {{ totalCount edges {{ node {{ id __typename "
        f"... on Asset {{ accountId }} }} }} }} }}"
        for relationship in ("CONTAINS", "CAN_ASSUME", "ATTACHED_TO", "HAS_STATEMENT", "TRUSTS", "CAN_ESCALATE_TO")
        for pair in SCHEMA.relationships[relationship].ends[:1]
        for start, direction in ((pair[0], "out"), (pair[1], "in"))
        for field in [relationship_field(relationship, direction)]  # type: ignore[arg-type]
        if start != "Asset"
    )
    found = asking(client, credential)(f"{{ assets(first: 40) {{ edges {{ node {{ {fields} }} }} }} }}")
    pages = [page for edge in found["assets"]["edges"] for page in edge["node"].values() if isinstance(page, dict)]
    for page in pages:
        assert page["totalCount"] == len(page["edges"])
        assert all(_seen(edge["node"], credential) for edge in page["edges"])
    assert credential == "none" or any(page["edges"] for page in pages)


@pytest.mark.parametrize(
    "narrowed",
    [
        '(filter: {accountId: {eq: "333333333333"}})',
        '(filter: {accountId: {ne: "222222222222"}})',
        '(filter: {id: {contains: "333333333333"}})',
        '(filter: {name: {in: ["Admin", "Deployer"]}}, orderBy: NAME, direction: DESC)',
        '(changedSince: "2000-01-01T00:00:00Z", orderBy: ACCOUNT_ID, direction: DESC)',
        '(after: "WyIiXQ")',
        '(orderBy: NAME, after: "WyIiLCAiIl0")',
    ],
)
def test_no_filter_order_or_cursor_tells_of_others(client: TestClient, narrowed: str) -> None:
    found = asking(client, "pay")(
        f"{{ roles{narrowed} {{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ accountId }} }} }} }}"
    )["roles"]
    assert {edge["node"]["accountId"] for edge in found["edges"]} <= {estate.PAY}
    assert found["totalCount"] == len(found["edges"])
    assert found["pageInfo"]["hasNextPage"] is False


def test_a_mistake_tells_a_reader_nothing_of_the_schema(client: TestClient) -> None:
    assert "Did you mean" not in refused(client, "{ rolse { totalCount } }", "pay")["message"]


OTHERS = [account for account in (*estate.PLACES, estate.OUTSIDE) if account != estate.PAY]
NAMES_OF_OTHERS = [name for account, (name, _, _) in estate.PLACES.items() if account != estate.PAY]
QUESTIONS = {
    "whoCanAssume": 'whoCanAssume(target: "ProdAdmin", explain: true)',
    "whoCanAssume in words": 'whoCanAssume(target: "prod admin", explain: true)',
    "whoCanBecome": 'whoCanBecome(target: "admin", explain: true)',
    "escalations": "escalations(explain: true)",
    "path": 'path(from: "bob", to: "ProdAdmin", explain: true)',
    "reachableRoles": 'reachableRoles(principal: "bob", explain: true)',
    "can": 'can(principal: "bob", action: "iam:CreateUser", resource: "*", explain: true)',
    "whoCan": 'whoCan(action: "iam:CreateUser", resource: "*", explain: true)',
    "reviewAccess": "reviewAccess",
    "status": "status",
    "leastPrivilege": 'leastPrivilege(principal: "payments-prod/Admin")',
}
SHOWN = (
    "{ question parameters interpretation explanation knowledge { complete missing { scope reason } asOf } rows %s }"
)


def _rows(name: str) -> str:
    asked = next(one for id_, one in questions().items() if camel(id_.replace("-", "_")) == name)
    return "{ " + " ".join(camel(column.name) for column in asked.columns) + " }"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_an_answer_names_nothing_of_another_account(client: TestClient, asked: str) -> None:
    name = asked.split()[0]
    query = f"{{ {QUESTIONS[asked]} {SHOWN % _rows(name)} }}"
    found, whole = (asking(client, credential)(query)[name] for credential in ("pay", "admin"))
    _names_no_other(found)
    withheld = [one for one in found["knowledge"]["missing"] if "withheld" in one["reason"]]
    assert bool(withheld) is (name not in ("can", "status"))
    assert not any(character.isdigit() for one in withheld for character in one["reason"])
    assert not withheld or not found["knowledge"]["complete"]
    seen, every = ([{**row, "age": None} for row in rows] for rows in (found["rows"], whole["rows"]))
    assert all(row in every for row in seen), "but for their age, which is another second's"


@pytest.mark.parametrize(
    ("query", "one", "other"),
    [
        ('whoCan(action: "%s", resource: "*")', "iam:CreateUser", "nothing:AtAll"),
        ('runSavedQuery(id: "changes", parameters: [{name: "days", value: "%s"}])', "1", "9999"),
    ],
)
def test_whether_there_was_anything_to_withhold_is_not_told(
    client: TestClient, query: str, one: str, other: str
) -> None:
    """Whoever asks with ever narrower words would else learn of others by yes and no."""
    told = []
    for words in (one, other):
        response = client.post(
            "/graphql",
            json={
                "query": f"{{ {query % words} {{ knowledge {{ complete missing {{ scope reason }} }} explanation }} }}"
            },
            headers=bearer("pay"),
        ).json()
        told.append([data["knowledge"] | {"e": data["explanation"]} for data in (response.get("data") or {}).values()])
    assert told[0]
    assert told[0] == told[1]


@pytest.mark.parametrize("asked", ["status", 'runSavedQuery(id: "users-without-mfa")'])
def test_how_old_is_what_others_rest_on_is_not_told(
    embedded_client: TestClient, embedded_connection: Database, asked: str
) -> None:
    def read_at(time: str) -> None:
        cypher = "MATCH (s:Scope {account_id: $account, collector: 'iam'}) SET s.completed_at = $time"
        embedded_connection.write(lambda tx: tx.run(cypher, account=estate.SHARED, time=time).consume())

    def told(credential: str) -> str:
        found = asking(embedded_client, credential)(f"{{ {asked} {{ knowledge {{ asOf }} }} }}")
        return str(next(iter(found.values()))["knowledge"]["asOf"])

    read_at("2026-01-01T09:00:00Z")
    try:
        ages = {name: told(name) for name in ("admin", "pay", "two", "none")}
    finally:
        read_at(estate.READ_AT)
    old = dict.fromkeys(("admin", "two"), "2026-01-01T09:00:00Z")
    of_no_account = estate.READ_AT if asked == "status" else "None"
    assert ages == {**old, "pay": estate.READ_AT, "none": of_no_account}


def _names_no_other(found: Any) -> None:
    text = str(found)
    assert [account for account in OTHERS if account in text] == []
    assert [name for name in NAMES_OF_OTHERS if name in text] == []


@pytest.mark.parametrize("credential", ["pay", "none"])
def test_no_saved_question_names_anything_of_another_account(client: TestClient, credential: str) -> None:
    query = """query ($id: ID!) { runSavedQuery(id: $id) {
      parameters interpretation knowledge { missing { scope reason } } rows } }"""
    given = 0
    for id_, one in saved().items():
        if any(parameter.default is None for parameter in one.parameters.values()):
            continue
        response = client.post(
            "/graphql", json={"query": query, "variables": {"id": id_}}, headers=bearer(credential)
        ).json()
        if "errors" in response:
            assert response["errors"][0]["extensions"]["code"] in ("FORBIDDEN", "BAD_USER_INPUT"), (id_, response)
            _names_no_other(response["errors"])
            continue
        found = response["data"]["runSavedQuery"]
        _names_no_other(found)
        given += len(found["rows"])
    assert bool(given) is (credential == "pay")


def test_what_only_counts_is_refused_unless_it_counts_within_accounts(client: TestClient) -> None:
    run = '{{ runSavedQuery(id: "{}") {{ rows }} }}'
    assert refused(client, run.format("escalation-techniques"), "pay")["extensions"]["code"] == "FORBIDDEN"
    rows = asking(client, "pay")(run.format("identity-counts"))["runSavedQuery"]["rows"]
    assert {row["account"] for row in rows} == {estate.PAY}


SESSION = f"arn:aws:sts::{estate.SHARED}:assumed-role/{{}}/x"
WHO = '{ whoCanAssume(target: "%s") { rows { principal } } }'
FROM = '{ path(from: "%s", to: "ProdAdmin") { rows { hops } } }'
TO = '{ path(from: "bob", to: "%s") { rows { hops } } }'
CAN = '{ can(principal: "%s", action: "s3:*", resource: "*") { rows { decision } } }'
ON = '{ can(principal: "bob", action: "s3:*", resource: "%s") { rows { decision } } }'
IN = '{ runSavedQuery(id: "users-without-mfa", parameters: [{name: "accounts", value: "%s"}]) { rows } }'
ATTACHED = '{ runSavedQuery(id: "attached-to", parameters: [{name: "policy", value: "%s"}]) { rows } }'


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        (WHO, estate.DEV_ADMIN, estate.role_arn(estate.PAYDEV, "No")),
        (WHO, "shared-services/Deployer", "shored-services/Deployer"),
        (WHO, "Deployer", "Deplorer"),
        (WHO, "admin in checkout", "admin in chequers"),
        (FROM, "alice", "malice"),
        (TO, estate.OPEN, estate.role_arn(estate.CHECKOUT, "No")),
        (CAN, estate.ALICE, estate.user_arn(estate.SHARED, "nope")),
        (CAN, "alice", "malice"),
        (CAN, SESSION.format("Deployer"), SESSION.format("None")),
        (ON, estate.FUNCTION, estate.FUNCTION + "x"),
        (ON, "orders", "borders"),
        (IN, "checkout", "chequers"),
        (IN, estate.CHECKOUT, "000000000000"),
        (ATTACHED, estate.SCP, estate.SCP + "x"),
    ],
)  # fmt: skip
def test_what_is_hidden_is_not_found_as_what_there_is_not(
    client: TestClient, query: str, there: str, not_there: str
) -> None:
    said = [refused(client, query % name, "pay") for name in (there, not_there)]
    words = [{*name.split(), *name.split("/"), name} for name in (there, not_there)]
    told = [_without(one["message"], names) for one, names in zip(said, words, strict=True)]
    assert told[0] == told[1]
    assert said[0]["extensions"] == said[1]["extensions"] == {"code": "BAD_USER_INPUT"}


def _without(message: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        message = message.replace(word, "")
    return message


def test_an_ambiguous_name_has_no_hidden_candidates(client: TestClient) -> None:
    assert (
        estate.DEV_ADMIN
        in refused(client, '{ can(principal: "Admin", action: "s3:*", resource: "*") { rows { decision } } }')[
            "message"
        ]
    )
    found = asking(client, "pay")('{ can(principal: "Admin", action: "s3:*", resource: "*") { rows { principal } } }')
    assert {row["principal"] for row in found["can"]["rows"]} == {estate.ADMIN}


def test_how_old_others_are_is_not_told(embedded_client: TestClient, embedded_connection: Database) -> None:
    """By asking with one age after the other it would be found out."""

    def code(credential: str) -> str | None:
        body = {"query": "{ roles(maxAge: 631152000) { totalCount } }"}
        document = embedded_client.post("/graphql", json=body, headers=bearer(credential)).json()
        return document["errors"][0]["extensions"]["code"] if "errors" in document else None

    assert code("checkout") is None
    scope = f"aws/{estate.ACME}/eu-west-1/ec2"
    change = "CREATE (s:Scope {id: $id, account_id: $account, completed_at: '1999-12-31T00:00:00Z'})"
    embedded_connection.write(lambda tx: tx.run(change, id=scope, account=estate.ACME).consume())
    after = {name: code(name) for name in ("admin", "checkout", "two")}
    embedded_connection.write(lambda tx: tx.run("MATCH (s:Scope {id: $id}) DETACH DELETE s", id=scope).consume())
    assert after == {"admin": "STALE_DATA", "checkout": None, "two": "STALE_DATA"}
