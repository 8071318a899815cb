"""One connection, either engine: reading, writing, and what must not be possible."""

from __future__ import annotations

from muniment.graph.database import Database


def test_a_read_sees_what_was_written(database: Database) -> None:
    database.write(lambda tx: tx.run("CREATE (:Role {id: $id, name: 'admin'})", id="r1").consume())

    assert database.read("MATCH (r:Role {id: $id}) RETURN r.name AS name", id="r1") == [{"name": "admin"}]
