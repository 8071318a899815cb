"""What differs between a listing and the graph. Pure: it is given both, and reads neither.

It goes in two steps, because nearly everything is equal, and that is told by hashes alone: ``suspects`` finds what may
differ and which relationships must be looked for, and ``diff`` decides with the properties of those few in hand.

Who decides about a node or relationship is its owner: a scope, ``shared``, or ``reference``.

- What a scope states, it takes over from ``shared`` and ``reference``; from another scope only with a complete listing.
- What is stated as shared takes over references, and leaves alone what a scope owns.
- What is stated as a reference is made where there is nothing, and else left as it is.
- A complete listing removes what its scope owned and it no longer states. A node that others still refer to becomes a
  reference instead. Conclusions drawn about such a node go with it.
- An incomplete listing adds and changes, and neither removes nor clears anything: a field that it does not state stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from ..schema import content_hash
from .stated import (
    BOOKKEEPING,
    DERIVED,
    REFERENCE,
    SHARED,
    EdgeIdentity,
    Stated,
    StatedEdge,
    StatedNode,
    check_ends,
    hash_of_shared,
)

KEPT_BY_REFERENCE = ("name", "provider", "account_id")
"""What is still known of a node that is no longer listed."""


class Operation(StrEnum):
    """What became of a fact."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(slots=True)
class HeldNode:
    """A node of the graph. ``properties`` holds all of them, bookkeeping too, once they were read."""

    kind: str
    id: str
    scope: str
    content_hash: str
    properties: Mapping[str, Any] | None = None

    @property
    def stated(self) -> dict[str, Any]:
        """The properties that a source stated."""
        return _stated(self.properties)


@dataclass(slots=True)
class HeldEdge:
    """A relationship of the graph; ``properties`` as of a node."""

    type: str
    start: str
    end: str
    key: str
    scope: str
    content_hash: str
    properties: Mapping[str, Any] | None = None

    @property
    def identity(self) -> EdgeIdentity:
        return (self.type, self.start, self.end, self.key)

    @property
    def stated(self) -> dict[str, Any]:
        """The properties that a source stated."""
        return _stated(self.properties)


@dataclass(frozen=True, slots=True)
class Held:
    """What the graph holds of a scope: its own nodes and relationships, and the nodes that its listing names."""

    nodes: dict[str, HeldNode]
    edges: dict[EdgeIdentity, HeldEdge]


@dataclass(frozen=True, slots=True)
class Suspects:
    """What may differ. Their properties are to be read before it is decided."""

    nodes: list[tuple[HeldNode | None, StatedNode | None]]
    edges: list[tuple[HeldEdge | None, StatedEdge | None]]
    unseen: list[StatedEdge]
    """Stated relationships that the scope does not own and others may: to be looked for."""
    doubtful: list[str]
    """Shared nodes whose hash differs: all shared relationships that start at them are to be read."""

    @property
    def removed(self) -> list[str]:
        """Nodes no longer listed: all relationships of others at them are to be read."""
        return [held.id for held, stated in self.nodes if held and (stated is None or stated.owner == REFERENCE)]


@dataclass(frozen=True, slots=True)
class Details:
    """What was read about the suspects."""

    nodes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    edges: Mapping[EdgeIdentity, HeldEdge] = field(default_factory=dict)
    """The suspects among relationships, those found of the unseen, and those that start at doubtful nodes."""
    around: Iterable[HeldEdge] = ()
    """Relationships of other owners, derived ones too, at the nodes no longer stated."""


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node to write. One of the two sides may be absent."""

    before: HeldNode | None
    after: StatedNode | None

    @property
    def operation(self) -> Operation:
        """What it means to a reader: becoming a mere reference is being removed, and the other way round."""
        if self.after is None or (self.before and self.before.scope != REFERENCE and self.after.owner == REFERENCE):
            return Operation.REMOVED
        if self.before is None or (self.before.scope == REFERENCE and self.after.owner != REFERENCE):
            return Operation.CREATED
        return Operation.CHANGED

    @property
    def silent(self) -> bool:
        """Whether nothing is different to a reader: only a hash is, because it vouches for relationships too."""
        known, node = self.before, self.after
        return (
            known is not None
            and node is not None
            and (known.kind, known.scope, known.stated) == (node.kind, node.owner, node.properties)
        )

    @property
    def remade(self) -> bool:
        """Whether it becomes another kind. The embedded engine cannot change a node's type, so it is made anew."""
        return self.before is not None and self.after is not None and self.before.kind != self.after.kind


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """A relationship to write. One of the two sides may be absent."""

    before: HeldEdge | None
    after: StatedEdge | None
    silent = False

    @property
    def operation(self) -> Operation:
        if self.after is None:
            return Operation.REMOVED
        return Operation.CHANGED if self.before else Operation.CREATED


Change: TypeAlias = NodeChange | EdgeChange


@dataclass(frozen=True, slots=True)
class Differences:
    """All that is to be written, and how much the scope owns afterwards."""

    nodes: list[NodeChange]
    edges: list[EdgeChange]
    kinds: Mapping[str, str]
    """The kind of every node that a relationship here starts or ends at, where it is known."""
    nodes_owned: int
    edges_owned: int

    @property
    def remade(self) -> list[str]:
        """Nodes that become another kind."""
        return [change.after.id for change in self.nodes if change.after and change.remade]


def suspects(stated: Stated, held: Held, *, complete: bool) -> Suspects:
    """What may differ; ValueError where a relationship ends at a node that is neither stated nor in the graph."""
    _check_edges(stated, held)
    nodes: list[tuple[HeldNode | None, StatedNode | None]] = []
    for node in stated.nodes.values():
        known = held.nodes.get(node.id)
        if known is None or (
            _decides(stated.scope, node.owner, known.scope, complete=complete)
            and (known.content_hash, known.scope, known.kind) != (node.content_hash, node.owner, node.kind)
        ):
            nodes.append((known, node))
    if complete:
        gone = (node for node in held.nodes.values() if node.scope == stated.scope and node.id not in stated.nodes)
        nodes.extend((node, None) for node in gone)
    changed = {node.id: known for known, node in nodes if node and node.owner == SHARED}
    edges, unseen = _suspect_edges(stated, held, changed, complete=complete)
    return Suspects(nodes, edges, unseen, [identity for identity, known in changed.items() if known])


def diff(stated: Stated, held: Held, found: Suspects, details: Details, *, complete: bool) -> Differences:
    """What is to be written."""
    edges = _edge_changes(stated, found, details, complete=complete)
    remaining = {end for _, start, end_, _ in stated.edges for end in (start, end_)}
    conclusions: dict[EdgeIdentity, HeldEdge] = {}
    going = {change.before.identity for change in edges if change.before and change.after is None}
    for edge in details.around:
        if edge.type in DERIVED:
            conclusions[edge.identity] = edge
        elif edge.scope != stated.scope and edge.identity not in going:
            remaining |= {edge.start, edge.end}
    edges.extend(EdgeChange(edge, None) for edge in conclusions.values())
    nodes: list[NodeChange] = []
    for known, node in found.nodes:
        if known:
            known.properties = details.nodes.get(known.id, known.properties)
        change = _node_change(stated, known, node, details, referred=remaining, complete=complete)
        if change:
            nodes.append(change)
    kinds = {node.id: node.kind for known in (stated.nodes, held.nodes) for node in known.values()}
    kinds |= {change.after.id: change.after.kind for change in nodes if change.after}
    return Differences(
        nodes,
        edges,
        kinds,
        _owned(stated.scope, (node.scope for node in held.nodes.values()), nodes),
        _owned(stated.scope, (edge.scope for edge in held.edges.values()), edges),
    )


def _decides(scope: str, owner: str, known: str, *, complete: bool) -> bool:
    """Whether what is stated for ``owner`` decides about what ``known`` owns."""
    if owner == known:
        return owner != REFERENCE
    if known == REFERENCE:
        return owner != REFERENCE
    if known == scope:
        return complete
    if owner == scope:
        return known == SHARED or complete
    return False


def _suspect_edges(
    stated: Stated, held: Held, changed: Collection[str], *, complete: bool
) -> tuple[list[tuple[HeldEdge | None, StatedEdge | None]], list[StatedEdge]]:
    edges: list[tuple[HeldEdge | None, StatedEdge | None]] = []
    unseen: list[StatedEdge] = []
    for identity, edge in stated.edges.items():
        known = held.edges.get(identity)
        if known:
            if (known.content_hash, known.scope) != (edge.content_hash, edge.owner) and (
                complete or edge.owner == stated.scope
            ):
                edges.append((known, edge))
        elif edge.start not in held.nodes or edge.end not in held.nodes:
            edges.append((None, edge))
        elif edge.owner != SHARED or edge.start in changed or held.nodes[edge.start].scope != SHARED:
            unseen.append(edge)
    if complete:
        edges.extend((known, None) for identity, known in held.edges.items() if identity not in stated.edges)
    return edges, unseen


def _edge_changes(stated: Stated, found: Suspects, details: Details, *, complete: bool) -> list[EdgeChange]:
    pairs = [(details.edges.get(known.identity, known) if known else None, edge) for known, edge in found.edges]
    pairs += [(details.edges.get(edge.identity), edge) for edge in found.unseen]
    changes: list[EdgeChange] = []
    for known, edge in pairs:
        if known and edge:
            if not _decides(stated.scope, edge.owner, known.scope, complete=complete):
                continue
            if not complete:
                edge = _added_edge(known, edge)
            if (known.content_hash, known.scope) == (edge.content_hash, edge.owner):
                continue
        changes.append(EdgeChange(known, edge))
    if complete:
        doubtful = set(found.doubtful)
        changes.extend(
            EdgeChange(known, None)
            for identity, known in details.edges.items()
            if known.scope == SHARED and known.start in doubtful and identity not in stated.edges
        )
    return changes


def _node_change(
    stated: Stated,
    known: HeldNode | None,
    node: StatedNode | None,
    details: Details,
    *,
    referred: Collection[str],
    complete: bool,
) -> NodeChange | None:
    if node is None:
        return NodeChange(known, _reference(known) if known and known.id in referred else None)
    if known is None:
        return NodeChange(None, node)
    if node.owner == REFERENCE:
        node = _reference(known)
    elif not complete and known.kind == node.kind and known.scope != REFERENCE:
        node = _added_node(stated, known, node, details)
    if (known.content_hash, known.scope, known.kind) == (node.content_hash, node.owner, node.kind):
        return None
    return NodeChange(known, node)


def _reference(known: HeldNode) -> StatedNode:
    kept = {name: value for name in KEPT_BY_REFERENCE if (value := (known.properties or {}).get(name)) is not None}
    return StatedNode(known.kind, known.id, kept, REFERENCE, content_hash(known.kind, kept), 200)


def _added_node(stated: Stated, known: HeldNode, node: StatedNode, details: Details) -> StatedNode:
    properties = {**known.stated, **node.properties}
    hashed = content_hash(node.kind, properties)
    if node.owner == SHARED:
        starting = {
            edge.identity: edge.content_hash
            for edge in details.edges.values()
            if edge.start == node.id and edge.scope == SHARED
        }
        for edge in stated.edges.values():
            if edge.start == node.id and edge.owner == SHARED:
                before = details.edges.get(edge.identity)
                starting[edge.identity] = (_added_edge(before, edge) if before else edge).content_hash
        hashed = hash_of_shared(hashed, starting.items())
    return StatedNode(node.kind, node.id, properties, node.owner, hashed, node.size + _size(known.properties))


def _added_edge(known: HeldEdge, edge: StatedEdge) -> StatedEdge:
    properties = {**known.stated, **edge.properties}
    hashed = content_hash(edge.type, properties)
    size = edge.size + _size(known.properties)
    return StatedEdge(edge.type, edge.start, edge.end, edge.key, properties, edge.owner, hashed, size)


def _check_edges(stated: Stated, held: Held) -> None:
    missing = sorted(stated.ends - held.nodes.keys())
    if missing:
        named = [edge for edge in stated.edges.values() if edge.start in missing or edge.end in missing][:5]
        raise ValueError(
            f"{stated.scope} states relationships to {len(missing)} nodes that are neither stated nor in the graph: "
            + "; ".join(f"{edge.start} -{edge.type}-> {edge.end}" for edge in named)
        )
    for type_, start, end, _ in stated.edges:
        first = stated.nodes.get(start) or held.nodes[start]
        second = stated.nodes.get(end) or held.nodes[end]
        check_ends(type_, first.kind, second.kind)


def _owned(scope: str, held: Iterable[str], changes: Iterable[Change]) -> int:
    owned = sum(owner == scope for owner in held)
    for change in changes:
        owned -= change.before is not None and change.before.scope == scope
        owned += change.after is not None and change.after.owner == scope
    return owned


def _size(properties: Mapping[str, Any] | None) -> int:
    return sum(len(value) for value in (properties or {}).values() if isinstance(value, str))


def _stated(properties: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (properties or {}).items() if name not in BOOKKEEPING and name != "id"}
