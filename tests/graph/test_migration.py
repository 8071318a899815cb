"""Bringing a database to the declared schema while another process does the same."""

from __future__ import annotations

from typing import Any

import pytest
from muniment import schema
from muniment.errors import SchemaMismatch
from muniment.graph import migration
from muniment.graph.database import Database, attach
from muniment.settings import Settings


def test_who_is_overtaken_finds_it_made(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other made in between must not be taken for something that Muniment did not write."""
    steps = migration._steps

    with attach(settings) as database, attach(settings) as other:
        database.write(lambda tx: tx.run("MATCH (r:Register) DETACH DELETE r").consume())

        def overtaken(one: Database, applied: list[dict[str, Any]]) -> list[str]:
            if one is database:
                migration.ensure(other)
            return steps(one, applied)

        monkeypatch.setattr(migration, "_steps", overtaken)
        migration.ensure(database)
        assert migration.version(database) == schema.SCHEMA_VERSION
        assert database.read("MATCH (r:Register) RETURN count(r) AS n") == [{"n": 1}]


def test_what_another_wrote_is_still_refused(settings: Settings) -> None:
    with attach(settings) as database:
        database.write(lambda tx: tx.run("MATCH (r:Register) DETACH DELETE r").consume())
        database.write(lambda tx: tx.run("CREATE (:Role {id: 'r1'})").consume())
        with pytest.raises(SchemaMismatch, match=r"a node .*Role"):
            migration.ensure(database)
