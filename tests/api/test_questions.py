"""Questions as fields: the same answers as the command line's, with how complete they are."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from muniment.graph.database import connect
from muniment.queries.library import saved
from muniment.run.answering import answer
from muniment.settings import Settings

from ..queries import estate
from .conftest import Ask, refused


def test_who_can_assume_says_what_the_command_says(ask_embedded: Ask, embedded_settings: Settings) -> None:
    query = """{ whoCanAssume(target: "payments-prod/ProdAdmin") {
      question interpretation knowledge { complete asOf missing { scope reason } }
      rows { principal target decision path hops conditions because } } }"""
    found = ask_embedded(query)["whoCanAssume"]
    with connect(embedded_settings) as database:
        given = {"target": "payments-prod/ProdAdmin"}
        envelope = orjson.loads(orjson.dumps(answer(database, embedded_settings, "who-can-assume", given).envelope()))
    assert found["rows"] == [{name: row[name] for name in found["rows"][0]} for row in envelope["rows"]] != []
    assert found["interpretation"] == envelope["interpretation"]
    assert found["knowledge"]["complete"] is envelope["complete"]
    assert found["knowledge"]["missing"] == envelope["missing"]
    assert found["knowledge"]["asOf"] == envelope["as_of"]


def test_can_takes_condition_keys(ask_embedded: Ask) -> None:
    query = """query ($context: [ContextKey!]) {
      can(principal: "bob", action: "iam:CreateUser", resource: "*", context: $context) { rows { decision } } }"""
    context = [{"key": "aws:MultiFactorAuthPresent", "values": ["true"]}]
    assert ask_embedded(query, context=context)["can"]["rows"][0]["decision"] in (
        "allow",
        "deny",
        "conditional",
        "unknown",
    )


def test_a_sentence_is_answered(ask_embedded: Ask) -> None:
    found = ask_embedded('{ ask(sentence: "who can assume prod admin") { question columns rows interpretation } }')[
        "ask"
    ]
    assert found["question"] == "who-can-assume"
    assert estate.PROD_ADMIN in {row["target"] for row in found["rows"]}


def test_a_sentence_that_is_not_answered_comes_with_what_is_nearest(embedded_client: TestClient) -> None:
    def told_of(sentence: str) -> dict[str, Any]:
        body = {"query": "query ($s: String!) { ask(sentence: $s) { question } }", "variables": {"s": sentence}}
        return embedded_client.post("/graphql", json=body).json()["errors"][0]["extensions"]

    told = told_of("policies of Deployer")
    assert told["code"] == "BAD_USER_INPUT"
    assert told["understood"]["question"] == "policies-of"
    assert "arn:aws:iam::555555555555:role/Deployer" in told["candidates"]
    assert "ProdAdmin" in told_of("who can assume ProdAdmni")["names"]
    assert "who-can-assume" in {one["id"] for one in told_of("who cannot assume prod admin")["questions"]}


def test_a_sentence_is_answered_with_how_it_was_read(ask_embedded: Ask) -> None:
    found = ask_embedded('{ ask(sentence: "users with two keys") { interpretation } }')["ask"]
    assert found["interpretation"] == "Which users have two active access keys?"


def test_saved_queries_are_listed_and_run(ask_embedded: Ask) -> None:
    listed = ask_embedded("{ savedQueries { id question parameters { name type default } columns { name } restsOn } }")
    assert {one["id"] for one in listed["savedQueries"]} == set(saved())
    run = 'query ($given: [Given!]) { runSavedQuery(id: "accounts", parameters: $given) { columns rows } }'
    found = ask_embedded(run, given=[])["runSavedQuery"]
    assert found["columns"] == [column.name for column in saved()["accounts"].columns]
    assert len(found["rows"]) > 3


@pytest.mark.parametrize("asked", ['whoCanAssume(target: "prod admin")', 'runSavedQuery(id: "accounts")'])
def test_the_first_rows_are_given_and_all_are_counted(ask_embedded: Ask, asked: str) -> None:
    columns = "" if "runSavedQuery" in asked else "{ principal target hops }"
    (found,) = ask_embedded(
        f"{{ {asked} {{ rowCount rows {columns} two: rows(first: 2) {columns} none: rows(first: 0) {columns} }} }}"
    ).values()
    assert found["rowCount"] == len(found["rows"]) > 2
    assert found["two"] == found["rows"][:2]
    assert found["none"] == []


@pytest.mark.parametrize(
    "query",
    [
        '{ runSavedQuery(id: "accounts") { rows(first: -1) } }',
        '{ whoCanAssume(target: "prod admin") { rows(first: -2) { principal } } }',
        '{ whoCanAssume(target: "nothing of that name") { rows { principal } } }',
        '{ whoCanAssume(target: "Deployer; MATCH (n) DETACH DELETE n") { rows { principal } } }',
        '{ runSavedQuery(id: "no-such-question") { rows } }',
        '{ runSavedQuery(id: "../../etc/passwd") { rows } }',
        '{ runSavedQuery(id: "who-can-assume") { rows } }',
        '{ runSavedQuery(id: "accounts", parameters: [{name: "nope", value: "1"}]) { rows } }',
        "{ roles(first: -1) { totalCount } }",
        "{ roles(first: 501) { totalCount } }",
        '{ roles(after: "not a cursor") { edges { node { id } } } }',
        '{ roles(after: "WyJhIiwiYiIsImMiXQ") { edges { node { id } } } }',
        '{ roles(after: "WzFd") { edges { node { id } } } }',
        "{ nothing }",
        "{ roles",
        "mutation { deleteEverything }",
    ],
)
def test_what_callers_get_wrong_is_theirs(embedded_client: TestClient, query: str) -> None:
    error = refused(embedded_client, query)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Traceback" not in str(error)
