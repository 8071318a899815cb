"""The Cypher of the writer, derived from the schema. Values are parameters; labels and types come from declarations.

Three rules make these fast on the embedded engine, and do no harm on Neo4j. Many ids are looked up by UNWIND, never by
``IN``, which compares each with each. A relationship is made between nodes found by element id, the place that the
engine keeps them at: it takes half the time of finding both by index. One that is there is found from the end where
fewer of its type meet, because all relationships of that end are walked: an account holds thousands of roles, a role is
held by one account.
"""

from __future__ import annotations

from functools import cache

from ..schema import SCHEMA
from .database import Engine
from .stated import FACTUAL

ANY = "Asset"
"""The label where the kind of a node is not known."""

NODES_OF_SCOPE = (
    "MATCH (n:Asset) WHERE n.scope = $scope "
    "RETURN labels(n) AS labels, substring(n.content_hash, 0, 1) AS part, collect([n.id, n.content_hash]) AS nodes"
)
"""Many in a row: a record each would take the driver three times as long. The first digit of the hash parts them."""
NODES_BY_ID = (
    "UNWIND $ids AS id MATCH (n:Asset {id: id}) "
    "RETURN n.id AS id, labels(n) AS labels, n.scope AS scope, n.content_hash AS content_hash"
)
NODES = "MATCH (n:Asset) RETURN n.id AS id, labels(n) AS labels, n.scope AS scope, n.content_hash AS content_hash"
COUNT = "MATCH (n:Asset) RETURN count(n) AS nodes"
PLACES_BY_ID = "UNWIND $ids AS id MATCH (n:Asset {id: id}) RETURN collect([n.id, elementId(n)]) AS places"
PROPERTIES_BY_ID = "UNWIND $ids AS id MATCH (n:Asset {id: id}) RETURN n.id AS id, properties(n) AS properties"

_EDGE = (
    "type(r) AS type, startNode(r).id AS start, endNode(r).id AS end, r.key AS key, r.scope AS scope, "
    "r.content_hash AS content_hash, properties(r) AS properties"
)
EDGES_AROUND = f"UNWIND $ids AS id MATCH (n:Asset {{id: id}})-[r]-() RETURN DISTINCT {_EDGE}"
SHARED_EDGES_FROM = f"UNWIND $ids AS id MATCH (n:Asset {{id: id}})-[r]->() WHERE r.scope = 'shared' RETURN {_EDGE}"
LOOSE_NODES = (
    "MATCH (n:Asset) WHERE n.scope = $scope AND NOT EXISTS { MATCH (n)-[r]-() WHERE r.scope <> 'shared' } "
    "RETURN n.id AS id, labels(n) AS labels, n.content_hash AS content_hash"
)

OWNED = (
    "WITH s OPTIONAL MATCH (:IngestRun)-[old:OWNS]->(s) DELETE old "
    "WITH DISTINCT s MATCH (run:IngestRun {id: $run}) CREATE (run)-[:OWNS]->(s)"
)
"""Goes on from scopes ``s``: their last attempt is that of ``$run``."""
SCOPE_RECORDS = f"UNWIND $rows AS row MERGE (s:Scope {{id: row.id}}) SET s += row.fields {OWNED}"
CHANGES = "UNWIND $rows AS row CREATE (c:Change) SET c = row"


@cache
def edges_of_scope(types: tuple[str, ...] = FACTUAL) -> str:
    """Relationships of a scope, by the index that each type has on ``scope``."""
    return " UNION ALL ".join(
        f"MATCH (a)-[r:{_type(name)}]->(b) WHERE r.scope = $scope "
        f"RETURN '{_type(name)}' AS type, a.id AS start, b.id AS end, r.key AS key, r.content_hash AS content_hash"
        for name in types
    )


@cache
def gathered_edges_of_scope(types: tuple[str, ...] = FACTUAL) -> str:
    """The same, many in a row, for as many as fit into memory."""
    return " UNION ALL ".join(
        f"MATCH (a)-[r:{_type(name)}]->(b) WHERE r.scope = $scope "
        f"RETURN '{_type(name)}' AS type, substring(r.content_hash, 0, 1) AS part, "
        "collect([a.id, b.id, r.key, r.content_hash]) AS edges"
        for name in types
    )


@cache
def create_nodes(kind: str, engine: Engine) -> str:
    """Make nodes that the diff found absent, and say where they are; the constraint on ``id`` refuses a second one.

    On the embedded engine the inherited labels are part of the kind's type and must not be set.
    """
    lineage = SCHEMA.lineage(kind)
    labels = kind if engine is Engine.EMBEDDED else ":".join(lineage)
    return f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row RETURN collect([n.id, elementId(n)]) AS places"


@cache
def change_nodes(kind: str) -> str:
    """Give nodes other properties in place of all that they had."""
    return f"UNWIND $rows AS row MATCH (n:{_label(kind)} {{id: row.id}}) SET n = row"


@cache
def delete_nodes(kind: str) -> str:
    """Remove nodes and whatever is still at them."""
    return f"UNWIND $rows AS row MATCH (n:{_label(kind)} {{id: row.id}}) DETACH DELETE n"


@cache
def create_edges(relationship: str) -> str:
    """Make relationships that the diff found absent, between nodes by element id. ``made`` says how many: one a row."""
    return (
        "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.start MATCH (b) WHERE elementId(b) = row.end "
        f"CREATE (a)-[r:{_type(relationship)}]->(b) SET r = row.properties RETURN count(r) AS made"
    )


@cache
def change_edges(relationship: str, near: str, *, at_start: bool) -> str:
    """Give relationships other properties in place of all that they had."""
    return f"{_found(relationship, near, at_start=at_start)} SET r = row.properties"


@cache
def delete_edges(relationship: str, near: str, *, at_start: bool) -> str:
    """Remove relationships."""
    return f"{_found(relationship, near, at_start=at_start)} DELETE r"


@cache
def find_edges(relationship: str, near: str, *, at_start: bool) -> str:
    """Look for relationships by start, end and key."""
    return f"{_found(relationship, near, at_start=at_start)} RETURN {_EDGE}"


@cache
def common_ends(relationship: str) -> tuple[str, str]:
    """The most specific labels that every start, and every end, of a relationship carries."""
    starts, ends = zip(*SCHEMA.relationships[relationship].ends, strict=True)
    return _common(starts), _common(ends)


def _common(kinds: tuple[str, ...]) -> str:
    first, *others = (SCHEMA.lineage(kind) for kind in kinds)
    return next((label for label in first if all(label in other for other in others)), ANY)


def _found(relationship: str, near: str, *, at_start: bool) -> str:
    if at_start:
        return (
            f"UNWIND $rows AS row MATCH (a:{_label(near)} {{id: row.start}})-[r:{_type(relationship)}]->(b) "
            "WHERE b.id = row.end AND r.key = row.key"
        )
    return (
        f"UNWIND $rows AS row MATCH (b:{_label(near)} {{id: row.end}})<-[r:{_type(relationship)}]-(a) "
        "WHERE a.id = row.start AND r.key = row.key"
    )


def _label(kind: str) -> str:
    if kind not in SCHEMA.kinds:
        raise ValueError(f"the kind {kind} is not declared")
    return kind


def _type(relationship: str) -> str:
    if relationship not in SCHEMA.relationships:
        raise ValueError(f"the relationship {relationship} is not declared")
    return relationship
