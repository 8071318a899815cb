"""Lists that are made as a whole are as the executor makes them field by field, its errors too."""

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
    "none there": '{ roles(filter: {name: {eq: "none"}}) { edges { node { id } } } }',
    "answers": "{ status { rows { scope status age counts refusedCalls } knowledge { missing { scope reason } } } }",
    "rows of JSON": '{ runSavedQuery(id: "accounts") { columns rows knowledge { complete } } }',
    "lists in lists": "{ savedQueries { id parameters { name type default } columns { name } references severity } }",
}


def _asked(client: TestClient, query: str) -> Any:
    return client.post("/graphql", json={"query": query}).json()


@pytest.mark.parametrize("what", QUERIES)
def test_answers_are_those_of_the_executor(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    whole = _asked(embedded_client, QUERIES[what])
    assert "errors" not in whole, whole
    monkeypatch.setattr(execution, "WholeLists", graphql.Executor)
    assert _asked(embedded_client, QUERIES[what]) == whole


def test_errors_are_those_of_the_executor(embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is missing that must be there: the error says where."""
    monkeypatch.setattr("muniment.api.graphql.lists.cursor", lambda _: None)
    query = "{ roles(first: 3) { edges { cursor node { id } } } }"
    whole = _asked(embedded_client, query)
    monkeypatch.setattr(execution, "WholeLists", graphql.Executor)
    alone = _asked(embedded_client, query)
    for document in (whole, alone):
        assert len(document["errors"]) == 1
        document["errors"][0].pop("message")  # it names a line of the log
    assert whole == alone
    assert whole["errors"][0]["path"] == ["roles", "edges", 0, "cursor"]
