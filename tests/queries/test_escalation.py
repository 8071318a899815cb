"""Who can escalate, who can become administrator in whatever way, and paths over both relationships."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.errors import NotFound
from muniment.graph.database import Database
from muniment.queries.becoming import path_to, who_can_assume, who_can_become
from muniment.queries.escalation import escalations

from .estate import (
    ACME,
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    CHECKOUT,
    CHECKOUT_DEPLOYER,
    CI,
    DEPLOYER,
    FUNCTION,
    GITHUB,
    MFA,
    OPEN,
    PROD_ADMIN,
    SSO,
)


def said(answer: Any) -> list[tuple[str, ...]]:
    return sorted((row["principal"], row["target"], row["technique"], row["decision"]) for row in answer.rows)


ALL = [
    (CAROL, ACME, "iam-014", "allow"),
    (CHECKOUT_DEPLOYER, CHECKOUT, "iam-009", "allow"),
    (CHECKOUT_DEPLOYER, OPEN, "lambda-003", "allow"),
    (DEPLOYER, ALICE, "iam-002", "allow"),
    (CI, ALICE, "iam-002", "allow"),
    (ALICE, DEPLOYER, "lambda-001", "conditional"),
    (CI, DEPLOYER, "lambda-001", "conditional"),
    (CI, DEPLOYER, "ssm-001", "unknown"),
]


def test_every_escalation_with_sets_taken_apart(filled: Database) -> None:
    answer = escalations(filled)
    assert said(answer) == sorted(ALL)
    assert list(answer.envelope()["rows"][0])[:5] == ["principal", "target", "technique", "decision", "because"]


def test_those_of_one_principal(filled: Database) -> None:
    answer = escalations(filled, start="shared-services/ci")
    own = [row for row in ALL if row[0] == CI]
    assert said(answer) == sorted([*own, (CI, ADMIN, "sts-001", "allow")])
    assert answer.parameters == {"from": CI}
    unknown = next(row for row in answer.rows if row["technique"] == "ssm-001")
    assert "were not read" in unknown["because"][-1]


def test_those_to_administration(filled: Database) -> None:
    found = {(row["principal"], row["target"], row["technique"]) for row in escalations(filled, to="admin").rows}
    assert {(CAROL, ACME, "iam-014"), (CHECKOUT_DEPLOYER, CHECKOUT, "iam-009")} <= found
    assert (CHECKOUT_DEPLOYER, OPEN, "lambda-003") in found, "the role administers its account"
    assert (ALICE, ADMIN, "sts-001") in found, "assuming an administrator's role is one way"
    assert all(target not in (ALICE, DEPLOYER) for _, target, _ in found)


def test_those_to_what_words_mean(filled: Database) -> None:
    found = escalations(filled, to="admin in checkout")
    assert {row["target"] for row in found.rows} == {OPEN, CHECKOUT}
    with pytest.raises(NotFound):
        escalations(filled, to="nothing-of-that-name")


def test_each_explains_itself(embedded: Database) -> None:
    lines = escalations(embedded, start="checkout/Deployer", explain=True).explanation
    assert "checkout/Deployer can attach any policy to itself, and so administer checkout (iam-009)." in lines
    function = next(n for n, line in enumerate(lines) if "Lambda function" in line)
    assert lines[function] == (
        "checkout/Deployer can put code of its own into a Lambda function that runs as "
        "checkout/OrganizationAccountAccessRole (lambda-003)."
    )
    assert FUNCTION in lines[function + 1]
    assert lines[function + 2].startswith("  because policy of")


def test_a_path_over_both_relationships(filled: Database) -> None:
    answer = path_to(filled, "token.actions.githubusercontent.com", "admin in checkout", explain=True)
    (row,) = (row for row in answer.rows if row["path"][-1]["to"] == CHECKOUT)
    assert [(hop["from"], hop["relationship"], hop["to"]) for hop in row["path"]] == [
        (GITHUB, "CAN_ASSUME", CHECKOUT_DEPLOYER),
        (CHECKOUT_DEPLOYER, "CAN_ESCALATE_TO", CHECKOUT),
    ]
    assert row["path"][1]["technique"] == "iam-009"
    assert "  2. checkout/Deployer can attach any policy to itself, and so administer checkout (iam-009)." in (
        answer.explanation
    )


def test_a_path_goes_over_users_that_are_taken_over(embedded: Database) -> None:
    (row,) = path_to(embedded, "alice", "shared-services/Deployer").rows
    assert [(hop["from"], hop["relationship"], hop["to"]) for hop in row["path"]] == [
        (ALICE, "CAN_ESCALATE_TO", DEPLOYER)
    ]
    assert row["path"][0]["conditions"] == [MFA]


def test_who_can_become_admin_goes_over_both(filled: Database) -> None:
    assumed = {(r["principal"], r["target"]) for r in who_can_assume(filled, "admin in prod").rows}
    become = who_can_become(filled, "admin in prod")
    found = {(r["principal"], r["target"]): r for r in become.rows}
    assert assumed < found.keys()
    new = {key: (row["decision"], row["hops"]) for key, row in found.items() if key not in assumed}
    assert new == {
        (CHECKOUT_DEPLOYER, OPEN): ("allow", 1),
        (GITHUB, OPEN): ("conditional", 2),
        (CHECKOUT_DEPLOYER, CHECKOUT): ("allow", 1),
        (GITHUB, CHECKOUT): ("conditional", 2),
    }
    assert found[GITHUB, CHECKOUT]["path"] == [GITHUB, CHECKOUT_DEPLOYER, CHECKOUT]


def test_one_principal_that_becomes_admin(embedded: Database) -> None:
    answer = who_can_become(embedded, "admin in checkout", only="checkout/Deployer", explain=True)
    assert {(row["principal"], row["target"]) for row in answer.rows} >= {(CHECKOUT_DEPLOYER, CHECKOUT)}
    assert answer.explanation


def test_without_escalation_nothing_changes(embedded: Database) -> None:
    targets = {row["target"] for row in who_can_assume(embedded, "prod admin").rows}
    assert targets == {ADMIN, PROD_ADMIN, OPEN, SSO, BOB}
