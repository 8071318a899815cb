"""What tells of all accounts at once, or of who may ask, is answered to nobody over the API, nor offered elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from muniment.cli.prompt.completion import candidates
from muniment.errors import UsageError
from muniment.graph.database import Database
from muniment.graph.outbox import Message, Outbox
from muniment.queries.library import SavedQuery
from muniment.queries.running import run
from muniment.schema import SCHEMA

PRIVATE = sorted(SCHEMA.kinds.keys() - SCHEMA.public.keys())
SDL = Path(__file__).parents[2] / "docs" / "schema.graphql"
SECRET = "told-to-nobody"


def test_they_are_private() -> None:
    assert PRIVATE == ["ApiSecret", "ApiToken", "Webhook", "WebhookBaseline", "WebhookMessage"]


def test_the_api_has_no_type_of_them() -> None:
    lines = SDL.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines for kind in PRIVATE if f"type {kind}" in line or f": {kind}" in line] == []


def test_nobody_is_told_of_them_by_their_ids(embedded_client: TestClient, embedded_connection: Database) -> None:
    """By a caller who may do everything."""
    outbox = Outbox(embedded_connection)
    messages = [Message(f"msg_{SECRET}", "siem", "new-exposure", SECRET)]
    known = outbox.announced("siem", [])
    outbox.announce("siem", known, {"new-exposure": {"ab": 2}}, messages, now=datetime.now(UTC), token=None)
    try:
        for id_ in (f"msg_{SECRET}", "siem", "siem/new-exposure/ab"):
            answered = embedded_client.post("/graphql", json={"query": f'{{ node(id: "{id_}") {{ id __typename }} }}'})
            assert answered.json()["data"] == {"node": None}
        found = embedded_client.get("/queries/status?format=csv").text
        found += embedded_client.get("/queries/changes?format=csv").text
        assert SECRET not in found
    finally:
        outbox.forget("siem")


@pytest.mark.parametrize(
    "returned",
    ["n", "[n]", "{a: [n]}", "p"],
)
def test_a_question_of_ones_own_that_returns_them_whole_is_refused(
    embedded_connection: Database, returned: str
) -> None:
    outbox = Outbox(embedded_connection)
    known = outbox.announced("siem", [])
    messages = [Message(f"msg_{SECRET}", "siem", "new-exposure", SECRET)]
    outbox.announce("siem", known, {"new-exposure": {"ab": 2}}, messages, now=datetime.now(UTC), token=None)
    head = '/*\nquestion = "All?"\ndocumentation = "x"\n[columns]\nwhole = "x"\n*/\n'
    query = SavedQuery.parse("all", f"{head}MATCH p = (n:Record) WHERE NOT n:Scope RETURN {returned} AS whole")
    try:
        with pytest.raises(UsageError, match="told to nobody"):
            run(embedded_connection, query, {}, now=datetime.now(UTC))
    finally:
        outbox.forget("siem")


def test_other_nodes_may_be_returned_whole(embedded_connection: Database) -> None:
    head = '/*\nquestion = "All?"\ndocumentation = "x"\n[columns]\nwhole = "x"\n*/\n'
    query = SavedQuery.parse("all", f"{head}MATCH (n:Account) RETURN n AS whole")
    found = run(embedded_connection, query, {}, now=datetime.now(UTC)).rows
    assert all(row["whole"]["id"] for row in found)


def test_the_shell_does_not_offer_them() -> None:
    for text in ("MATCH (n:", ":schema "):
        offered = {one for one, _ in candidates(text, {}, {}, (":schema",))}
        assert "Role" in offered
        assert not offered & set(PRIVATE)
