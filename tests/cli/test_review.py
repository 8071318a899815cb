"""``muniment review access``: what a reviewer gets to sign."""

from __future__ import annotations

import csv
import io
import json

import pytest

from ..queries.estate import ADMIN, PAY
from .conftest import Muniment

pytestmark = pytest.mark.usefixtures("filled")


def test_csv_has_columns_to_fill_in(muniment: Muniment) -> None:
    ran = muniment("review", "access", "--account", "payments-prod", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert ran.code == 3, "what only users have was not read"
    assert {row["account"] for row in rows} == {PAY}
    assert {(row["reviewer"], row["verdict"], row["signed"]) for row in rows} == {("", "", "")}


def test_markdown_has_columns_to_fill_in_and_a_table_has_not(muniment: Muniment) -> None:
    assert "| reviewer | verdict | signed |" in muniment("review", "access", "-f", "md").out
    assert "reviewer" not in muniment("review", "access").out


def test_json_is_the_envelope(muniment: Muniment) -> None:
    ran = muniment("review", "access", "--role", "payments-prod/Admin", "-f", "json")
    envelope = json.loads(ran.out)
    assert envelope["question"] == "review-access"
    assert [one["scope"] for one in envelope["missing"]] == ["aws/*/*/user-credentials"]
    assert {row["role"] for row in envelope["rows"]} == {ADMIN}


def test_it_can_be_asked_and_run(muniment: Muniment) -> None:
    told = json.loads(muniment("review", "access", "--account", "checkout", "-f", "json").out)
    asked = json.loads(muniment("ask", "show me the access review of checkout", "-f", "json").out)
    run = json.loads(muniment("queries", "run", "review-access", "-p", "accounts=checkout", "-f", "json").out)
    assert told["rows"] == asked["rows"] == run["rows"]


def test_an_owner_that_is_not_there_is_an_error(muniment: Muniment) -> None:
    ran = muniment("review", "access", "--owner", "nobody-in-particular")
    assert (ran.code, ran.out) == (1, "")
    assert "Owners there: unknown." in ran.err
