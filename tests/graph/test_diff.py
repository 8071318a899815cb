"""What differs between a listing and the graph, without a database: the graph is a dictionary here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.graph.diff import (
    Details,
    Differences,
    Held,
    HeldEdge,
    HeldNode,
    Operation,
    diff,
    suspects,
)
from muniment.graph.pruning import unreached
from muniment.graph.stated import DERIVED, REFERENCE, SHARED, EdgeIdentity, Stated, state
from muniment.schema import Edge, Listing, Node, Status

from .estate import CONCLUSIONS, OTHER, SCOPE, listing, reference, role, shared, trusts

ROLES = [role(name) for name in "abcd"]
EC2 = reference("ServicePrincipal", "ec2.amazonaws.com")
POLICIES = [shared("ManagedPolicy", f"arn:aws:iam::aws:policy/{name}") for name in "pq"]
STATEMENTS = [shared("Statement", f"{policy.id}#{number}") for policy in POLICIES for number in (1, 2)]


@dataclass
class Graph:
    """What a database would hold, and what reading it would give."""

    nodes: dict[str, HeldNode] = field(default_factory=dict)
    edges: dict[EdgeIdentity, HeldEdge] = field(default_factory=dict)

    def write(self, listed: Listing) -> Differences:
        complete = listed.status is Status.COMPLETE
        stated = state(listed)
        held = self.held(stated)
        found = suspects(stated, held, complete=complete)
        wanted = {edge.identity for edge, _ in found.edges if edge} | {edge.identity for edge in found.unseen}
        details = Details(
            {identity: node.properties or {} for identity, node in self.nodes.items()},
            {
                identity: edge
                for identity, edge in self.edges.items()
                if identity in wanted or (edge.scope == SHARED and edge.start in found.doubtful)
            },
            [edge for edge in self.edges.values() if {edge.start, edge.end} & set(found.removed)],
        )
        differences = diff(stated, held, found, details, complete=complete)
        self.apply(differences)
        return differences

    def held(self, stated: Stated) -> Held:
        named = stated.nodes.keys() | stated.ends
        return Held(
            {
                node.id: HeldNode(node.kind, node.id, node.scope, node.content_hash)
                for node in self.nodes.values()
                if node.scope == stated.scope or node.id in named
            },
            {
                edge.identity: HeldEdge(*edge.identity, edge.scope, edge.content_hash)
                for edge in self.edges.values()
                if edge.scope == stated.scope and edge.type not in DERIVED
            },
        )

    def apply(self, differences: Differences) -> None:
        for edge_change in differences.edges:
            if edge_change.before:
                del self.edges[edge_change.before.identity]
            if edge_change.after:
                made = edge_change.after
                self.edges[made.identity] = HeldEdge(*made.identity, made.owner, made.content_hash, made.properties)
        for change in differences.nodes:
            if change.before:
                del self.nodes[change.before.id]
            if change.after:
                node = change.after
                self.nodes[node.id] = HeldNode(node.kind, node.id, node.owner, node.content_hash, node.properties)
        for edge in self.edges.values():
            assert edge.start in self.nodes
            assert edge.end in self.nodes

    def prune(self) -> None:
        anchored = {end for edge in self.edges.values() if edge.scope != SHARED for end in (edge.start, edge.end)}
        loose = {
            node.id: node
            for node in self.nodes.values()
            if node.scope in (SHARED, REFERENCE) and node.id not in anchored
        }
        gone = unreached(loose, [edge.identity for edge in self.edges.values() if edge.scope == SHARED])
        self.nodes = {identity: node for identity, node in self.nodes.items() if identity not in gone}
        self.edges = {key: edge for key, edge in self.edges.items() if edge.start not in gone and edge.end not in gone}

    def facts(self) -> tuple[dict[str, Any], dict[EdgeIdentity, Any]]:
        """All but what is known of references, which depends on who spoke first."""
        return (
            {
                node.id: (node.kind, node.scope, node.scope != REFERENCE and (node.content_hash, node.properties))
                for node in self.nodes.values()
            },
            {key: (edge.scope, edge.content_hash, edge.properties) for key, edge in self.edges.items()},
        )


def chosen(items: list[Node]) -> st.SearchStrategy[list[Node]]:
    return st.lists(st.sampled_from(items), unique_by=lambda node: node.id) if items else st.just([])


@st.composite
def listed(draw: st.DrawFn, *statuses: Status) -> Listing:
    """One of two scopes states some roles as its own, names others, and attaches shared policies."""
    versions = st.sampled_from([{}, {"description": "x"}, {"path": "/"}])
    own = [Node(node.kind, node.id, {**node.properties, **draw(versions)}) for node in draw(chosen(ROLES))]
    named = [reference("Role", node.id) for node in ROLES if node.id not in {other.id for other in own}]
    policies = draw(chosen(POLICIES))
    statements = draw(chosen([node for node in STATEMENTS if node.id[:-2] in {policy.id for policy in policies}]))
    edges = [Edge("HAS_STATEMENT", node.id[:-2], node.id) for node in statements]
    for node in own:
        ends = draw(chosen([EC2, *own, *named]))
        edges += [trusts(node, end, effect=draw(st.sampled_from(["Allow", "Deny"]))) for end in ends]
        edges += [Edge("ATTACHED_TO", policy.id, node.id) for policy in draw(chosen(policies))]
    nodes = [*own, *named, *policies, *statements, EC2]
    return listing(nodes, edges, scope=draw(st.sampled_from([SCOPE, OTHER])), status=draw(st.sampled_from(statuses)))


@given(st.lists(listed(Status.COMPLETE, Status.PARTIAL), max_size=4), listed(Status.COMPLETE), listed(Status.COMPLETE))
def test_what_was_before_two_complete_listings_leaves_no_trace(
    before: list[Listing], one: Listing, two: Listing
) -> None:
    one = Listing(SCOPE, one.nodes, one.edges)
    two = Listing(OTHER, two.nodes, two.edges)
    clean, used = Graph(), Graph()
    for each in before:
        used.write(each)
    for each in (one, two, one, two):
        clean.write(each)
        used.write(each)
    clean.prune()
    used.prune()
    assert used.facts() == clean.facts()


@given(st.lists(listed(Status.COMPLETE, Status.PARTIAL), max_size=3), listed(Status.COMPLETE, Status.PARTIAL))
def test_the_same_again_differs_in_nothing(before: list[Listing], last: Listing) -> None:
    graph = Graph()
    for each in (*before, last):
        graph.write(each)
    again = graph.write(last)
    assert (again.nodes, again.edges) == ([], [])


@given(st.lists(listed(Status.COMPLETE), max_size=3), listed(Status.PARTIAL))
def test_an_incomplete_listing_takes_nothing_away(before: list[Listing], partial: Listing) -> None:
    graph = Graph()
    for each in before:
        graph.write(each)
    nodes, edges = graph.facts()
    differences = graph.write(partial)
    assert all(change.operation is not Operation.REMOVED for change in (*differences.nodes, *differences.edges))
    for identity, node in graph.nodes.items():
        known = nodes.get(identity)
        if known and known[1] not in (REFERENCE, SHARED) and known[2]:
            assert node.scope == known[1]
            assert known[2][1].keys() <= (node.properties or {}).keys()
    assert edges.keys() <= graph.edges.keys()


@given(st.lists(listed(Status.COMPLETE, Status.PARTIAL), min_size=1, max_size=4))
def test_the_counts_of_a_scope_are_what_it_owns(listings: list[Listing]) -> None:
    graph = Graph()
    for each in listings:
        differences = graph.write(each)
        owner = str(each.scope)
        assert differences.nodes_owned == sum(node.scope == owner for node in graph.nodes.values())
        assert differences.edges_owned == sum(edge.scope == owner for edge in graph.edges.values())


def test_a_removed_node_keeps_what_others_refer_to_and_loses_its_conclusions() -> None:
    first, second = ROLES[:2]
    graph = Graph()
    graph.write(listing([first]))
    graph.write(listing([second, reference("Role", first.id)], [trusts(second, first)], scope=OTHER))
    concluded = HeldEdge("CAN_ASSUME", second.id, first.id, "", str(CONCLUSIONS), "", {})
    graph.edges[concluded.identity] = concluded
    differences = graph.write(listing())
    assert [change.operation for change in differences.nodes] == [Operation.REMOVED]
    assert graph.nodes[first.id].scope == REFERENCE
    assert [edge.type for edge in graph.edges.values()] == ["TRUSTS"]


def test_a_relationship_to_nowhere_is_named() -> None:
    with pytest.raises(ValueError, match=r"a -TRUSTS-> ec2\.amazonaws\.com"):
        Graph().write(listing([ROLES[0]], [trusts(ROLES[0], EC2)]))
