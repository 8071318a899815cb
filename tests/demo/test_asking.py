"""Sentences of the demo's organization, answered by its graph: what is named is found there, or nothing is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.cli.main import run


def asked(sentence: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = run(["ask", sentence, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("sentence", "question", "named"),
    [
        ("who can access halden-lake-samples", "access-to", "arn:aws:s3:::halden-lake-samples"),
        ("who can use payments-breakfix", "who-can-assume", "payments-prod/payments-breakfix"),
        ("who can read the lake samples bucket", "access-to", "arn:aws:s3:::halden-lake-samples"),
        ("what can be done with the warehouse table", "access-to", ":table/warehouse-stock"),
        ("policies of backup-operator in payments-prod", "policies-of", ":role/backup-operator"),
        ("stale roles in the staging accounts", "unused-roles", "payments-staging"),
        ("roles in prd", "roles", "payments-prod"),
        ("policies of priya raman", "policies-of", "arn:aws:identitystore:::user/"),
    ],
)
def test_the_graph_decides_what_is_named_and_the_interpretation_shows_it(
    register: None, capsys: pytest.CaptureFixture[str], sentence: str, question: str, named: str
):
    code, answer = asked(sentence, capsys)

    assert (code, answer["question"]) == (0, question)
    assert named in answer["interpretation"] + json.dumps(answer["parameters"])


@pytest.mark.parametrize(
    ("sentence", "code", "offered", "near"),
    [
        ("who can assume kubernetes-admin", 1, "names", ()),
        ("who is in aws-paymnts", 1, "names", ("aws-payments",)),
        ("roles in paymnets-prod", 1, "names", ("payments-prod",)),
        ("who has access to halden-lake-sampels", 1, "names", ("halden-lake-samples",)),
        ("what can be done with the warehouse bucket", 1, "names", ("warehouse-stock",)),
        ("what runs as nightly-cleanup", 1, "names", ()),
        ("policies of backup-operator", 2, "candidates", ("arn:aws:iam::057443287234:role/backup-operator",)),
        (
            "how does ci-jenkins get to platform-admin",
            2,
            "candidates",
            ("arn:aws:iam::057443287234:role/platform-admin",),
        ),
        (
            "who has access to the payments bucket",
            2,
            "candidates",
            ("arn:aws:s3:::halden-payments-ledger-production", "arn:aws:s3:::halden-payments-settlement-production"),
        ),
        ("who can use payments-ledger-events in payments-prod", 2, "questions", ()),
        ("who cannot read halden-lake-samples", 2, "questions", ()),
    ],
)
def test_what_nothing_or_several_things_are_called_is_refused_with_what_is_near(
    register: None,
    capsys: pytest.CaptureFixture[str],
    sentence: str,
    code: int,
    offered: str,
    near: tuple[str, ...],
):
    ended, told = asked(sentence, capsys)

    assert ended == code
    assert "rows" not in told
    assert set(near) <= set(map(str, told["error"][offered]))
    assert told["error"]["questions"]


def test_a_person_has_the_access_of_the_roles_that_it_is_assigned(register: None, capsys: pytest.CaptureFixture[str]):
    code = run(["ask", "which data resources has Priya Raman access to", "--format", "json"])

    rows = json.loads(capsys.readouterr().out)["rows"]
    assert code == 0
    own = [row for row in rows if ":role/aws-reserved/sso.amazonaws.com/" in row["principal"]]
    assert {"halden/base-images"} <= {row["resource"].partition(":repository/")[2] for row in own}
    # What it has beyond that, everyone has: everyone in the world, or in the account that it enters.
    assert {row["principal"] for row in rows if row not in own} <= {"*", *(row["principal"][13:25] for row in own)}


def test_an_account_has_the_access_of_everyone_in_it(register: None, capsys: pytest.CaptureFixture[str]):
    def holders(who: str) -> set[str]:
        assert run(["queries", "run", "access-of", "--param", f"principal={who}", "--format", "json"]) == 0
        return {row["principal"] for row in json.loads(capsys.readouterr().out)["rows"]}

    assert holders("data-platform-prod/glue-etl") < holders("data-platform-prod")
