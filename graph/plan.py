"""From differences to rows for statements, in an order that never refers to what is not there yet. Pure.

Nodes come before relationships, and removals last. What belongs to no single scope comes first and together: the hash
of a shared node vouches for its relationships, so both must be written in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import statements
from .batches import Item, Makes, Row
from .database import Engine
from .diff import Change, Differences, EdgeChange, HeldEdge, NodeChange, Operation
from .holding import Nearer
from .stated import REFERENCE, SHARED, StatedEdge, StatedNode

Record = Callable[[Change], Row | None]
"""Makes the record of a change, or none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Phases of rows. ``together`` goes into one transaction, ``then`` into as many as are needed."""

    together: Sequence[Sequence[Item]]
    then: Sequence[Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns changes into rows; ``now`` is what the rows are stamped with."""

    engine: Engine
    now: str
    nearer: Nearer
    kinds: Mapping[str, str]
    record: Record

    def plan(self, differences: Differences, moved: Iterable[HeldEdge]) -> Plan:
        """``moved`` are all relationships of nodes that become another kind, and so are made anew."""
        common_nodes, own_nodes = _parted(differences.nodes, lambda change: change.remade or _is_common(change))
        common_edges, own_edges = _parted(differences.edges, _is_common)
        return Plan(
            [
                [item for change in common_nodes if change.remade for item in self._unmake(change)],
                *self._node_phases(common_nodes),
                [self._moved(edge) for edge in moved],
                *self.edge_phases(common_edges),
                self.removals(common_nodes),
            ],
            [*self._node_phases(own_nodes), *self.edge_phases(own_edges), self.removals(own_nodes)],
        )

    def _node_phases(self, changes: Sequence[NodeChange]) -> Iterator[list[Item]]:
        written = [(change, change.after) for change in changes if change.after]
        yield [
            self._node(change, node, statements.create_nodes(node.kind, self.engine), Makes.NODES)
            for change, node in written
            if change.before is None or change.remade
        ]
        yield [
            self._node(change, node, statements.change_nodes(node.kind))
            for change, node in written
            if change.before is not None and not change.remade and change.operation is not Operation.REMOVED
        ]

    def edge_phases(self, changes: Sequence[EdgeChange]) -> Iterator[list[Item]]:
        """Relationships made, changed, removed."""
        yield [self._create_edge(change) for change in changes if change.operation is Operation.CREATED]
        yield [self._change_edge(change) for change in changes if change.operation is Operation.CHANGED]
        yield [self._delete_edge(change) for change in changes if change.operation is Operation.REMOVED]

    def removals(self, changes: Sequence[NodeChange]) -> list[Item]:
        """Nodes that become references, and those that go."""
        references = [
            self._node(change, node, statements.change_nodes(node.kind))
            for change in changes
            if change.operation is Operation.REMOVED and (node := change.after)
        ]
        return references + [
            Item(statements.delete_nodes(gone.kind), {"id": gone.id}, len(gone.id), self.record(change))
            for change in changes
            if change.after is None and (gone := change.before)
        ]

    def _unmake(self, change: NodeChange) -> Iterator[Item]:
        if change.before:
            yield Item(statements.delete_nodes(change.before.kind), {"id": change.before.id}, len(change.before.id))

    def _node(self, change: NodeChange, node: StatedNode, statement: str, makes: Makes = Makes.NOTHING) -> Item:
        row = {**node.properties, "id": node.id, **self._bookkeeping(change.before, node)}
        return Item(statement, row, node.size, self.record(change), makes)

    def _create_edge(self, change: EdgeChange) -> Item:
        """The row that makes a relationship."""
        edge = _after(change)
        return self._edge(change, edge, statements.create_edges(edge.type), Makes.EDGES)

    def _change_edge(self, change: EdgeChange) -> Item:
        """The row that gives a relationship other properties."""
        edge = _after(change)
        near, at_start = self._near(edge)
        return self._edge(change, edge, statements.change_edges(edge.type, near, at_start=at_start))

    def _delete_edge(self, change: EdgeChange) -> Item:
        """The row that removes a relationship."""
        edge = change.before
        assert edge is not None
        near, at_start = self._near(edge)
        row = {"start": edge.start, "end": edge.end, "key": edge.key}
        statement = statements.delete_edges(edge.type, near, at_start=at_start)
        return Item(statement, row, len(edge.start) + len(edge.end) + 50, self.record(change))

    def _edge(self, change: EdgeChange, edge: StatedEdge, statement: str, makes: Makes = Makes.NOTHING) -> Item:
        properties = {**edge.properties, "key": edge.key, **self._bookkeeping(change.before, edge)}
        row = {"start": edge.start, "end": edge.end, "key": edge.key, "properties": properties}
        return Item(statement, row, edge.size, self.record(change), makes)

    def _moved(self, edge: HeldEdge) -> Item:
        row = {"start": edge.start, "end": edge.end, "properties": dict(edge.properties or {})}
        return Item(statements.create_edges(edge.type), row, 500, makes=Makes.EDGES)

    def _near(self, edge: StatedEdge | HeldEdge) -> tuple[str, bool]:
        at_start = self.nearer.at_start(edge.identity)
        return self.kinds.get(edge.start if at_start else edge.end, statements.ANY), at_start

    def _bookkeeping(self, before: Any, after: StatedNode | StatedEdge) -> dict[str, str]:
        seen = (before.properties or {}).get("first_seen") if before else None
        return {
            "scope": after.owner,
            "content_hash": after.content_hash,
            "first_seen": seen or self.now,
            "changed_at": self.now,
        }


def _after(change: EdgeChange) -> StatedEdge:
    assert change.after is not None
    return change.after


def _is_common(change: Change) -> bool:
    """Whether it is a fact of no single scope. Becoming a reference is a removal, and waits for the others."""
    if change.after:
        return change.after.owner in (SHARED, REFERENCE) and change.operation is not Operation.REMOVED
    return change.before is not None and change.before.scope in (SHARED, REFERENCE)


def _parted(changes: Iterable[Any], test: Callable[[Any], bool]) -> tuple[list[Any], list[Any]]:
    parts: tuple[list[Any], list[Any]] = ([], [])
    for change in changes:
        parts[not test(change)].append(change)
    return parts
