"""Lists and nodes that are made as a whole are as the executor makes them field by field, its errors too."""

from __future__ import annotations

from typing import Any

import graphql
import pytest
from fastapi.testclient import TestClient
from muniment.api.graphql import execution

from ..queries import estate

QUERIES = {
    "plain fields, aliases and kinds": "{ roles { edges { cursor kind: __typename node { __typename id n: name } } } }",
    "of an abstract kind": """{ assets(first: 200) { edges { node { id __typename ... on Role { name trustPolicy }
        ... on User { name uniqueId } ... on Account { name } ... on Principal { accountId } } } } }""",
    "fragments within each other": """{ principals { edges { ...e } } } fragment e on PrincipalEdge { node { ...n id } }
        fragment n on Principal { id ... on Role { name ...r } } fragment r on Role { arn: id serviceLinked }""",
    "what is left out": """query ($no: Boolean = false, $yes: Boolean = true) { users { edges { cursor @skip(if: $yes)
        node { id name @include(if: $no) ... @include(if: $yes) { accountId } } } } }""",
    "with relationships": """{ roles(first: 5) { edges { node { id canAssumeFrom(first: 2) { totalCount
        edges { decision because conditions node { __typename id } } } } } } }""",
    "some of which have relationships": """{ assets { edges { node { id ... on Role { canAssumeFrom(first: 1) {
        edges { node { id } } } } } } } }""",
    "one node": f"""{{ node(id: "{estate.ADMIN}") {{ ... on Role {{
        canAssumeFrom {{ edges {{ decision because node {{ id }} }} }} }} }} }}""",
    "one node, with what it leads to": f"""{{ node(id: "{estate.ADMIN}") {{ __typename id ... on Principal {{
        name accountId }} ... on Role {{ trustPolicy who: canAssumeFrom(first: 2) {{
        pageInfo {{ hasNextPage endCursor }}
        edges {{ cursor decision because conditions node {{ __typename id ... on User {{ name }} }} }} }} }} }} }}""",
    "one node, with two of them": f"""{{ node(id: "{estate.ADMIN}") {{ ... on Role {{
        some: canAssumeFrom(first: 1) {{ edges {{ node {{ id }} }} }}
        more: canAssumeFrom(first: 3) {{ edges {{ node {{ id }} }} pageInfo {{ hasNextPage }} }} }} }} }}""",
    "one node, counted too": f"""{{ node(id: "{estate.ADMIN}") {{ ... on Role {{
        canAssumeFrom(first: 1) {{ totalCount edges {{ node {{ id }} }} }} }} }} }}""",
    "one node, asked for twice in one place": f"""{{ node(id: "{estate.ADMIN}") {{ ... on Role {{
        canAssumeFrom {{ edges {{ node {{ id }} }} }} canAssumeFrom {{ edges {{ decision }} }} }} }} }}""",
    "no node": '{ node(id: "none") { id ... on Role { canAssumeFrom { edges { node { id } } } } } }',
    "none there": '{ roles(filter: {name: {eq: "none"}}) { edges { node { id } } } }',
    "answers": "{ status { rows { scope status age counts refusedCalls } knowledge { missing { scope reason } } } }",
    "rows of JSON": '{ runSavedQuery(id: "accounts") { columns rows knowledge { complete } } }',
    "lists in lists": "{ savedQueries { id parameters { name type default } columns { name } references severity } }",
}


class FieldByField(graphql.Executor[Any]):
    """The executor as it is."""

    def __init__(self, *arguments: Any, kept: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)


def _asked(client: TestClient, query: str, **variables: Any) -> Any:
    return client.post("/graphql", json={"query": query, "variables": variables}).json()


@pytest.mark.parametrize("what", QUERIES)
def test_answers_are_those_of_the_executor(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    whole = _asked(embedded_client, QUERIES[what])
    assert "errors" not in whole, whole
    assert _asked(embedded_client, QUERIES[what]) == whole  # by what was worked out of the document before
    monkeypatch.setattr(execution, "Whole", FieldByField)
    assert _asked(embedded_client, QUERIES[what]) == whole


def test_what_is_worked_out_of_a_document_holds_for_all_variables(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = """query ($id: ID!, $first: Int, $after: String, $named: Boolean = false) { node(id: $id) { id ... on Role {
        name @include(if: $named) canAssumeFrom(first: $first, after: $after) { edges { cursor node { id } } } } } }"""
    plain = query.replace("@include(if: $named)", "").replace(", $named: Boolean = false", "")
    place = _asked(embedded_client, plain, id=estate.ADMIN)["data"]["node"]["canAssumeFrom"]["edges"][0]["cursor"]
    asked: list[tuple[str, dict[str, Any]]] = [
        (plain, {"id": estate.ADMIN, "first": 1}),
        (plain, {"id": estate.ADMIN, "first": 2}),
        (plain, {"id": estate.ADMIN, "first": 2, "after": place}),
        (plain, {"id": estate.ADMIN, "first": -1}),
        (plain, {"id": estate.ALICE}),
        (plain, {"id": "none"}),
        (query, {"id": estate.ADMIN, "named": True, "first": 0}),
        (query, {"id": estate.ADMIN}),
    ]
    whole = [_asked(embedded_client, query, **variables) for query, variables in asked]
    assert len({str(answer) for answer in whole}) == len(whole)
    monkeypatch.setattr(execution, "Whole", FieldByField)
    assert [_asked(embedded_client, query, **variables) for query, variables in asked] == whole


def test_a_node_that_is_made_as_a_whole_asks_the_executor_for_nothing(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(graphql.Executor, "complete_object_value", refused)
    assert "errors" not in _asked(embedded_client, QUERIES["one node, with what it leads to"])


def test_errors_are_those_of_the_executor(embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is missing that must be there: the error says where."""
    monkeypatch.setattr("muniment.api.graphql.lists.cursor", lambda _: None)
    query = "{ roles(first: 3) { edges { cursor node { id } } } }"
    whole = _asked(embedded_client, query)
    monkeypatch.setattr(execution, "Whole", FieldByField)
    alone = _asked(embedded_client, query)
    for document in (whole, alone):
        assert len(document["errors"]) == 1
        document["errors"][0].pop("message")  # it names a line of the log
    assert whole == alone
    assert whole["errors"][0]["path"] == ["roles", "edges", 0, "cursor"]
