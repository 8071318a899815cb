"""One connection, either engine: reading, writing, and what must not be possible."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import neo4j
import pytest
from muniment.errors import DatabaseAccessDenied, DatabaseError, DatabaseUnavailable, QueryTimeout, SettingsError
from muniment.graph.database import Database, connect
from muniment.settings import Settings

WRITES = (
    "CREATE (:Role {id: 'new'})",
    "CREATE (:Unheard {id: 'new'})",
    "MERGE (:Role {id: 'new'})",
    "MATCH (r:Role {id: 'r1'}) SET r.name = 'other'",
    "MATCH (r:Role {id: 'r1'}) REMOVE r.name",
    "MATCH (r:Role {id: 'r1'}) SET r:User",
    "MATCH (r:Role {id: 'r1'}) DETACH DELETE r",
    "MATCH (a:Role {id: 'r1'}), (b:Role {id: 'r2'}) CREATE (a)-[:CAN_ASSUME]->(b)",
    "CREATE INDEX sneaked FOR (r:Role) ON (r.path)",
)

PLAIN = {
    "text": "Zoë 'quoted' \"twice\" `ticked` \\ \n\t 🐍",
    "whole": 2**53 + 1,
    "part": 0.1,
    "yes": True,
    "list": ["a", "ü"],
    "nothing": None,
}


def test_a_read_sees_what_was_written(database: Database) -> None:
    database.write(lambda tx: tx.run("CREATE (:Role {id: $id, name: 'admin'})", id="r1").consume())

    assert database.read("MATCH (r:Role {id: $id}) RETURN r.name AS name", id="r1") == [{"name": "admin"}]


def test_what_two_merge_at_once_is_there_once(embedded_database: Database, embedded_settings: Settings) -> None:
    """Neither sees the other's; on Neo4j the second waits for the first."""
    merge = "MERGE (r:Role {id: 'r1'}) SET r.tries = coalesce(r.tries, 0) + 1"
    tries: list[int] = []
    with connect(embedded_settings) as other:

        def merged(tx: neo4j.ManagedTransaction) -> None:
            tx.run(merge).consume()
            tries.append(1)
            if len(tries) == 1:
                other.write(lambda theirs: theirs.run(merge).consume())

        embedded_database.write(merged)
    assert len(tries) == 2, "the first time was refused"
    assert embedded_database.read("MATCH (r:Role) RETURN r.tries AS n") == [{"n": 2}]


def test_what_there_is_cannot_be_made_again(database: Database) -> None:
    make = "CREATE (:Role {id: 'r1'})"
    database.write(lambda tx: tx.run(make).consume())
    with pytest.raises(DatabaseError):
        database.write(lambda tx: tx.run(make).consume())


@pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN.keys())
def test_values_come_back_as_they_went(database: Database, value: object) -> None:
    database.write(lambda tx: tx.run("CREATE (r:Role {id: 'r1'}) SET r.anything = $value", value=value).consume())

    rows = database.read("MATCH (r:Role {id: 'r1'}) RETURN r.anything AS stored, $value AS sent", value=value)

    assert rows == [{"stored": value, "sent": value}]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half(tx: neo4j.ManagedTransaction) -> None:
        tx.run("CREATE (:Role {id: 'r1'})").consume()
        raise ValueError("the caller's own")

    with pytest.raises(ValueError, match="the caller's own"):
        database.write(half)

    assert database.read("MATCH (r:Role) RETURN r.id AS id") == []


@pytest.mark.parametrize("statement", WRITES)
def test_a_read_cannot_write(database: Database, statement: str) -> None:
    database.write(
        lambda tx: tx.run("CREATE (:Role {id: 'r1', name: 'one'}), (:Role {id: 'r2', name: 'two'})").consume()
    )

    with pytest.raises(DatabaseAccessDenied):
        database.read(statement)

    held = database.read("MATCH (n) WHERE NOT n:Register RETURN labels(n) AS labels, n.id AS id, n.name AS name")
    assert sorted((row["id"], row["name"]) for row in held) == [("r1", "one"), ("r2", "two")]
    assert all("User" not in row["labels"] for row in held)
    assert database.read("MATCH ()-[r]->() RETURN count(r) AS count") == [{"count": 0}]


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1:1/x.csv"])
def test_the_embedded_engine_reads_no_files_and_no_addresses(embedded_database: Database, source: str) -> None:
    statement = "LOAD CSV FROM $source AS line RETURN line"

    with pytest.raises(DatabaseError):
        embedded_database.read(statement, source=source)
    with pytest.raises(DatabaseError):
        embedded_database.write(lambda tx: tx.run(statement, source=source).data())


def test_a_statement_that_is_wrong_is_explained(database: Database) -> None:
    with pytest.raises(DatabaseError, match="RETURNN"):
        database.read("MATCH (n) RETURNN n")


def test_a_query_that_takes_too_long_is_ended(neo4j_connection: Database) -> None:
    endless = (
        "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN sum(a * b % c) AS s"
    )

    with pytest.raises(QueryTimeout) as caught:
        neo4j_connection.read(endless, timeout=0.5)

    assert caught.value.hint


def test_what_is_not_there_is_no_warning(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert database.read("MATCH (n:NeverHeard)-[:OF]->(m {like: 'this'}) RETURN n.unknown AS u") == []

    assert caplog.messages == []


def test_a_wrong_password_is_refused_with_a_hint(neo4j_settings: Settings) -> None:
    wrong = replace(neo4j_settings, database_password="wrong")

    with pytest.raises(DatabaseAccessDenied) as caught:
        connect(wrong)

    assert "MUNIMENT_DATABASE_PASSWORD" in caught.value.hint
    assert "wrong" not in f"{caught.value} {caught.value.hint}"


def test_nothing_listening_is_said_with_the_address(neo4j_settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match=re.escape("bolt://127.0.0.1:1")) as caught:
        connect(replace(neo4j_settings, database_url="bolt://127.0.0.1:1"))

    assert caught.value.hint


@pytest.mark.parametrize("url", ["127.0.0.1:7687", "http://127.0.0.1:7474", "bolt://127.0.0.1:port", "neo4j"])
def test_an_address_that_is_none_is_a_settings_error(neo4j_settings: Settings, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        connect(replace(neo4j_settings, database_url=url))

    assert "MUNIMENT_DATABASE_URL" in caught.value.hint
