"""Whence root users of member accounts are managed, as the graph gives it back to the analysis, on both engines."""

from __future__ import annotations

from muniment.analysis.escalation.root_access import RootAccess
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.writer import Writer
from muniment.ingest.aws.documents import policy_facts
from muniment.run.estate import load_estate
from muniment.run.root_access import load_root_access
from muniment.schema import Edge, Listing, Node, Refusal, Status

from .test_estate import CLOSED, HOME, MEMBER, NOW, ORGANIZATION, allow, listing, organization, statements
from .test_surroundings import conclude_all

SCOPE = f"aws/{HOME}/global/organizations"
RECOVERER = f"arn:aws:iam::{HOME}:user/recoverer"


def organized() -> list[Node | Edge]:
    delegated = [
        Edge("DELEGATES_TO", ORGANIZATION, account, {"service": service}, service)
        for account, service in ((CLOSED, "iam.amazonaws.com"), (MEMBER, "sso.amazonaws.com"))
    ]
    return [*organization(), *delegated]


def fill(database: Database, *found: Listing) -> None:
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    for one in found:
        writer.write(one)
    lease.release()


def loaded(database: Database) -> tuple[RootAccess, ...]:
    return load_root_access(database, load_estate(database))


def test_the_administrator_of_iam_manages_root_users_beside_the_management_account(database: Database) -> None:
    fill(database, listing(SCOPE, organized()))
    (access,) = loaded(database)
    assert (access.account, access.members) == (HOME, {MEMBER, CLOSED})
    assert (access.delegates, access.delegates_unread) == ({CLOSED}, None)


def test_delegates_that_could_not_be_listed_are_not_known(database: Database) -> None:
    refusal = Refusal("organizations:ListDelegatedAdministrators", "AccessDenied")
    found = listing(SCOPE, organization(), Status.PARTIAL, refusal)
    nodes, edges = found.nodes, found.edges
    fill(database, Listing(found.scope, nodes, edges, Status.PARTIAL, (refusal,), finished_at="2026-01-31T00:00:00Z"))
    (access,) = loaded(database)
    assert access.delegates == frozenset()
    assert "organizations:ListDelegatedAdministrators" in (access.delegates_unread or "")


def test_without_an_organization_there_are_no_root_sessions(database: Database) -> None:
    fill(database, listing(f"aws/{HOME}/global/iam", []))
    assert loaded(database) == ()


def test_what_follows_from_it_is_concluded(database: Database) -> None:
    inline = f"{RECOVERER}/inline-policy/p"
    user = [
        Node("User", RECOVERER, {"name": "recoverer", "account_id": HOME, "tags": "{}"}),
        *policy_facts("InlinePolicy", inline, statements(allow("sts:AssumeRoot")), {}),
        Edge("ATTACHED_TO", inline, RECOVERER),
    ]
    fill(database, listing(SCOPE, organized()), listing(f"aws/{HOME}/global/iam", user))
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    conclude_all(database, lease)
    lease.release()
    rows = database.read(
        "MATCH (u:User {id: $id})-[e:CAN_ESCALATE_TO]->(a:Account) RETURN a.id AS account, e.technique AS technique,"
        " e.decision AS decision",
        id=RECOVERER,
    )
    assert {row["account"] for row in rows} == {MEMBER, CLOSED}
    assert {(row["technique"], row["decision"]) for row in rows} == {("root-session-001", "conditional")}
