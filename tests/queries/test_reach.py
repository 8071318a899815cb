"""Which roles a principal can become: forwards as backwards, on both engines."""

from __future__ import annotations

from collections import defaultdict

import pytest
from muniment.errors import NotFound, UsageError
from muniment.graph.database import Database
from muniment.queries.access import Access, Hop
from muniment.queries.becoming import who_can_assume
from muniment.queries.reach import reachable_roles
from muniment.queries.things import Thing

from . import estate
from .estate import ADMIN, ALICE, BOB, CAROL, DANA, DEPLOYER, MFA, OPEN, PLATFORM, PROD_ADMIN, SSO


def reached(database: Database, start: str, accounts: str = "") -> dict[str, tuple[str, list[str]]]:
    rows = reachable_roles(database, start, accounts=accounts).rows
    return {row["target"]: (row["decision"], row["path"]) for row in rows}


def test_by_sets(filled: Database) -> None:
    assert reached(filled, "alice") == {
        ADMIN: ("allow", [ALICE, ADMIN]),
        PROD_ADMIN: ("allow", [ALICE, ADMIN, PROD_ADMIN]),
    }


def test_by_membership_and_under_conditions(filled: Database) -> None:
    answer = reachable_roles(filled, "dana", explain=True)
    rows = {row["target"]: row for row in answer.rows}
    assert rows[SSO]["path"] == [DANA, PLATFORM, SSO]
    assert rows[PROD_ADMIN]["path"] == [DANA, PLATFORM, SSO, PROD_ADMIN]
    assert (rows[PROD_ADMIN]["decision"], rows[PROD_ADMIN]["hops"]) == ("conditional", 3)
    assert rows[PROD_ADMIN]["conditions"] == [MFA]
    assert (rows[SSO]["decision"], rows[ADMIN]["decision"]) == ("allow", "conditional")
    assert answer.explanation[0] == "Dana Smith can become data-lake/AdministratorAccess in 2 steps."
    assert answer.interpretation == f"dana = {DANA}"
    assert answer.exit_code == 0


def test_the_surest_path_wins_over_the_shortest(filled: Database) -> None:
    assert reached(filled, "carol")[PROD_ADMIN] == ("allow", [CAROL, DEPLOYER, ADMIN, PROD_ADMIN])


def test_only_in_an_environment(filled: Database) -> None:
    assert reached(filled, "alice", "checkout") == {}
    assert reached(filled, "carol", "prod").keys() == {ADMIN, PROD_ADMIN}
    assert reached(filled, "carol", "non-prod") == {}


@pytest.mark.parametrize("start", ["alice", "shared-services/ci", "carol", "dana", "bob", "Auditors", DEPLOYER, "*"])
def test_forwards_is_as_backwards(embedded: Database, start: str) -> None:
    forwards = {
        (row["target"], row["decision"], row["hops"], tuple(row["conditions"]))
        for row in reachable_roles(embedded, start).rows
    }
    roles = (ADMIN, PROD_ADMIN, OPEN, SSO, DEPLOYER, estate.DEV_ADMIN, estate.CHECKOUT_DEPLOYER)
    backwards = {
        (row["target"], row["decision"], row["hops"], tuple(row["conditions"]))
        for role in roles
        for row in who_can_assume(embedded, role, only=start).rows
    }
    assert forwards == backwards


def test_whoever_a_foreign_account_lets_goes_on_from_there(embedded: Database) -> None:
    assert reached(embedded, estate.OUTSIDE)[PROD_ADMIN] == ("conditional", [estate.OUTSIDE, PROD_ADMIN])


def test_what_lets_everyone_in_was_decided_for_whoever_was_read(embedded: Database) -> None:
    """That bob may not assume the role that trusts everyone is known: nothing stands for him."""
    assert reached(embedded, "bob") == {}
    assert who_can_assume(embedded, OPEN, only="bob").rows == []


def test_whoever_was_not_read_stands_with_everyone(embedded: Database) -> None:
    assert reached(embedded, estate.OUTSIDE)[OPEN] == ("conditional", [estate.OUTSIDE, OPEN])


def test_a_trust_that_nobody_can_understand_may_let_in_whoever_was_read(embedded: Database) -> None:
    unknown = Hop("*", OPEN, "CAN_ASSUME", "unknown", reason="trust policy: malformed")
    allowed = Hop("*", PROD_ADMIN, "CAN_ASSUME", "allow")
    access = Access({"*": Thing("*", "Anyone")}, defaultdict(list, {OPEN: [unknown], PROD_ADMIN: [allowed]}))
    bob = Thing(BOB, "User", "bob", estate.PAY)
    found = access.of_one(embedded, bob).path(bob, OPEN)
    assert found is not None
    assert (found.decision, found.ids) == ("unknown", [BOB, OPEN])
    assert access.of_one(embedded, bob).path(bob, PROD_ADMIN) is None


def test_an_account_is_no_principal_of_its_own(embedded: Database) -> None:
    with pytest.raises(UsageError, match="is an account"):
        reachable_roles(embedded, "checkout", accounts="payments-prod")


def test_names_are_never_guessed(embedded: Database) -> None:
    with pytest.raises(NotFound):
        reachable_roles(embedded, "alicia")
    with pytest.raises(NotFound):
        reachable_roles(embedded, "alice", accounts="the moon")
