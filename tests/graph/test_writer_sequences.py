"""Whatever is listed in whatever order, the graph is what the last complete listing says, and what was added since."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from muniment.graph.counts import Counts
from muniment.graph.database import Database
from muniment.schema import Edge, Listing, Node, Status

from .estate import graph, listing, reference, role, shared, trusts, writer

SLOW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ROLES = [role(name) for name in "abc"]
POLICIES = [shared("ManagedPolicy", f"arn:aws:iam::aws:policy/{name}") for name in "pq"]
STATEMENTS = [shared("Statement", f"{policy.id}#{number}") for policy in POLICIES for number in (1, 2)]
NAMED = [reference("ServicePrincipal", "ec2.amazonaws.com"), reference("Account", "444455556666")]


@st.composite
def stated(draw: st.DrawFn, status: Status) -> Listing:
    """A listing of roles in several versions, of what they trust, and of policies that AWS shares."""
    versions = st.sampled_from([{}, {"description": "x"}, {"description": "y", "path": "/"}])
    roles = [Node(node.kind, node.id, {**node.properties, **draw(versions)}) for node in draw(chosen(ROLES))]
    policies = draw(chosen(POLICIES))
    statements = draw(chosen([node for node in STATEMENTS if node.id[:-2] in {policy.id for policy in policies}]))
    edges = [Edge("HAS_STATEMENT", node.id[:-2], node.id) for node in statements]
    effects = st.sampled_from(["Allow", "Deny"])
    for node in roles:
        edges += [trusts(node, end, effect=draw(effects)) for end in draw(chosen([*NAMED, *roles]))]
        edges += [Edge("ATTACHED_TO", policy.id, node.id) for policy in draw(chosen(policies))]
    return listing(draw(st.permutations([*roles, *policies, *statements, *NAMED])), edges, status=status)


def chosen(items: list[Node]) -> st.SearchStrategy[list[Node]]:
    return st.lists(st.sampled_from(items), unique_by=lambda node: node.id) if items else st.just([])


def clean(database: Database) -> None:
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())


def written(database: Database, listings: list[Listing]) -> dict[str, Any]:
    """The graph after these, without what nothing refers to."""
    clean(database)
    for one in listings:
        writer(database).write(one)
    writer(database).prune()
    return graph(database)


@SLOW
@given(st.lists(stated(Status.COMPLETE), min_size=1, max_size=3), stated(Status.COMPLETE))
def test_the_last_complete_listing_is_what_counts(database: Database, before: list[Listing], last: Listing) -> None:
    assert written(database, [*before, last]) == written(database, [last])


@SLOW
@given(stated(Status.COMPLETE), stated(Status.PARTIAL))
def test_a_partial_listing_only_adds(database: Database, first: Listing, added: Listing) -> None:
    known = written(database, [first])
    now = written(database, [first, added])
    assert {properties_of(node, "id") for node in known["nodes"]} <= {
        properties_of(node, "id") for node in now["nodes"]
    }
    assert {edge[:3] for edge in known["edges"]} <= {edge[:3] for edge in now["edges"]}
    kept = {(edge.start, edge.type, edge.end) for edge in added.edges if edge.type != "HAS_STATEMENT"}
    assert kept <= {edge[:3] for edge in now["edges"]}
    assert written(database, [first, added, first]) == known


@SLOW
@given(stated(Status.COMPLETE), st.sampled_from([Status.COMPLETE, Status.PARTIAL]))
def test_writing_twice_changes_nothing(database: Database, first: Listing, status: Status) -> None:
    clean(database)
    writer(database).write(first)
    before = graph(database)
    again = listing(first.nodes, first.edges, status=status)
    assert writer(database).write(again) == Counts(statements=1, rows=1)
    assert graph(database) == before


def properties_of(node: tuple[list[str], list[tuple[str, Any]]], name: str) -> Any:
    return dict(node[1])[name]
