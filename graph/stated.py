"""What a listing states, checked against the schema and ready to be compared with the graph. Pure.

Whatever cannot be stored is refused here, as a ValueError that names kind and field: it is a mistake of the collector.
What a source may well contain, and a database would not take, is made fit instead: halves of surrogate pairs, which are
no text in any encoding, become U+FFFD; an id, or the text of an indexed field, of more than 4,000 bytes is kept as its
beginning and its hash (Neo4j cannot index more than 8 kB).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from ..schema import SCHEMA, Edge, Field, Listing, Node, Ownership, ScopeId, Type, content_hash
from ..schema.facts import Properties

SHARED = "shared"
REFERENCE = "reference"
"""What ``scope`` holds where no single scope owns a node or relationship."""

BOOKKEEPING = frozenset({"scope", "key", "content_hash", "first_seen", "changed_at"})
"""Set by the writer; refused from ingestion."""

LONGEST_INDEXED = 4000
"""Bytes of text that an index certainly takes."""

LARGEST = 15_000_000
"""Bytes of one node or relationship. The embedded engine takes no message of more than 16 MiB, and does not say so."""

_PYTHON = {
    Type.STRING: (str,),
    Type.TIMESTAMP: (str,),
    Type.JSON: (str,),
    Type.INTEGER: (int,),
    Type.NUMBER: (float, int),
    Type.BOOLEAN: (bool,),
    Type.STRINGS: (list, tuple),
}
_RANK = {Ownership.SCOPE: 2, Ownership.SHARED: 1, Ownership.REFERENCE: 0}

EdgeIdentity = tuple[str, str, str, str]
"""Type, start, end, key."""


@dataclass(slots=True)
class StatedNode:
    """A node as stated. ``owner`` is a scope, ``shared`` or ``reference``; ``size`` is about the bytes it takes."""

    kind: str
    id: str
    properties: dict[str, Any]
    owner: str
    content_hash: str
    size: int


@dataclass(slots=True)
class StatedEdge:
    """A relationship as stated; ``owner`` and ``size`` as of a node."""

    type: str
    start: str
    end: str
    key: str
    properties: dict[str, Any]
    owner: str
    content_hash: str
    size: int

    @property
    def identity(self) -> EdgeIdentity:
        return (self.type, self.start, self.end, self.key)


@dataclass(frozen=True, slots=True)
class Stated:
    """A whole listing as stated. Of a node stated twice the stronger ownership holds, then the later statement."""

    scope: str
    nodes: dict[str, StatedNode]
    edges: dict[EdgeIdentity, StatedEdge]

    @property
    def ends(self) -> set[str]:
        """Ids that relationships name and no node states."""
        return {end for _, start, end_, _ in self.edges for end in (start, end_)} - self.nodes.keys()


def state(listing: Listing) -> Stated:
    """Check a listing; ValueError for what the schema does not declare."""
    scope = str(listing.scope)
    nodes = _nodes(scope, listing.nodes)
    edges: dict[EdgeIdentity, StatedEdge] = {}
    for edge in listing.edges:
        stated = state_edge(scope, edge, derived=False)
        start, end = nodes.get(stated.start), nodes.get(stated.end)
        if start and end:
            check_ends(stated.type, start.kind, end.kind)
            if start.owner == SHARED and end.owner in (SHARED, REFERENCE):
                stated.owner = SHARED
        edges[stated.identity] = stated
    for identity, hashed in _vouched(nodes, edges).items():
        nodes[identity].content_hash = hashed
    return Stated(scope, nodes, edges)


def _nodes(scope: str, listed: Iterable[Node]) -> dict[str, StatedNode]:
    nodes: dict[str, StatedNode] = {}
    ranks: dict[str, int] = {}
    for node in listed:
        rank = _RANK[node.ownership]
        stated = _state_node(scope, node)
        if rank >= ranks.get(stated.id, 0):
            nodes[stated.id] = stated
            ranks[stated.id] = rank
    return nodes


def _state_node(scope: str, node: Node) -> StatedNode:
    fields = _node_fields(node.kind)
    identity = fit(node.id)
    if not identity:
        raise ValueError(f"a {node.kind} has no id")
    properties, size = _check(node.kind, fields, node.properties)
    hashed, properties = _hash(node.kind, properties)
    owner = scope if node.ownership is Ownership.SCOPE else str(node.ownership)
    return StatedNode(node.kind, identity, properties, owner, hashed, size + 2 * len(identity) + 200)


def state_edge(scope: str, edge: Edge, *, derived: bool) -> StatedEdge:
    """Check one relationship but for the kinds of its ends; ValueError for what the schema does not declare."""
    declared = SCHEMA.relationships.get(edge.type)
    if declared is None or edge.type in RECORDED:
        raise ValueError(f"the relationship {edge.type} is not declared")
    if declared.derived is not derived:
        raise ValueError(f"the relationship {edge.type} is {'derived' if declared.derived else 'not derived'}")
    properties, size = _check(edge.type, _edge_fields(edge.type), edge.properties)
    hashed, properties = _hash(edge.type, properties)
    start, end = fit(edge.start), fit(edge.end)
    size += len(start) + len(end) + 250
    return StatedEdge(edge.type, start, end, fit(edge.key), properties, scope, hashed, size)


@cache
def check_ends(relationship: str, start: str, end: str) -> None:
    """ValueError where the declaration does not let the relationship join the two kinds."""
    allowed = SCHEMA.relationships[relationship].ends
    if not any(SCHEMA.is_a(start, first) and SCHEMA.is_a(end, second) for first, second in allowed):
        raise ValueError(f"{relationship} may not join {start} and {end}")


def fit(text: str) -> str:
    """An id as it can be stored and indexed: itself, unless it is malformed or very long."""
    if len(text) <= LONGEST_INDEXED // 4 and text.isascii():
        return text
    encoded = _mended(text).encode()
    if len(encoded) <= LONGEST_INDEXED:
        return encoded.decode()
    digest = blake2b(encoded, digest_size=16).hexdigest()
    return f"{encoded[: LONGEST_INDEXED - 64].decode(errors='ignore')}…{digest}"


def hash_of_shared(own: str, edges: Iterable[tuple[EdgeIdentity, str]]) -> str:
    """The hash of a shared node, which vouches for the shared relationships that start at it as well.

    No scope owns those, so none could be asked for them; this way an unchanged hash says that they are unchanged too.
    """
    digest = blake2b(own.encode(), digest_size=16)
    for identity, hashed in sorted(edges):
        digest.update("\0".join((*identity, hashed)).encode())
    return digest.hexdigest()


def width(text: str) -> int:
    """Bytes that a text takes, or for a short one at most; told without encoding it where that is possible."""
    if text.isascii():
        return len(text)
    return 4 * len(text) if len(text) < LONGEST_INDEXED else len(text.encode("utf-8", "surrogatepass"))


def _vouched(nodes: Mapping[str, StatedNode], edges: Mapping[EdgeIdentity, StatedEdge]) -> dict[str, str]:
    starting: dict[str, list[tuple[EdgeIdentity, str]]] = {
        node.id: [] for node in nodes.values() if node.owner == SHARED
    }
    for identity, edge in edges.items():
        if edge.owner == SHARED:
            starting[edge.start].append((identity, edge.content_hash))
    return {identity: hash_of_shared(nodes[identity].content_hash, found) for identity, found in starting.items()}


def _check(owner: str, fields: Mapping[str, Field], properties: Properties) -> tuple[dict[str, Any], int]:
    checked: dict[str, Any] = {}
    size = 0
    for name, value in properties.items():
        if value is None:
            continue
        field = fields.get(name)
        if field is None:
            raise ValueError(f"{owner} has no field {name!r} that a source may state")
        if type(value) not in _PYTHON[field.type]:
            raise ValueError(f"{owner}.{name} must be {field.type}, not {type(value).__name__}")
        checked[name] = value
        size += 20 + len(name)
        if isinstance(value, str):
            size += width(value)
            if field.indexed and len(value) > LONGEST_INDEXED // 4:
                checked[name] = fit(value)
        elif isinstance(value, list | tuple):
            if not all(type(item) is str for item in value):
                raise ValueError(f"{owner}.{name} must be strings, and one of its items is not a text")
            checked[name] = list(value)
            size += sum(map(width, value)) + 5 * len(value)
        elif isinstance(value, float) and value - value != 0.0:
            raise ValueError(f"{owner}.{name} is {value}, which is no number")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError(f"{owner}.{name} is {value}, which has more than 64 bits")
    if size > LARGEST:
        raise ValueError(f"a {owner} has {size:,} bytes, and the most that can be kept is {LARGEST:,}")
    return checked, size


def _hash(kind: str, properties: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    try:
        return content_hash(kind, properties), properties
    except TypeError:
        mended = {name: _mend(value) for name, value in properties.items()}
        return content_hash(kind, mended), mended


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _mended(value)
    return [_mended(item) for item in value] if isinstance(value, list) else value


def _mended(text: str) -> str:
    # A pair written as two halves is put together; a half on its own is replaced.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@cache
def _node_fields(kind: str) -> Mapping[str, Field]:
    if kind not in SCHEMA.concrete or not SCHEMA.is_a(kind, "Asset"):
        raise ValueError(f"the kind {kind} is not declared, or has no nodes of its own")
    return {field.name: field for field in SCHEMA.fields(kind) if field.name not in BOOKKEEPING}


@cache
def _edge_fields(relationship: str) -> Mapping[str, Field]:
    fields = SCHEMA.relationships[relationship].fields
    return {field.name: field for field in fields if field.name not in BOOKKEEPING}


RECORDED = frozenset(
    name
    for name, relationship in SCHEMA.relationships.items()
    if any(SCHEMA.is_a(end, "Record") for pair in relationship.ends for end in pair)
)
"""Relationships of the register's own records: not facts of any scope."""

FACTUAL = tuple(
    sorted(name for name, declared in SCHEMA.relationships.items() if not declared.derived and name not in RECORDED)
)
"""Relationships that sources state."""

DERIVED = tuple(sorted(name for name, declared in SCHEMA.relationships.items() if declared.derived))
"""Relationships that the analysis concludes."""


def scope_fields(scope: ScopeId) -> dict[str, str]:
    """The parts of a scope's id as the fields of its record."""
    return {
        "source": scope.source,
        "account_id": scope.account,
        "region": scope.region,
        "collector": scope.collector,
    }
