"""Who can take an action: in which order, and what is said of whom nobody knows to be let."""

from __future__ import annotations

from muniment.graph.database import Database
from muniment.queries.atlas import Atlas
from muniment.queries.permitted import Decided, who_can_answer
from muniment.queries.sentences import ONLY_BY_RESOURCE

from .estate import ADMIN, ALICE, BOB, CAROL, DEPLOYER, PROD_ADMIN, SSO

UNREAD = Decided("unknown", note=ONLY_BY_RESOURCE)
DOUBTED = Decided("unknown", note="a resource policy of arn:aws:s3:::b is not in the register")


def answered(database: Database, decided: dict[str, Decided], **how: bool) -> list[tuple[str, str, str]]:
    answer = who_can_answer(database, Atlas.load(database), "s3:GetObject", "arn:aws:s3:::b", decided.items(), **how)
    return [(row["principal"], row["decision"], row["note"]) for row in answer.rows]


def test_the_surest_come_first_then_by_name(embedded: Database) -> None:
    decided = {SSO: UNREAD, BOB: Decided("conditional"), PROD_ADMIN: Decided("allow"), ADMIN: Decided("allow")}
    assert [principal for principal, _, _ in answered(embedded, decided)] == [ADMIN, PROD_ADMIN, BOB, SSO]


def test_whoever_becomes_a_role_that_is_let_is_never_folded(embedded: Database) -> None:
    """Its own policies let nothing, and neither do those of the nearest role; those of the next one may."""
    rows = answered(embedded, {ALICE: UNREAD, ADMIN: UNREAD, PROD_ADMIN: DOUBTED}, transitive=True)
    notes = {principal: note for principal, _, note in rows}
    assert notes[ALICE] == notes[ADMIN] == notes[DEPLOYER] == notes[CAROL] == DOUBTED.note


def test_whoever_becomes_a_role_that_only_the_resource_could_let_is_no_surer(embedded: Database) -> None:
    rows = answered(embedded, {ADMIN: UNREAD}, transitive=True)
    assert {(decision, note) for _, decision, note in rows} == {("unknown", ONLY_BY_RESOURCE)}
    assert ALICE in {principal for principal, _, _ in rows}


def test_a_surer_role_makes_surer(embedded: Database) -> None:
    rows = answered(embedded, {ALICE: DOUBTED, ADMIN: Decided("allow")}, transitive=True)
    assert (ALICE, "allow", "") in rows
