"""Reads what the graph holds: as much as a comparison needs, and no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ..schema import SCHEMA
from . import statements
from .database import Database
from .diff import Details, Held, HeldEdge, HeldNode, Suspects
from .stated import FACTUAL, EdgeIdentity, Stated

_IDS = 10_000
"""Ids asked for at a time."""
_DOCUMENTS = 500
"""Nodes whose properties are asked for at a time: they may hold documents."""


def hold(database: Database, stated: Stated, *, owns_nothing: bool = False) -> Held:
    """What the graph holds of the scope, and of the nodes that its listing names.

    With ``owns_nothing`` the scope is known to state nothing, and is not asked for.
    """
    nodes = {} if owns_nothing else _nodes(database, stated.scope)
    named = [identity for identity in (*stated.nodes, *stated.ends) if identity not in nodes]
    for row in _named(database, named):
        nodes[row["id"]] = HeldNode(kind_of(tuple(row["labels"])), row["id"], row["scope"], row["content_hash"])
    return Held(nodes, {} if owns_nothing else _edges(database, stated.scope))


def _nodes(database: Database, scope: str) -> dict[str, HeldNode]:
    return {
        identity: HeldNode(kind_of(tuple(row["labels"])), identity, scope, hashed)
        for row in database.read(statements.NODES_OF_SCOPE, scope=scope)
        for identity, hashed in row["nodes"]
    }


def _edges(database: Database, scope: str) -> dict[EdgeIdentity, HeldEdge]:
    edges = (
        HeldEdge(row["type"], start, end, key, scope, hashed)
        for row in database.read(statements.gathered_edges_of_scope(FACTUAL), scope=scope)
        for start, end, key, hashed in row["edges"]
    )
    return {edge.identity: edge for edge in edges}


def details(database: Database, found: Suspects, nearer: Nearer, kinds: Mapping[str, str]) -> Details:
    """The properties of what may differ, and the relationships around it that decide what becomes of it."""
    nodes = properties_of(database, [node.id for node, _ in found.nodes if node])
    wanted = [edge.identity for edge, _ in found.edges if edge] + [edge.identity for edge in found.unseen]
    edges = {edge.identity: edge for edge in find(database, wanted, nearer, kinds)}
    for ids in _parts(found.doubtful, _DOCUMENTS):
        for row in database.read(statements.SHARED_EDGES_FROM, ids=ids):
            edges[_edge(row).identity] = _edge(row)
    return Details(nodes, edges, around(database, found.removed))


def properties_of(database: Database, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """All properties of some nodes, by id."""
    return {
        row["id"]: row["properties"]
        for part in _parts(ids, _DOCUMENTS)
        for row in database.read(statements.PROPERTIES_BY_ID, ids=part)
    }


def kinds_of(database: Database, ids: Collection[str]) -> dict[str, str]:
    """The kinds of those of the nodes that are in the graph."""
    return {row["id"]: kind_of(tuple(row["labels"])) for row in _named(database, list(ids))}


def _named(database: Database, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Those of the nodes that are in the graph. Where it holds fewer than are asked for, all of it is read instead:
    nearly every node of a first listing is absent, and finding that out by id takes as long as making it.
    """
    if len(ids) > _IDS // 10 and database.read(statements.COUNT)[0]["nodes"] < len(ids):
        wanted = frozenset(ids)
        yield from (row for row in database.read(statements.NODES) if row["id"] in wanted)
        return
    for part in _parts(ids, _IDS):
        yield from database.read(statements.NODES_BY_ID, ids=part)


def around(database: Database, ids: Sequence[str]) -> list[HeldEdge]:
    """All relationships at some nodes, each once, whoever owns it."""
    found = (_edge(row) for part in _parts(ids, _DOCUMENTS) for row in database.read(statements.EDGES_AROUND, ids=part))
    return list({edge.identity: edge for edge in found}.values())


class Nearer:
    """Tells from which end a relationship is found with less walking."""

    def __init__(self, identities: Iterable[EdgeIdentity]) -> None:
        self._starts: Counter[tuple[str, str]] = Counter()
        self._ends: Counter[tuple[str, str]] = Counter()
        for type_, start, end, _ in identities:
            self._starts[type_, start] += 1
            self._ends[type_, end] += 1

    def at_start(self, identity: EdgeIdentity) -> bool:
        """Whether fewer relationships of the type are known at the start than at the end."""
        type_, start, end, _ = identity
        return self._starts[type_, start] < self._ends[type_, end] or (
            self._starts[type_, start] == self._ends[type_, end] and type_ not in _HOLDING
        )


_HOLDING = frozenset({"CONTAINS"})
"""Relationships that meet by the thousand at their start."""


def find(
    database: Database, identities: Iterable[EdgeIdentity], nearer: Nearer, kinds: Mapping[str, str]
) -> Iterator[HeldEdge]:
    """Those of the relationships that are in the graph, with their properties."""
    rows: dict[tuple[str, str, bool], list[dict[str, str]]] = defaultdict(list)
    for identity in identities:
        type_, start, end, key = identity
        at_start = nearer.at_start(identity)
        near = kinds.get(start if at_start else end, statements.ANY)
        rows[type_, near, at_start].append({"start": start, "end": end, "key": key})
    for (type_, near, at_start), wanted in rows.items():
        query = statements.find_edges(type_, near, at_start=at_start)
        for part in _parts(wanted, _DOCUMENTS):
            for row in database.read(query, rows=part):
                yield _edge(row)


def _edge(row: dict[str, Any]) -> HeldEdge:
    return HeldEdge(
        row["type"],
        row["start"],
        row["end"],
        row["key"] or "",
        row["scope"],
        row["content_hash"],
        row["properties"],
    )


@cache
def kind_of(labels: tuple[str, ...]) -> str:
    """The most specific of a node's labels."""
    return max((label for label in labels if label in SCHEMA.kinds), key=lambda label: len(SCHEMA.lineage(label)))


def _parts(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[at : at + size] for at in range(0, len(items), size))
