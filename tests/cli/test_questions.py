"""The commands that answer: what a person and a program get from them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from muniment.graph.database import Database

from ..queries.estate import ADMIN, ALICE, DANA, OPEN, PLATFORM, PROD_ADMIN, SSO
from .conftest import Muniment

pytestmark = pytest.mark.usefixtures("filled")


def test_ask_in_words(muniment: Muniment) -> None:
    ran = muniment("ask", "who can assume prod admin")
    assert ran.code == 0
    assert "prod admin = 4 roles and 1 other administrator in 3 accounts" in ran.out
    assert "shared-services/alice" in ran.out
    assert "arn:aws" not in ran.out
    assert "\x1b" not in ran.out
    assert ran.err == ""


def test_ask_needs_no_quotes(muniment: Muniment) -> None:
    assert muniment("ask", "who", "can", "assume", "prod", "admin").code == 0


def test_json_is_the_envelope(muniment: Muniment) -> None:
    ran = muniment("ask", "who can assume prod admin", "--format", "json")
    envelope = json.loads(ran.out)
    assert list(envelope) == [
        "question",
        "parameters",
        "interpretation",
        "columns",
        "rows",
        "complete",
        "missing",
        "as_of",
    ]
    assert envelope["question"] == "who-can-assume"
    assert envelope["complete"] is True
    assert envelope["missing"] == []
    assert envelope["as_of"] == "2026-01-31T09:00:00Z"
    assert envelope["columns"][:7] == ["principal", "target", "decision", "path", "hops", "conditions", "because"]
    assert {tuple(row) for row in envelope["rows"]} == {tuple(envelope["columns"])}


def test_ask_and_the_command_give_the_same(muniment: Muniment) -> None:
    asked = muniment("ask", "who can assume prod admin", "--format", "json")
    told = muniment("who-can-assume", "prod admin", "--format", "json")
    assert json.loads(asked.out)["rows"] == json.loads(told.out)["rows"]


def test_csv_has_full_ids_and_whole_lists(muniment: Muniment) -> None:
    rows = list(csv.DictReader(io.StringIO(muniment("who-can-assume", PROD_ADMIN, "-f", "csv").out)))
    alice = next(row for row in rows if row["principal"] == ALICE)
    assert json.loads(alice["path"]) == [ALICE, ADMIN, PROD_ADMIN]
    assert alice["hops"] == "2"


def test_markdown_is_a_table(muniment: Muniment) -> None:
    ran = muniment("who-can-assume", "payments-prod/Admin", "-f", "md")
    assert "| principal | kind | decision | how |" in ran.out
    assert "| shared-services/alice | user | allow | directly |" in ran.out


def test_explained_in_sentences(muniment: Muniment) -> None:
    ran = muniment("ask", "how can alice get to ProdAdmin", "--explain")
    assert "shared-services/alice can become payments-prod/ProdAdmin in 2 steps." in ran.out
    assert "1. shared-services/alice can assume payments-prod/Admin." in ran.out
    assert "because payments-prod/ProdAdmin#trust/1: allows payments-prod/Admin" in ran.out


def test_explained_in_json(muniment: Muniment) -> None:
    envelope = json.loads(muniment("path", "alice", "ProdAdmin", "--explain", "-f", "json").out)
    assert envelope["explanation"][0] == "shared-services/alice can become payments-prod/ProdAdmin in 2 steps."


def test_a_yes_or_no_question_says_yes_or_no(muniment: Muniment) -> None:
    assert "\nYes: shared-services/alice can become ProdAdmin." in muniment("ask", "can alice assume ProdAdmin").out
    ran = muniment("ask", "can bob assume ProdAdmin")
    assert ran.code == 0
    assert "\nNo: payments-prod/bob cannot become ProdAdmin, as far as is known." in ran.out


def test_an_ambiguous_name_is_refused_with_its_candidates(muniment: Muniment) -> None:
    ran = muniment("who-can-assume", "Deployer")
    assert (ran.code, ran.out) == (2, "")
    assert "arn:aws:iam::444444444444:role/Deployer" in ran.err
    assert "arn:aws:iam::555555555555:role/Deployer" in ran.err


def test_a_name_that_fits_nothing_offers_the_nearest(muniment: Muniment) -> None:
    ran = muniment("who-can-assume", "ProdAdmni")
    assert ran.code == 1
    assert "Did you mean ProdAdmin" in ran.err


def test_an_unclear_sentence_offers_questions(muniment: Muniment) -> None:
    ran = muniment("ask", "who cannot assume prod admin")
    assert ran.code == 2
    assert "Who can assume <target>?" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("who-can-assume",),
        ("who-can-assume", "x", "--format", "xml"),
        ("nothing",),
        ("can", "alice", "s3:GetObject", "*", "--context", "novalue"),
        ("queries", "run", "old-access-keys", "--param", "days"),
        ("queries", "run", "old-access-keys", "--param", "day=3"),
        ("queries", "run", "old-access-keys", "--param", "days=soon"),
        ("queries", "run", "old-access-keys", "--param", "days=-1"),
        ("queries", "run", "old-access-keys", "--param", "days=99999999999"),
        ("queries", "run", "trusted-by"),
        ("who-can-assume", "prod admin", "--only", "unicorns"),
    ],
)
def test_bad_usage(muniment: Muniment, arguments: tuple[str, ...]) -> None:
    ran = muniment(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_queries_are_listed_shown_and_run(muniment: Muniment) -> None:
    assert "old-access-keys" in muniment("queries", "list").out
    shown = muniment("queries", "show", "old-access-keys").out
    assert "MATCH (k:AccessKey)" in shown
    assert "Default: 90." in shown
    ran = muniment("queries", "run", "old-access-keys", "-p", "days=30", "-p", "accounts=prod", "-f", "json")
    envelope = json.loads(ran.out)
    assert [row["holder"] for row in envelope["rows"]] == ["arn:aws:iam::222222222222:user/bob"]
    assert "prod = 3 accounts" in envelope["interpretation"]
    assert muniment("queries", "show", "nothing").code == 1


def test_status(muniment: Muniment) -> None:
    envelope = json.loads(muniment("status", "-f", "json").out)
    assert envelope["columns"] == ["scope", "status", "age", "counts", "refused_calls"]
    assert all(row["status"] == "complete" and row["age"] > 0 for row in envelope["rows"])
    shown = muniment("status").out
    assert "aws/222222222222 (payments-prod)" in shown
    assert "aws/222222222222/global/iam" not in shown, "what is complete is told account by account"


def test_can(muniment: Muniment) -> None:
    ran = muniment("can", "payments-prod/bob", "s3:GetObject", "s3://payroll/june.csv", "-f", "json")
    (row,) = json.loads(ran.out)["rows"]
    assert list(row) == ["principal", "action", "resource", "decision", "conditions", "because"]
    assert row["resource"] == "arn:aws:s3:::payroll/june.csv"
    assert row["decision"] in ("allow", "deny", "conditional", "unknown")


def test_can_does_not_decide_for_who_makes_no_requests(muniment: Muniment) -> None:
    ran = muniment("can", "payments-prod", "s3:GetObject", "*")
    assert ran.code == 2
    assert "is an account" in ran.err


@pytest.mark.parametrize("who", ["ec2.amazonaws.com", "anyone", "*"])
def test_can_decides_for_whom_only_resources_let(muniment: Muniment, who: str) -> None:
    ran = muniment("can", who, "iam:CreateUser", "*", "-f", "json")
    (row,) = json.loads(ran.out)["rows"]
    assert (row["principal"], row["decision"]) == ("*" if who == "anyone" else who, "deny")


@pytest.mark.parametrize("who", ["dana", "Platform"])
def test_people_and_groups_act_as_the_roles_that_they_are_assigned(muniment: Muniment, who: str) -> None:
    ran = muniment("can", who, "s3:GetObject", "*", "-f", "json")
    (row,) = json.loads(ran.out)["rows"]
    assert row["principal"] in (DANA, PLATFORM)
    assert row["because"][0] == f"as {SSO}"
    as_role = json.loads(muniment("can", SSO, "s3:GetObject", "*", "-f", "json").out)["rows"][0]
    assert row["decision"] == as_role["decision"]
    assert "as data-lake/AdministratorAccess" in muniment("can", who, "s3:GetObject", "*").out


def test_which_roles_someone_can_become(muniment: Muniment) -> None:
    asked = muniment("ask", "which roles can alice assume in payments-prod")
    assert asked.code == 0
    assert "payments-prod/Admin" in asked.out
    assert "via payments-prod/Admin" in asked.out
    assert "checkout" not in asked.out
    told = muniment("queries", "run", "reachable-roles", "-p", "principal=alice", "-f", "json")
    assert {row["target"] for row in json.loads(told.out)["rows"]} == {ADMIN, PROD_ADMIN}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("who can assume prod amdin", "who can assume prod admin"),
        ("who can become prodution admin", "who can become production admin"),
    ],
)
def test_a_slip_is_offered_mended_and_not_answered(muniment: Muniment, said: str, meant: str) -> None:
    ran = muniment("ask", said)
    assert (ran.code, ran.out) == (2, "")
    assert f'Did you mean "{meant}"?' in ran.err


@pytest.mark.parametrize(
    ("said", "code", "question", "offered"),
    [
        ("who can assume ProdAdmni", 1, "who-can-assume", {"names": "ProdAdmin"}),
        ("policies of Deployer", 2, "policies-of", {"candidates": "arn:aws:iam::555555555555:role/Deployer"}),
        ("unused roles in paymnets-prod", 1, "unused-roles", {"names": "payments-prod"}),
        ("who can assume prod amdin", 2, "who-can-assume", {"sentence": "who can assume prod admin"}),
    ],
)
def test_a_name_not_found_or_ambiguous_comes_with_the_reading_and_the_nearest(
    muniment: Muniment, said: str, code: int, question: str, offered: dict[str, str]
) -> None:
    ran = muniment("ask", said)
    assert (ran.code, ran.out) == (code, "")
    told = json.loads(muniment("ask", said, "--format", "json").out)["error"]
    assert told["understood"]["question"] == question
    assert all(value in told[key] for key, value in offered.items())
    for line in (f"Understood as: {told['understood']['interpretation']}", *(q["question"] for q in told["questions"])):
        assert line in ran.err
    assert len(told["questions"]) == 4
    assert question not in {one["id"] for one in told["questions"]}


def test_the_question_that_was_understood_stands_above_what_its_words_mean(muniment: Muniment) -> None:
    ran = muniment("ask", "unused roles in payments-prod")
    assert ran.out.startswith("Which roles were not used for 90 days? (accounts = payments-prod)\n")
    assert muniment("ask", "users with two keys").out.count("Which users have two active access keys?") == 1


def test_a_sentence_that_is_not_understood_offers_questions_to_programs_too(muniment: Muniment) -> None:
    ran = muniment("ask", "who cannot assume prod admin", "--format", "json")
    assert ran.code == 2
    told = json.loads(ran.out)
    assert "rows" not in told
    assert {"id": "who-can-assume", "question": "Who can assume <target>?"} in told["error"]["questions"]


def test_whom_only_an_unread_policy_could_let_is_counted_in_a_table_and_named_elsewhere(muniment: Muniment) -> None:
    arguments = ("who-can", "s3:GetObject", "s3://payroll/june.csv", "--transitive")
    rows = json.loads(muniment(*arguments, "-f", "json").out)["rows"]
    folded = [row for row in rows if "only the resource's own policy" in row["note"]]
    assert folded
    assert {row["decision"] for row in folded} == {"unknown"}
    assert not any(row["principal"].endswith(":root") for row in folded), "nobody needs to let root users"
    for ran in (muniment(*arguments), muniment(*arguments, "--explain")):
        assert f"Unknown, and not denied: {len(folded)} principals" in ran.out
        assert "payments-prod/bob" not in ran.out
        assert "No one can" not in ran.out


def test_statements_keep_the_name_of_their_role(muniment: Muniment) -> None:
    assert "checkout/OrganizationAccountAccessRole#trust/1" in muniment("queries", "run", "public-roles").out
    assert "payments-prod/ProdAdmin#trust/1" in muniment("queries", "run", "outside-trust").out


def test_who_can(muniment: Muniment) -> None:
    ran = muniment("who-can", "iam:CreateUser", "*", "--transitive", "-f", "json")
    envelope = json.loads(ran.out)
    assert envelope["columns"] == ["principal", "kind", "decision", "conditions", "path", "note"]
    ranks = [["allow", "conditional", "unknown"].index(row["decision"]) for row in envelope["rows"]]
    assert ranks == sorted(ranks)
    assert all(row["decision"] != "deny" for row in envelope["rows"])


@pytest.mark.parametrize("width", ["80", "120", "200"])
def test_a_table_fits_the_terminal(muniment: Muniment, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    ran = muniment("ask", "who can assume prod admin")
    assert max(len(line) for line in ran.out.splitlines()) <= int(width)
    assert "checkout/OrganizationAccountAccessRole" in ran.out


def test_without_facts_there_is_no_false_comfort(muniment: Muniment, filled: Database) -> None:
    ran = muniment("ask", "who can assume prod admin")
    assert "No one can" not in ran.out
    assert OPEN.rpartition("/")[2] in ran.out
