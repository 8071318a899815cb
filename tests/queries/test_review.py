"""The access review, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.errors import NotFound
from muniment.graph.database import Database
from muniment.queries.owners import owner
from muniment.queries.review import review_access
from muniment.schema import Refusal, ScopeId, Status

from . import estate
from .estate import (
    ACME,
    ADMIN,
    ALICE,
    BOB,
    CHECKOUT,
    CHECKOUT_DEPLOYER,
    CI,
    DANA,
    DEPLOYER,
    LAKE,
    NOBODY_KNOWN,
    NOW,
    OPEN,
    OUTSIDE,
    PAY,
    PLACES,
    PROD_ADMIN,
    READ_AT,
    SSO,
    fill,
    listing,
    unread,
)


def lines(database: Database, **narrowed: str) -> list[dict[str, Any]]:
    return [dict(row) for row in review_access(database, now=NOW, **narrowed).rows]


def into(found: list[dict[str, Any]], role: str) -> dict[str, dict[str, Any]]:
    return {line["principal"]: line for line in found if line["role"] == role}


def test_groups_and_sets_are_taken_apart(filled: Database) -> None:
    found = lines(filled)
    gathered = into(found, ADMIN)
    assert set(gathered) == {ALICE, CI, DEPLOYER, PROD_ADMIN}
    assert gathered[CI]["how"] == "as one of 3 whose policies let them"
    assert (gathered[CI]["identity"], gathered[ALICE]["identity"]) == ("machine", "human")
    people = into(found, SSO)
    assert people[DANA]["how"] == "Identity Center group Platform"
    assert (people[DANA]["name"], people[DANA]["access"]) == ("dana@acme.test", "permission set")
    assert (people[DANA]["what"], people[DANA]["administers"]) == ("AdministratorAccess", "allow")
    assert people[NOBODY_KNOWN]["how"] == "Identity Center group Auditors, of which no member is known"


def test_those_who_are_no_principal_of_an_account_have_lines_too(filled: Database) -> None:
    found = lines(filled)
    assert into(found, OPEN)["*"]["how"] == "as anyone"
    outside = into(found, PROD_ADMIN)[OUTSIDE]
    assert (outside["how"], outside["decision"]) == ("as whomever its account lets", "conditional")
    (subject,) = into(found, CHECKOUT_DEPLOYER).values()
    assert (subject["name"], subject["identity"]) == ("any repository of acme", "machine")
    assert subject["conditions"] == ["the subject is repo:acme/checkout"]
    service = into(found, DEPLOYER)["ec2.amazonaws.com"]
    assert (service["identity"], service["how"]) == ("service", "as a service")


def test_what_is_not_known_says_why(filled: Database) -> None:
    (unknown,) = [line for line in lines(filled, accounts=PAY) if line["decision"] == "unknown"]
    assert unknown["conditions"] == ["the boundary of carol was not read"]


def test_users_and_root_users_have_a_line_of_their_own(filled: Database) -> None:
    own = {line["principal"]: line for line in lines(filled, accounts=PAY) if line["role"] is None}
    assert set(own) == {BOB, f"arn:aws:iam::{PAY}:root"}
    assert (own[BOB]["access"], own[BOB]["what"], own[BOB]["administers"]) == ("own policies", "group ops", "allow")
    assert own[BOB]["credentials"] == [
        "password: of unknown age, never used",
        f"{BOB}/access-key/1: 761 days old, never used",
    ]
    assert own[f"arn:aws:iam::{PAY}:root"]["access"] == "root"
    root = next(line for line in lines(filled, accounts=ACME) if line["access"] == "root")
    assert root["last_used"] == "2026-01-20T00:00:00Z"


def test_every_line_has_room_for_a_signature_and_lines_keep_their_order(filled: Database) -> None:
    first = review_access(filled, now=NOW)
    assert {row[name] for row in first.rows for name in ("reviewer", "verdict", "signed")} == {None}
    assert {tuple(sorted(row)) for row in first.rows} == {tuple(sorted(column.name for column in first.columns))}
    assert first.rows == review_access(filled, now=NOW).rows
    assert [row["account"] for row in first.rows] == sorted(row["account"] for row in first.rows)
    assert [one.scope for one in first.knowledge.missing] == ["aws/*/*/user-credentials"]


def test_every_line_says_why(filled: Database) -> None:
    found = review_access(filled, now=NOW).rows
    assert all(row["because"] for row in found if row["access"] == "root" or row["decision"] == "allow")
    (bob,) = (row for row in found if row["principal"] == BOB and row["access"] == "own policies")
    assert bob["because"] == ["its group ops"]


def test_a_line_says_whether_all_that_it_rests_on_was_read(filled: Database) -> None:
    """What only users have was not read, which is no matter of others."""
    found = review_access(filled, now=NOW)
    users = {row["principal"] for row in found.rows if not row["complete"]}
    assert {ALICE, BOB} <= users
    assert all(":iam::" in user and ":user/" in user for user in users)
    assert users.isdisjoint(row["principal"] for row in found.rows if row["complete"])
    assert {row["as_of"] for row in found.rows} == {READ_AT}
    assert "ingest aws --also user-credentials" in found.knowledge.missing[0].reason


def test_a_review_is_complete_once_what_users_have_was_read(database: Database) -> None:
    fill(database)
    fill(database, [listing(f"aws/{account}/global/user-credentials", []) for account in PLACES], {})
    found = review_access(database, now=NOW)
    assert found.knowledge.complete
    assert {row["complete"] for row in found.rows} == {True}


def test_a_line_of_an_account_that_was_not_read_says_so(database: Database) -> None:
    fill(database)
    refused = Refusal("iam:GetAccountAuthorizationDetails", "AccessDenied", "not authorized")
    fill(database, [unread(f"aws/{PAY}/global/iam", Status.DENIED, refused)], {})
    found = review_access(database, now=NOW).rows
    complete = {row["account"]: row["complete"] for row in found if row["access"] == "root"}
    assert (complete[PAY], complete[ACME]) == (False, True)


@pytest.mark.parametrize("role", [ADMIN, "payments-prod/Admin", "PAYMENTS-PROD/admin", f"{PAY}/Admin"])
def test_one_role(filled: Database, role: str) -> None:
    assert {line["role"] for line in lines(filled, role=role)} == {ADMIN}


def test_a_permission_set(filled: Database) -> None:
    found = review_access(filled, now=NOW, role="AdministratorAccess")
    assert {row["role"] for row in found.rows} == {SSO}
    assert found.interpretation == "AdministratorAccess = data-lake/AdministratorAccess"


def test_a_role_that_nobody_enters_has_no_lines_and_one_that_is_not_there_is_refused(filled: Database) -> None:
    assert lines(filled, role=estate.DEV_ADMIN) == []
    with pytest.raises(NotFound):
        lines(filled, role="Admni")


def test_what_nobody_answers_for(filled: Database) -> None:
    assert lines(filled, owned_by="unknown") == lines(filled)
    with pytest.raises(NotFound, match="payments"):
        lines(filled, owned_by="payments")


def test_an_assignment_whose_role_was_not_read_is_unknown_and_not_left_out(embedded_connection: Database) -> None:
    concluded = estate.conclusions()
    del concluded[ScopeId.parse("muniment/all/global/provisioned-as")]
    concluded[ScopeId.parse("muniment/all/global/can-assume")] = []
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    estate.fill(embedded_connection, concluded={scope: edges for scope, edges in concluded.items() if edges})
    (line,) = [line for line in lines(embedded_connection, accounts=LAKE) if line["access"] == "permission set"]
    assert (line["principal"], line["decision"]) == (DANA, "unknown")
    assert line["conditions"] == [f"the role of AdministratorAccess in {LAKE} is not in the register"]


def test_who_comes_by_itself_and_in_a_set_has_one_line_the_surest(embedded_connection: Database) -> None:
    concluded = estate.conclusions()
    assuming = ScopeId.parse("muniment/all/global/can-assume")
    concluded[assuming] = [*concluded[assuming], estate.can_assume(ALICE, ADMIN, "unknown", reason="who knows")]
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    fill(embedded_connection, concluded=concluded)
    (line,) = [one for one in lines(embedded_connection) if (one["role"], one["principal"]) == (ADMIN, ALICE)]
    assert line["decision"] == "allow"
    assert line["how"].startswith("as one of ")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (['{"Owner": "ann"}'], "ann"),
        (['{"acme:owned-by": "payments"}'], "payments"),
        (['{"team": "red", "owner": "ann"}'], "ann"),
        (['{"owner": "unknown"}', '{"team": "red"}'], "red"),
        ([None, "{}"], "unknown"),
        (['{"ownership-review": "2026"}'], "unknown"),
    ],
)
def test_owners(tags: list[str | None], expected: str) -> None:
    assert owner(*tags) == expected


def test_accounts_narrow_the_scopes_that_the_review_rests_on(filled: Database) -> None:
    found = review_access(filled, now=NOW, accounts="checkout")
    assert {row["account"] for row in found.rows} == {CHECKOUT}
    assert found.interpretation == "checkout = checkout"
