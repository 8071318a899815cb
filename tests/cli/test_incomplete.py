"""What is not known is said, and programs are told by exit code 3."""

from __future__ import annotations

import json

import pytest
from muniment.graph.database import Database
from muniment.schema import Refusal, Status

from ..queries import estate
from .conftest import Muniment

DENIED = estate.unread(
    f"aws/{estate.PAYDEV}/global/iam",
    Status.DENIED,
    Refusal("iam:GetAccountAuthorizationDetails", "AccessDenied", "not authorized"),
)


@pytest.fixture
def partly_read(embedded_database: Database) -> None:
    read = [DENIED if listing.scope == DENIED.scope else listing for listing in estate.listings()]
    known = {node.id for listing in read for node in listing.nodes}
    concluded = {
        scope: [edge for edge in edges if {edge.start, edge.end} <= known]
        for scope, edges in estate.conclusions().items()
    }
    estate.fill(embedded_database, read, concluded)


@pytest.mark.usefixtures("partly_read")
def test_an_answer_names_the_scope_that_was_refused(muniment: Muniment) -> None:
    ran = muniment("ask", "who can assume prod admin", "-f", "json")
    envelope = json.loads(ran.out)
    assert ran.code == 3
    assert envelope["complete"] is False
    assert envelope["missing"] == [
        {
            "scope": f"aws/{estate.PAYDEV}/global/iam",
            "reason": "AccessDenied: iam:GetAccountAuthorizationDetails (not authorized)",
        }
    ]


@pytest.mark.usefixtures("partly_read")
def test_every_format_says_so(muniment: Muniment) -> None:
    table, markdown, text = (muniment("who-can-assume", "prod admin", "-f", f) for f in ("table", "md", "csv"))
    assert (table.code, markdown.code, text.code) == (3, 3, 3)
    assert "Incomplete, the truth may be more than this" in table.out
    assert "iam:GetAccountAuthorizationDetails" in table.out
    assert "**Incomplete.**" in markdown.out
    assert "iam:GetAccountAuthorizationDetails" in text.err


@pytest.mark.usefixtures("partly_read")
def test_what_is_not_found_may_not_have_been_read(muniment: Muniment) -> None:
    ran = muniment("who-can-assume", "payments-nonprod/Admin")
    assert ran.code == 1
    assert f"aws/{estate.PAYDEV}/global/iam" in ran.err


@pytest.mark.usefixtures("partly_read")
def test_status_shows_it(muniment: Muniment) -> None:
    ran = muniment("status")
    assert ran.code == 3
    assert "denied" in ran.out


@pytest.mark.usefixtures("embedded_database")
def test_an_empty_register_says_what_to_do(muniment: Muniment) -> None:
    for arguments in (("ask", "who can assume prod admin"), ("who-can-assume", "prod admin"), ("path", "a", "b")):
        ran = muniment(*arguments)
        assert ran.code == 1
        assert "muniment demo" in ran.err
    for arguments in (("status",), ("queries", "run", "accounts")):
        ran = muniment(*arguments)
        assert ran.code == 3
        assert "muniment demo" in ran.out


@pytest.mark.usefixtures("partly_read")
def test_the_status_begins_with_what_is_not_complete(muniment: Muniment) -> None:
    rows = json.loads(muniment("status", "-f", "json").out)["rows"]
    assert rows[0]["scope"] == f"aws/{estate.PAYDEV}/global/iam"
    complete = [row["status"] == "complete" for row in rows]
    assert complete == sorted(complete)
