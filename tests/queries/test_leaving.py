"""Which accounts may leave the organization, by what service control policies deny, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.graph.database import Database
from muniment.queries.library import question
from muniment.queries.running import run
from muniment.schema import Edge, Node

from . import estate

POLICY = "arn:aws:organizations::111111111111:policy/o-a/scp/p-stay"
LEAVE = "organizations:LeaveOrganization"
DENIALS: dict[str, tuple[dict[str, Any], bool]] = {
    "the action itself": ({"actions": [LEAVE]}, True),
    "a pattern, in whatever case": ({"actions": ["s3:*", "ORGANIZATIONS:*organi?ation"]}, True),
    "another action": ({"actions": ["organizations:Leave"]}, False),
    "all but others": ({"not_actions": ["iam:*", "organizations:Describe*"]}, True),
    "all but the action": ({"not_actions": ["iam:*", LEAVE]}, False),
    "all but a pattern of it": ({"not_actions": ["organizations:*"]}, False),
    "under a condition": ({"not_actions": ["iam:*"], "conditions": "{}"}, False),
    "about some resource": ({"actions": [LEAVE], "resources": ["arn:aws:s3:::b"]}, False),
}
"""What a statement denies, and whether that keeps an account in: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html"""


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def guarded(request: pytest.FixtureRequest) -> Database:
    """The estate, whose policy of the root denies nothing; each account that is named has one denial of its own."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    nodes: list[Node] = []
    edges: list[Edge] = []
    for number, (said, _) in enumerate(DENIALS.values()):
        account, policy = f"{number:012}", f"{POLICY}-{number}"
        nodes += [
            Node("Account", account, {"account_id": account, "path": "o-a/r-a/", "state": "ACTIVE"}),
            Node("ServiceControlPolicy", policy, {}),
            Node("Statement", f"{policy}#1", {"effect": "Deny", "resources": ["*"], **said}),
        ]
        edges += [
            Edge("ATTACHED_TO", policy, account),
            Edge("HAS_STATEMENT", policy, f"{policy}#1"),
        ]
    estate.fill(database, [estate.listing("aws/all/global/organizations", nodes, edges)], {})
    return database


def test_a_denial_keeps_an_account_in_where_it_takes_in_the_action(guarded: Database) -> None:
    rows = run(guarded, question("leaving-not-denied"), {}, now=estate.NOW).rows
    leaving = {int(row["account"]) for row in rows}
    assert [number not in leaving for number in range(len(DENIALS))] == [kept for _, kept in DENIALS.values()]
