"""What is granted against what is used: answers about the estate of ``estate.py``."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.errors import NotFound, UsageError
from muniment.graph.database import Database
from muniment.queries.least_privilege import least_privilege, narrower_policy, whole_days

from .estate import ADMIN, BOB, EVERYTHING, MACHINES, NOW, OUTSIDE, PAY, PERMISSION_SET, PROD_ADMIN, SSO


def rows(database: Database, name: str, **more: Any) -> dict[tuple[str, str], dict[str, Any]]:
    answer = least_privilege(database, name, now=NOW, **more)
    return {(row["finding"], row["subject"]): dict(row) for row in answer.rows}


def test_services_are_told_apart_by_use(embedded: Database) -> None:
    found = rows(embedded, "ProdAdmin")
    assert ("unused service", "lambda") in found
    assert found["unused actions", "s3"]["unused"] == ["s3:DeleteBucket"]
    assert found["unused actions", "s3"]["last_used_at"] == "2026-01-20T00:00:00Z"
    assert ("not known", "sqs") in found, "the report does not speak of it"
    assert found["unused service", "lambda"]["because"] == [
        f"{PROD_ADMIN}/inline-policy/all#1",
        f"{PROD_ADMIN}/inline-policy/all#2",
    ]


def test_days_decide_what_counts_as_unused(embedded: Database) -> None:
    assert ("unused service", "ec2") in rows(embedded, "ProdAdmin")
    assert ("used", "ec2") in rows(embedded, "ProdAdmin", days=365)
    assert ("unused service", "s3") in rows(embedded, "ProdAdmin", days=1)


def test_wide_grants_are_told_with_the_services_that_are_not_used(embedded: Database) -> None:
    found = rows(embedded, "ProdAdmin", days=365)
    assert found["admin grant", f"{PROD_ADMIN}/inline-policy/all#1"]["unused"] == ["iam", "lambda"]
    assert ("grant of all actions but some", f"{PROD_ADMIN}/inline-policy/all#2") in found


def test_what_access_analyzer_found_is_told_with_its_condition(embedded: Database) -> None:
    (finding,) = [row for (kind, _), row in rows(embedded, "ProdAdmin").items() if kind.startswith("Access Analyzer")]
    assert finding["finding"] == "Access Analyzer: ExternalAccess"
    assert finding["conditions"] == ['{"sts:ExternalId": "x"}']
    assert finding["because"] == [f"AWS {OUTSIDE} may sts:AssumeRole"]


def test_who_gets_in_from_outside_is_told(embedded: Database) -> None:
    found = rows(embedded, "checkout/OrganizationAccountAccessRole")
    assert ("public access", "*") in found


def test_idle_users_and_keys_are_told(embedded: Database) -> None:
    found = rows(embedded, "bob")
    assert {("unused principal", BOB), ("unused access key", f"{BOB}/access-key/1")} <= found.keys()
    assert not {kind for kind, _ in rows(embedded, "bob", days=3000)} & {"unused principal", "unused access key"}


def test_without_a_report_use_is_not_known_and_the_answer_is_incomplete(embedded: Database) -> None:
    answer = least_privilege(embedded, ADMIN, now=NOW)
    services = {row["finding"] for row in answer.rows if row["subject"] in ("s3", "ec2", "lambda")}
    assert services == {"not known"}
    assert answer.exit_code == 3
    (missing,) = answer.knowledge.missing
    assert missing.scope == f"aws/{PAY}/global/last-accessed"
    assert "--also last-accessed" in missing.reason


def test_with_a_report_the_answer_is_complete(embedded: Database) -> None:
    assert least_privilege(embedded, PROD_ADMIN, now=NOW).exit_code == 0
    assert narrower_policy(embedded, PROD_ADMIN, now=NOW).exit_code == 0


def test_a_group_is_used_by_its_members(embedded: Database) -> None:
    answer = least_privilege(embedded, f"arn:aws:iam::{PAY}:group/ops", now=NOW)
    assert "used by 1 member" in answer.interpretation
    assert ("unused principal", BOB) in {(row["finding"], row["subject"]) for row in answer.rows}


def test_a_permission_set_is_used_by_the_roles_that_it_became(embedded: Database) -> None:
    answer = least_privilege(embedded, PERMISSION_SET, now=NOW)
    assert "used by 1 role" in answer.interpretation
    assert any(SSO in missing.reason for missing in answer.knowledge.missing)


def test_a_proposal_keeps_what_was_used_and_what_nobody_knows(embedded: Database) -> None:
    answer = narrower_policy(embedded, "ProdAdmin", now=NOW, explain=True)
    actions = {a for row in answer.rows for one in row["policy"]["Statement"] for a in one["Action"]}
    assert {"ec2:*", "sqs:*"} <= actions
    assert not actions & {"*", "lambda:*", "iam:*", "iam:CreateUser"}
    assert {"iam:PassRole", "iam:CreateServiceLinkedRole"} <= actions
    (needed,) = [line for line in answer.rows[0]["not_known"] if "without a request of its own" in line]
    assert "s3:DeleteBucket" in needed, "chime, of which nothing is known, may have been used and have deleted a bucket"
    assert answer.rows[0]["replaces"] == [f"{PROD_ADMIN}/inline-policy/all"]
    assert all(row["characters"] <= 6144 for row in answer.rows)
    assert any("iam:PassRole is not tracked" in line for line in answer.explanation)


def test_a_shorter_period_leaves_out_more(embedded: Database) -> None:
    answer = narrower_policy(embedded, "ProdAdmin", now=NOW, days=30)
    actions = {a for row in answer.rows for one in row["policy"]["Statement"] for a in one["Action"]}
    assert "ec2:*" not in actions


def test_where_nothing_was_used_no_policy_is_proposed_in_place_of_those_that_are(embedded: Database) -> None:
    (row,) = narrower_policy(embedded, BOB, now=NOW).rows
    assert (row["policy"], row["characters"]) == (None, 0)
    assert row["replaces"]
    assert row["dropped"] == ["ec2"]


def test_where_nothing_is_known_of_use_a_proposal_drops_nothing(embedded: Database) -> None:
    answer = narrower_policy(embedded, ADMIN, now=NOW)
    assert [row["policy"]["Statement"] for row in answer.rows] == [[MACHINES, EVERYTHING]]
    assert any("no report" in text for text in answer.rows[0]["not_known"])


def test_what_holds_no_policies_is_refused(embedded: Database) -> None:
    with pytest.raises(UsageError, match="no policies are attached"):
        least_privilege(embedded, "dana", now=NOW)
    with pytest.raises(NotFound):
        least_privilege(embedded, "nobody at all", now=NOW)


@pytest.mark.parametrize("text", ["soon", "-1", "1.5"])
def test_days_are_whole(text: str) -> None:
    with pytest.raises(UsageError, match="days"):
        whole_days(text)
    assert (whole_days(""), whole_days(None), whole_days("30")) == (None, None, 30)
