"""Who can become what, by which path: on both engines, with the real writer before it."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.errors import AmbiguousName, NotFound, UsageError
from muniment.graph.database import Database
from muniment.queries.becoming import path_to, who_can_assume, who_can_become

from . import estate
from .estate import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    CHECKOUT_DEPLOYER,
    CI,
    DANA,
    DEPLOYER,
    GITHUB,
    MFA,
    NOBODY_KNOWN,
    OPEN,
    OUTSIDE,
    PLATFORM,
    PROD_ADMIN,
    SSO,
)

PROD_TARGETS = {ADMIN, PROD_ADMIN, OPEN, SSO, BOB}


def by_principal(answer: Any, target: str) -> dict[str, dict[str, Any]]:
    return {row["principal"]: row for row in answer.rows if row["target"] == target}


def test_prod_admin_in_all_its_meanings(filled: Database) -> None:
    answer = who_can_assume(filled, "prod admin")
    assert {row["target"] for row in answer.rows} == PROD_TARGETS
    assert "4 roles and 1 other administrator in 3 accounts" in answer.interpretation
    assert (
        "checkout/OrganizationAccountAccessRole (effective administrator, prod by unit Prod)" in answer.interpretation
    )
    assert "data-lake/AdministratorAccess" in answer.interpretation
    assert "nonprod" not in answer.interpretation
    assert answer.exit_code == 0


def test_each_principal_has_its_surest_then_shortest_path(filled: Database) -> None:
    found = by_principal(who_can_assume(filled, "payments-prod/ProdAdmin"), PROD_ADMIN)
    paths = {principal: (row["decision"], row["path"]) for principal, row in found.items()}
    assert paths == {
        ADMIN: ("allow", [ADMIN, PROD_ADMIN]),
        ALICE: ("allow", [ALICE, ADMIN, PROD_ADMIN]),
        CI: ("allow", [CI, ADMIN, PROD_ADMIN]),
        DEPLOYER: ("allow", [DEPLOYER, ADMIN, PROD_ADMIN]),
        CAROL: ("allow", [CAROL, DEPLOYER, ADMIN, PROD_ADMIN]),
        "ec2.amazonaws.com": ("allow", ["ec2.amazonaws.com", DEPLOYER, ADMIN, PROD_ADMIN]),
        SSO: ("conditional", [SSO, PROD_ADMIN]),
        DANA: ("conditional", [DANA, PLATFORM, SSO, PROD_ADMIN]),
        NOBODY_KNOWN: ("conditional", [NOBODY_KNOWN, SSO, PROD_ADMIN]),
        OUTSIDE: ("conditional", [OUTSIDE, PROD_ADMIN]),
    }
    assert found[DANA]["conditions"] == [MFA]
    assert found[DANA]["hops"] == 3
    assert found[OUTSIDE]["note"] == "outside the register, whoever it lets"
    assert found[NOBODY_KNOWN]["note"] == "no member known"
    assert f"{PROD_ADMIN}#trust/1: allows {ADMIN}" in found[ALICE]["because"]


def test_who_administers_already_needs_no_hop(filled: Database) -> None:
    row = by_principal(who_can_assume(filled, "prod admin"), BOB)[BOB]
    assert (row["decision"], row["path"], row["hops"], row["note"]) == ("allow", [BOB], 0, "already administers")


def test_anyone_is_flagged_and_never_filtered_out(embedded: Database) -> None:
    answer = who_can_assume(embedded, "prod admin", kinds="users")
    assert by_principal(answer, OPEN)["*"]["note"] == "anyone at all"
    assert {row["kind"] for row in answer.rows} == {
        "Anyone",
        "Account",
        "User",
        "IdentityCenterUser",
        "IdentityCenterGroup",
    }


def test_a_path_to_a_role_may_be_by_administering_its_account(embedded: Database) -> None:
    """Whoever can change a role's trust policy can become it, though no relationship leads to the role."""
    answer = path_to(embedded, "bob", PROD_ADMIN, explain=True)
    (row,) = answer.rows
    assert [(hop["from"], hop["relationship"], hop["to"]) for hop in row["path"]] == [(BOB, "ADMINISTERS", estate.PAY)]
    assert "can change any role" in answer.interpretation
    assert answer.explanation[0] == "payments-prod/bob can administer payments-prod directly."


def test_a_user_is_no_role_and_may_be_become(embedded: Database) -> None:
    with pytest.raises(UsageError, match="is a user, and only roles are assumed"):
        who_can_assume(embedded, "alice")
    answer = who_can_become(embedded, "shared-services/alice")
    assert "1 principal that is no role" in answer.interpretation
    assert ALICE not in {row["principal"] for row in answer.rows}, "nothing says that alice administers anything"


def test_whom_an_identity_provider_lets_in_is_said(embedded: Database) -> None:
    answer = who_can_assume(embedded, CHECKOUT_DEPLOYER, explain=True)
    assert by_principal(answer, CHECKOUT_DEPLOYER)[GITHUB]["note"] == estate.SUBJECT.properties["name"]
    assert f"  it lets in {estate.SUBJECT.properties['name']}" in answer.explanation


def test_one_principal(embedded: Database) -> None:
    answer = who_can_assume(embedded, "prod admin", only="alice")
    assert {(row["principal"], row["target"], row["decision"]) for row in answer.rows} == {
        (ALICE, ADMIN, "allow"),
        (ALICE, PROD_ADMIN, "allow"),
    }
    assert answer.parameters["principal"] == ALICE


def test_someone_who_cannot(embedded: Database) -> None:
    answer = who_can_assume(embedded, "shared-services/Deployer", only="dana@acme.test")
    assert answer.rows == []
    assert answer.exit_code == 0


def test_path(filled: Database) -> None:
    answer = path_to(filled, "dana", "payments-prod/ProdAdmin", explain=True)
    (row,) = answer.rows
    assert [(hop["from"], hop["relationship"], hop["to"]) for hop in row["path"]] == [
        (DANA, "MEMBER_OF", PLATFORM),
        (PLATFORM, "CAN_ASSUME", SSO),
        (SSO, "CAN_ASSUME", PROD_ADMIN),
    ]
    assert row["hops"] == 3
    assert answer.explanation[0] == "Dana Smith can, under conditions, become payments-prod/ProdAdmin in 3 steps."
    assert f"     only if {MFA}" in answer.explanation


def test_no_path(embedded: Database) -> None:
    assert path_to(embedded, "bob", "shared-services/Deployer").rows == []


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("admin in production", PROD_TARGETS),
        ("PROD ADMINISTRATOR", PROD_TARGETS),
        ("the admin role in the payments prod account", {ADMIN, PROD_ADMIN, BOB}),
        ("admin in payments-prod", {ADMIN, PROD_ADMIN, BOB}),
        ("non-prod admin", {estate.DEV_ADMIN}),
        ("non prod admin", {estate.DEV_ADMIN}),
        ("admin in nonprod", {estate.DEV_ADMIN}),
        ("ProdAdmin", {PROD_ADMIN}),
        ("prodadmin", {PROD_ADMIN}),
        ("payments-prod/Admin", {ADMIN}),
        (f"{estate.PAY}/admin", {ADMIN}),
        (ADMIN, {ADMIN}),
        ("AdministratorAccess", {SSO}),
        (estate.PERMISSION_SET, {SSO}),
        ("deployer in checkout", {estate.CHECKOUT_DEPLOYER}),
        ("the deployer role in prod", {estate.CHECKOUT_DEPLOYER}),
        ("admin", PROD_TARGETS | {estate.DEV_ADMIN}),
    ],
)
def test_words_for_roles(embedded: Database, words: str, targets: set[str]) -> None:
    from muniment.queries.atlas import Atlas
    from muniment.queries.targets import resolve

    found = resolve(embedded, Atlas.load(embedded), words)
    assert {member.thing.id for member in found.members} == targets


def test_the_settings_file_decides_what_prod_is(embedded: Database) -> None:
    environments = {"prod": {"accounts": [estate.PAYDEV]}}
    answer = who_can_assume(embedded, "prod admin", environments=environments)
    assert "payments-nonprod/Admin" in answer.interpretation
    assert "listed in muniment.toml" in answer.interpretation
    assert "checkout" not in answer.interpretation


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ("Deployer", AmbiguousName, "fits 2 things"),
        ("PrdoAdmin", NotFound, "ProdAdmin"),
        ("arn:aws:iam::222222222222:role/Adminn", NotFound, "Admin"),
        ("prod amdin", UsageError, 'Did you mean "prod admin"?'),
        ("prodution admin", UsageError, 'Did you mean "production admin"?'),
        ("the amdin in payments-pord", UsageError, 'Did you mean "the admin in payments-prod"?'),
        ("prod zdmin", NotFound, "nothing is called"),
        ("admin in staging", NotFound, "staging"),
        ("admin in the moon", NotFound, "moon"),
        ("prod", UsageError, "names no role"),
        ("payments-prod", UsageError, "names no role"),
        ("the role", UsageError, "names no role"),
        ("' OR 1=1 //", NotFound, "nothing is called"),
        ("`Admin`) DETACH DELETE (n", NotFound, ""),
    ],
)
def test_words_that_name_nothing_or_too_much(embedded: Database, words: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as refused:
        who_can_assume(embedded, words)
    assert says in str(refused.value) + getattr(refused.value, "hint", "")


@pytest.mark.parametrize(
    ("name", "is_"),
    [
        ("alice", ALICE),
        ("ALICE", ALICE),
        ("AIDAALICE", ALICE),
        (ALICE, ALICE),
        ("shared-services/alice", ALICE),
        ("dana", DANA),
        ("Dana Smith", DANA),
        ("dana@acme.test", DANA),
        ("smith", DANA),
        ("platform", PLATFORM),
        ("ec2.amazonaws.com", "ec2.amazonaws.com"),
        ("*", "*"),
        ("checkout", estate.CHECKOUT),
        (OUTSIDE, OUTSIDE),
    ],
)
def test_names_of_principals(embedded: Database, name: str, is_: str) -> None:
    from muniment.queries.atlas import Atlas
    from muniment.queries.things import principal

    assert principal(embedded, Atlas.load(embedded), name).id == is_
