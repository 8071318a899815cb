"""The declared schema in the database: what it guarantees, and databases that do not fit it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from muniment import schema
from muniment.errors import DatabaseError, SchemaMismatch
from muniment.graph import migration
from muniment.graph.database import Database, Engine, connect
from muniment.schema import SCHEMA, Field, Kind, Relationship, Schema, Type
from muniment.settings import Settings

HEIGHT = Field("height", Type.INTEGER, "In metres.", indexed=True)
LIGHTHOUSE = Kind("Lighthouse", "A later kind.", extends="Principal", fields=(HEIGHT,))
SHINES_ON = Relationship("SHINES_ON", "A later relationship.", ends=(("Lighthouse", "Role"),))
LATER = Schema.of((*SCHEMA.kinds.values(), LIGHTHOUSE), (*SCHEMA.relationships.values(), SHINES_ON))


def create(database: Database, kind: str, identifier: str) -> None:
    labels = ":".join(SCHEMA.lineage(kind)) if database.engine is Engine.NEO4J else kind
    database.write(lambda tx: tx.run(f"CREATE (:{labels} {{id: $id}})", id=identifier).consume())


def plan(database: Database, query: str) -> str:
    return str(database.write(lambda tx: tx.run(f"EXPLAIN {query}", value="x").consume().plan))


@pytest.fixture
def register(database: Database) -> Iterator[None]:
    """The register's own node as it was, whatever the test does to it."""
    kept = database.read("MATCH (r:Register) RETURN properties(r) AS properties")[0]["properties"]
    yield
    database.write(lambda tx: tx.run("MATCH (n) DETACH DELETE n").consume())
    database.write(lambda tx: tx.run("CREATE (r:Register {id: 'register'}) SET r += $kept", kept=kept).consume())


def overwrite(database: Database, version: int) -> None:
    database.write(lambda tx: tx.run("MATCH (r:Register) SET r.schema_version = $v", v=version).consume())


@pytest.mark.parametrize("other", ["Role", "User", "Account", "Statement"])
def test_an_id_is_unique_among_all_assets(database: Database, other: str) -> None:
    create(database, "Role", "one")

    with pytest.raises(DatabaseError):
        create(database, other, "one")

    assert database.read("MATCH (n:Asset {id: 'one'}) RETURN count(n) AS count") == [{"count": 1}]


def test_an_id_of_a_record_is_unique_among_its_kind_only(database: Database) -> None:
    create(database, "Scope", "one")
    create(database, "IngestRun", "one")

    with pytest.raises(DatabaseError):
        create(database, "Scope", "one")


@pytest.mark.parametrize("kind", [kind for kind in SCHEMA.concrete if kind != "Register"])
def test_a_node_answers_to_its_kind_and_all_above(database: Database, kind: str) -> None:
    create(database, kind, "one")

    for label in SCHEMA.lineage(kind):
        assert database.read(f"MATCH (n:{label} {{id: 'one'}}) RETURN n.id AS id") == [{"id": "one"}]
    (row,) = database.read("MATCH (n {id: 'one'}) RETURN labels(n) AS labels")
    assert set(row["labels"]) == set(SCHEMA.lineage(kind))


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (n:Role {id: $value}) RETURN n.name",
        "MATCH (n:Principal {id: $value}) RETURN n.name",
        "MATCH (n:Asset {id: $value}) RETURN n.name",
        "MATCH (n:Scope {id: $value}) RETURN n.status",
        "MATCH (n:Asset {scope: $value}) RETURN n.id",
        "MATCH (n:Asset {name: $value}) RETURN n.id",
        "MATCH (n:Change {run: $value}) RETURN n.id",
        "MATCH (a)-[r:TRUSTS]->(b) WHERE r.scope = $value RETURN a.id, b.id",
        "MATCH (a)-[r:CAN_ASSUME]->(b) WHERE r.scope = $value RETURN a.id, b.id",
    ],
)
def test_what_is_looked_up_often_is_found_by_index(database: Database, query: str) -> None:
    assert any(step in plan(database, query) for step in ("IndexSeek", "EDGE BY INDEX"))


@pytest.mark.usefixtures("register")
def test_a_later_declaration_is_added_at_the_next_connection(
    database: Database, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(database, "Role", "kept")
    monkeypatch.setattr(schema, "SCHEMA", LATER)

    with connect(engine_settings) as later:
        assert "IndexSeek" in plan(later, "MATCH (l:Lighthouse {height: 1}) RETURN l.id")
        assert "INDEX" in plan(later, "MATCH (a)-[r:SHINES_ON]->(b) WHERE r.scope = $value RETURN a.id").upper()
        assert later.read("MATCH (r:Role) RETURN r.id AS id") == [{"id": "kept"}]


@pytest.mark.usefixtures("register")
def test_a_newer_database_is_refused_and_left_alone(database: Database, engine_settings: Settings) -> None:
    overwrite(database, schema.SCHEMA_VERSION + 1)

    with pytest.raises(SchemaMismatch, match=str(schema.SCHEMA_VERSION + 1)) as caught:
        connect(engine_settings)

    assert "newer" in caught.value.hint
    assert migration.version(database) == schema.SCHEMA_VERSION + 1


@pytest.mark.usefixtures("register")
def test_an_older_database_is_carried_over(
    database: Database, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(database, "Role", "old")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    step = "MATCH (r:Role) SET r.name = 'carried'"
    monkeypatch.setattr(migration, "MIGRATIONS", {schema.SCHEMA_VERSION - 1: (step,)})

    with connect(engine_settings) as later:
        assert migration.version(later) == schema.SCHEMA_VERSION
        assert later.read("MATCH (r:Role) RETURN r.name AS name") == [{"name": "carried"}]


@pytest.mark.usefixtures("register")
def test_an_older_database_that_cannot_be_carried_over_is_refused(
    database: Database, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(database, "Role", "old")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)

    with pytest.raises(SchemaMismatch) as caught:
        connect(engine_settings)

    assert "Ingest again" in caught.value.hint
    assert database.read("MATCH (r:Role) RETURN r.id AS id") == [{"id": "old"}]


@pytest.mark.usefixtures("register")
def test_a_database_of_something_else_is_refused_and_left_alone(database: Database, engine_settings: Settings) -> None:
    database.write(lambda tx: tx.run("MATCH (n) DETACH DELETE n").consume())
    database.write(lambda tx: tx.run("CREATE (:Film {title: 'Metropolis'})").consume())

    with pytest.raises(SchemaMismatch, match="Film"):
        connect(engine_settings)

    assert database.read("MATCH (n) RETURN n.title AS title") == [{"title": "Metropolis"}]
