"""Bringing a database to the declared schema while another process does the same."""

from __future__ import annotations

from typing import Any

import pytest
from muniment import schema
from muniment.errors import DatabaseError
from muniment.graph import migration
from muniment.graph.database import Database, attach
from muniment.settings import Settings


def test_who_is_overtaken_finds_it_made(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded engine refuses the second of two that note it at once: neither had seen the other."""
    refused: list[str] = []

    def overtaken(database: Database, statement: str, **parameters: Any) -> None:
        def work(tx: Any) -> None:
            tx.run(statement, parameters).consume()
            if not refused:
                refused.append("")
                migration.ensure(other)

        try:
            database.write(work)
        except DatabaseError as error:
            refused.append(error.message)
            raise

    monkeypatch.setattr(migration, "_run", overtaken)
    with attach(settings) as database, attach(settings) as other:
        database.write(lambda tx: tx.run("MATCH (r:Register) DETACH DELETE r").consume())
        migration.ensure(database)
        assert "Duplicated key" in refused[-1]
        assert migration.version(database) == schema.SCHEMA_VERSION
        assert database.read("MATCH (r:Register) RETURN count(r) AS n") == [{"n": 1}]
