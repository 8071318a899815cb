"""Finds nodes of no single scope that nothing refers to any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import statements
from .database import Database
from .diff import EdgeChange, HeldEdge, HeldNode, NodeChange
from .holding import around, kind_of, properties_of
from .stated import REFERENCE, SHARED, EdgeIdentity


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Nodes that nothing refers to, and the shared relationships between them."""

    nodes: list[NodeChange]
    edges: list[EdgeChange]


def forgotten(database: Database) -> Forgotten:
    """Shared and reference nodes at which there is no relationship of any scope, not even through shared ones.

    A policy of AWS is kept by what it is attached to, its statements by the policy.
    """
    loose = {
        row["id"]: HeldNode(kind_of(tuple(row["labels"])), row["id"], scope, row["content_hash"])
        for scope in (SHARED, REFERENCE)
        for row in database.read(statements.LOOSE_NODES, scope=scope)
    }
    shared = [
        (row["type"], row["start"], row["end"], row["key"])
        for row in (database.read(statements.edges_of_scope(), scope=SHARED) if loose else ())
    ]
    gone = unreached(loose, shared)
    for identity, properties in properties_of(database, sorted(gone)).items():
        loose[identity].properties = properties
    edges: list[HeldEdge] = around(database, sorted(gone))
    return Forgotten(
        [NodeChange(loose[identity], None) for identity in sorted(gone)], [EdgeChange(edge, None) for edge in edges]
    )


def unreached(loose: Mapping[str, object], shared: Iterable[EdgeIdentity]) -> set[str]:
    """Of the loose nodes those that no chain of shared relationships joins to a node that is not loose. Pure."""
    beside: dict[str, set[str]] = defaultdict(set)
    for _, start, end, _ in shared:
        beside[start].add(end)
        beside[end].add(start)
    reached = [identity for identity in beside if identity not in loose]
    unseen = set(loose)
    while reached:
        for neighbour in beside[reached.pop()]:
            if neighbour in unseen:
                unseen.discard(neighbour)
                reached.append(neighbour)
    return unseen
