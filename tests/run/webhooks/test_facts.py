"""What counts as access from outside, in a real graph on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.run.freshness import Freshness
from muniment.run.webhooks.events import LOST_COVERAGE, NEW_EXPOSURE, SURENESS, Fact
from muniment.run.webhooks.facts import accounts_are_listed, snapshot
from muniment.schema import Edge, Node

from ...queries import estate

NOW = estate.NOW
ROLE = estate.CHECKOUT_DEPLOYER
OUTSIDER = f"arn:aws:iam::{estate.OUTSIDE}:role/partner"


def exposures(database: Database) -> dict[tuple[str, ...], Fact]:
    found = snapshot(database, Freshness({}), NOW)
    return {fact.about[:2]: fact for fact in found.facts[NEW_EXPOSURE]}


def change(database: Database, cypher: Any, **parameters: Any) -> None:
    database.write(lambda tx: tx.run(cypher, parameters).consume())


def let_in(database: Database) -> None:
    """A role that somebody of an account which only policies name can assume."""
    change(
        database,
        "MATCH (r:Role {id: $role}) "
        "CREATE (p:OtherPrincipal) SET p:Principal, p.id = $id, p.account_id = $account, p.scope = 'reference' "
        "CREATE (p)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r)"
        if database.engine.value == "neo4j"
        else "MATCH (r:Role {id: $role}) "
        "CREATE (p:OtherPrincipal {id: $id, account_id: $account, scope: 'reference'}) "
        "CREATE (p)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r)",
        role=ROLE,
        id=OUTSIDER,
        account=estate.OUTSIDE,
    )


def organizations(database: Database, status: str, *refusals: str) -> None:
    change(
        database,
        "MATCH (s:Scope {id: $id}) SET s.status = $status, s.refusals = $refusals",
        id=f"aws/{estate.ACME}/global/organizations",
        status=status,
        refusals=list(refusals) or None,
    )


def test_an_account_is_outside_where_all_of_the_organization_are_known(database: Database) -> None:
    estate.fill(database)
    let_in(database)

    def sure() -> int:
        return exposures(database)[OUTSIDER, ROLE].sure

    assert sure() == SURENESS["allow"]
    organizations(database, "partial", "AccessDenied: organizations:ListTagsForResource (no)")
    assert sure() == SURENESS["allow"], "what could not be read there is not the list"
    organizations(database, "partial", "AccessDenied: organizations:ListAccountsForParent (no)")
    assert sure() == SURENESS["allow"]
    organizations(database, "partial", "AccessDenied: organizations:ListAccounts (no)")
    assert sure() == SURENESS["unknown"], "it may be one of the accounts that were not listed"
    organizations(database, "denied")
    assert sure() == SURENESS["unknown"]
    change(database, "MATCH (s:Scope {collector: 'organizations'}) DETACH DELETE s")
    assert sure() == SURENESS["unknown"], "nobody asked whether there is an organization"


def test_an_account_of_the_organization_that_was_never_read_is_not_outside(database: Database) -> None:
    estate.fill(database)
    let_in(database)
    change(
        database,
        "MATCH (a:Account {id: $id}) SET a.scope = $scope",
        id=estate.ACME,
        scope=f"aws/{estate.ACME}/global/organizations",
    )
    change(database, "MATCH (p:OtherPrincipal {id: $id}) SET p.account_id = $acme", id=OUTSIDER, acme=estate.ACME)
    change(database, "MATCH (s:Scope {id: $id}) DETACH DELETE s", id=f"aws/{estate.ACME}/global/iam")
    assert (OUTSIDER, ROLE) not in exposures(database)


def test_anyone_is_outside_whatever_is_known_of_accounts(database: Database) -> None:
    estate.fill(database)
    organizations(database, "denied")
    found = exposures(database)["*", estate.OPEN]
    assert found.sure > SURENESS["unknown"]


def subject(name: str, provider: str, breadth: str) -> Node:
    fields = {"name": name, "provider": provider, "issuer": "issuer.example", "subject": "*", "breadth": breadth}
    return Node("FederatedSubject", f"federated-subject/{name}", fields)


@pytest.mark.parametrize(
    ("provider", "breadth", "told", "why"),
    [
        ("GitHub", "any-repository", True, "everybody can have a repository there"),
        ("GitHub", "exact", True, "it is not told whose repository it is"),
        ("GitHub", "nobody", False, "no token can meet it"),
        ("OpenID Connect", "anyone", True, "who has tokens of it is not known"),
        ("SAML", "any-repository", False, "the organization's own provider says whom it gives the role"),
        ("SAML", "anyone", True, "a provider of anyone's"),
        ("SAML", "unknown", True, "nobody knows whom"),
        ("EKS", "exact", False, "a service account of a cluster of its own"),
        ("EKS", "any-repository", True, "everything that runs in the cluster"),
    ],
)
def test_federated_identities(provider: str, breadth: str, told: bool, why: str, embedded_database: Database) -> None:
    admitted = estate.conclusions()
    edge = next(iter(admitted[estate.ScopeId.parse("muniment/all/global/federation")]))
    one = subject("one", provider, breadth)
    read = [*estate.listings(), estate.listing("muniment/all/global/federation-nodes", [one])]
    scope = estate.ScopeId.parse("muniment/all/global/federation")
    admitted[scope] = [Edge(edge.type, one.id, edge.end, dict(edge.properties), edge.key)]
    estate.fill(embedded_database, read, admitted)
    found = exposures(embedded_database)
    assert ((one.id, edge.end) in found) is told, why
    if told:
        fact = found[one.id, edge.end]
        assert (fact.told["admits"], fact.told["breadth"]) == ("one", breadth)


def test_no_list_of_accounts_is_no_reason_to_be_sure() -> None:
    assert not accounts_are_listed([])


def test_conclusions_that_are_being_drawn_are_no_lost_coverage(embedded_database: Database) -> None:
    """They are partial until their sets are complete: a scheduler that looks meanwhile told of it."""
    estate.fill(embedded_database)
    scope = "muniment/all/global/principal-sets"
    change(embedded_database, "MATCH (s:Scope {id: $id}) SET s.status = 'partial'", id=scope)

    def lost() -> list[str]:
        found = snapshot(embedded_database, Freshness({}), NOW).facts[LOST_COVERAGE]
        return [fact.about[0] for fact in found if fact.sure]

    with Lease.acquire(embedded_database, "a run", 600, lambda: NOW):
        assert lost() == []
        change(
            embedded_database, "MATCH (s:Scope {id: $id}) SET s.status = 'denied'", id=f"aws/{estate.PAY}/global/iam"
        )
        assert lost() == [f"aws/{estate.PAY}/global/iam"]
    assert lost() == [f"aws/{estate.PAY}/global/iam", scope]
