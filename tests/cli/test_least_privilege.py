"""``muniment least-privilege``: what a person and a program get from it."""

from __future__ import annotations

import json

import pytest

from ..queries.estate import PROD_ADMIN
from .conftest import Muniment

pytestmark = pytest.mark.usefixtures("filled")


def test_a_table_folds_services_that_are_alike(muniment: Muniment) -> None:
    ran = muniment("least-privilege", "ProdAdmin", "--days", "365")
    assert ran.code == 0
    assert "unused actions" in ran.out
    assert "s3:DeleteBucket" in ran.out
    assert "services" in ran.out


def test_json_has_a_row_for_each_service(muniment: Muniment) -> None:
    envelope = json.loads(muniment("least-privilege", "ProdAdmin", "-f", "json").out)
    assert envelope["question"] == "least-privilege"
    assert {row["principal"] for row in envelope["rows"]} == {PROD_ADMIN}
    assert {"lambda", "ec2", "s3"} <= {row["subject"] for row in envelope["rows"]}


def test_a_proposal_is_a_policy_as_it_is_put_into_iam(muniment: Muniment) -> None:
    envelope = json.loads(muniment("least-privilege", "ProdAdmin", "--propose", "-f", "json").out)
    assert envelope["question"] == "narrower-policy"
    assert {row["policy"]["Version"] for row in envelope["rows"]} == {"2012-10-17"}


@pytest.mark.parametrize("format_", ["table", "md", "csv"])
@pytest.mark.parametrize("propose", [[], ["--propose"]])
def test_every_format_prints_it(muniment: Muniment, format_: str, propose: list[str]) -> None:
    ran = muniment("least-privilege", "ProdAdmin", *propose, "-f", format_, "--explain")
    assert ran.code == 0
    assert "s3" in ran.out


def test_what_was_not_read_is_said_with_how_to_read_it(muniment: Muniment) -> None:
    ran = muniment("least-privilege", "payments-prod/Admin")
    assert ran.code == 3
    assert "--also last-accessed" in " ".join(ran.out.split())


def test_it_is_asked_in_words(muniment: Muniment) -> None:
    asked = json.loads(muniment("ask", "which permissions does ProdAdmin not use", "-f", "json").out)
    assert asked["question"] == "least-privilege"
    proposed = json.loads(muniment("ask", "propose a narrower policy for ProdAdmin", "-f", "json").out)
    assert proposed["question"] == "narrower-policy"
