"""The command that lists escalations, and what people see of paths over them."""

from __future__ import annotations

import json

import pytest

from ..queries.estate import CHECKOUT, CHECKOUT_DEPLOYER, FUNCTION, OPEN
from .conftest import Muniment

pytestmark = pytest.mark.usefixtures("filled")


def test_escalations_to_administration(muniment: Muniment) -> None:
    ran = muniment("escalations", "--to", "admin", "--format", "json")
    envelope = json.loads(ran.out)
    assert (ran.code, envelope["question"]) == (0, "escalations")
    assert envelope["columns"][:5] == ["principal", "target", "technique", "decision", "because"]
    found = {(row["principal"], row["target"], row["technique"]) for row in envelope["rows"]}
    assert {(CHECKOUT_DEPLOYER, CHECKOUT, "iam-009"), (CHECKOUT_DEPLOYER, OPEN, "lambda-003")} <= found


def test_the_table_shows_what_the_way_goes_over(muniment: Muniment) -> None:
    ran = muniment("escalations", "--from", "checkout/Deployer")
    assert "lambda-003" in ran.out
    assert "checkout/Deployer" in ran.out
    assert FUNCTION.rpartition(":")[2] in ran.out


def test_it_explains_itself(muniment: Muniment) -> None:
    ran = muniment("escalations", "--from", "checkout/Deployer", "--explain")
    assert "checkout/Deployer can attach any policy to itself, and so administer checkout (iam-009)." in ran.out


def test_asked_in_words(muniment: Muniment) -> None:
    asked = muniment("ask", "how can checkout/Deployer escalate", "--format", "json")
    told = muniment("escalations", "--from", "checkout/Deployer", "--format", "json")
    assert json.loads(asked.out)["rows"] == json.loads(told.out)["rows"]


def test_who_can_become_admin(muniment: Muniment) -> None:
    ran = muniment("ask", "who can become admin in checkout", "--format", "json")
    rows = json.loads(ran.out)["rows"]
    assert {(CHECKOUT_DEPLOYER, CHECKOUT), (CHECKOUT_DEPLOYER, OPEN)} <= {(r["principal"], r["target"]) for r in rows}
    assert "checkout" in muniment("ask", "who can become admin in checkout").out


def test_a_path_names_the_technique(muniment: Muniment) -> None:
    ran = muniment("path", "checkout/Deployer", "admin in checkout")
    assert "iam-009" in ran.out


@pytest.mark.parametrize("output", ["table", "json", "csv", "md"])
def test_every_format(muniment: Muniment, output: str) -> None:
    ran = muniment("escalations", "--format", output)
    assert ran.code == 0
    assert "iam-009" in ran.out


def test_names_that_fit_nothing(muniment: Muniment) -> None:
    assert muniment("escalations", "--from", "nobody-at-all").code == 1
    assert muniment("escalations", "--to", "admin in the moon").code == 1
