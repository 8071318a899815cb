"""The same question in other words is the same question; one that means something else is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from muniment.errors import UsageError
from muniment.queries.library import questions
from muniment.queries.sentence import understand
from muniment.queries.synonyms import NOT, concepts

_DENYING = sorted((way for way, meant in concepts().items() if meant == (NOT,)), key=len, reverse=True)
_DENIES = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, _DENYING))}) ")
_EITHER_WAY = {"status", "buckets-without-public-access-block"}
"""What was read and what was not is one answer; "nothing keeps" without its "nothing" is no English."""


def asked(sentence: str) -> str | None:
    try:
        return understand(sentence).question.id
    except UsageError:
        return None


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Are there employees lacking a second factor?", "people-without-mfa"),
        ("second factor missing for which persons", "people-without-mfa"),
        ("scps attached to nothing whatsoever", None),
        ("which guardrails are attached nowhere", "unattached-control-policies"),
        ("deactivated employees who still have access", "disabled-people-with-access"),
        ("lambdas running with admin permissions", "compute-as-administrators"),
        ("admin permissions: which lambdas have them", "compute-as-administrators"),
        ("roles idle for 6 months", "unused-roles"),
        ("which of our suppliers may assume roles without an external id", "outside-trust-without-external-id"),
    ],
)
def test_other_words_in_another_order_ask_the_same(sentence: str, question: str | None) -> None:
    assert asked(sentence) == question


def test_days_and_a_place_are_taken_from_anywhere_in_the_sentence() -> None:
    found = understand("in the last 6 months, which roles were never used in payments-prod?")
    assert (found.question.id, found.given) == ("unused-roles", {"days": "180", "accounts": "payments-prod"})


def test_what_is_understood_is_said_with_its_parameters() -> None:
    found = understand("access keys idle for 180 days in prod")
    assert found.interpretation == "Which active access keys were not used for 180 days? (accounts = prod)"


@pytest.mark.parametrize(
    "sentence",
    [
        "which roles were used in the last 30 days",
        "which people have a second factor",
        "which users can take over others",
        "who trusts payments-api-task",
        "which accounts have no weak password policy",
        "which users without mfa were created yesterday",
        "which roles do both machines and third parties use",
        "unused roles except those of production",
        "what did ci-jenkins assume without mfa",
        "which outside accounts trust our roles with an external id",
        "which vaults are locked",
        "which scps are attached and unused",
        "how long were the unused roles used",
        "why are there unused roles",
        "delete unused roles",
        "rotate the access keys older than 90 days",
        "which access keys are newer than 90 days",
        "roles unused for 90 to 180 days",
        "unused roles of payments-prod and payments-dev created by ci-jenkins",
    ],
)
def test_what_means_something_else_is_refused(sentence: str) -> None:
    assert asked(sentence) is None


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.id)
def test_the_opposite_of_a_question_is_not_that_question(question) -> None:
    title = re.sub(r"[,?.!]|\{[^}]*\}", "", question.question).casefold() + " "
    opposite = _DENIES.sub("", title, count=1) if _DENIES.search(title) else f"{title}not"
    assert question.id in _EITHER_WAY or asked(opposite) != question.id


@pytest.mark.parametrize("sentence", ["who can kms:Decrypt", "which roles may call kms:Decrypt on any resource?"])
def test_an_action_without_a_resource_is_about_any(sentence: str) -> None:
    understood = understand(sentence)
    assert (understood.question.id, understood.given) == ("who-can", {"action": "kms:Decrypt"})


@pytest.mark.parametrize("rest", ["cannot kms:Decrypt", "did kms:Decrypt", "can kms:Decrypt without MFA"])
def test_what_is_asked_beside_an_action_is_not_passed_over(rest: str) -> None:
    with pytest.raises(UsageError):
        understand(f"who {rest}")


def test_questions_of_ones_own_are_understood_in_other_words_too(tmp_path: Path) -> None:
    (tmp_path / "purple-buckets.cypher").write_text(
        '/*\nquestion = "Which buckets are painted purple?"\ndocumentation = "None should be."\n'
        "[columns]\nbucket = \"The bucket.\"\n*/\nMATCH (b:Bucket) WHERE b.name = 'purple' RETURN b.id AS bucket\n"
    )
    assert understand("is any s3 bucket painted in purple", [tmp_path]).question.id == "purple-buckets"
