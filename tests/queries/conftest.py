"""The estate of ``estate.py`` in both engines."""

from __future__ import annotations

import pytest
from muniment.graph.database import Database

from . import estate


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def filled(request: pytest.FixtureRequest) -> Database:
    """The estate, on either engine, written once for the tests of a module, which only read."""
    return _filled(request.getfixturevalue(f"{request.param}_connection"))


@pytest.fixture(scope="module")
def embedded(embedded_connection: Database) -> Database:
    """The estate on the embedded engine alone, written once for the tests of a module, which only read."""
    return _filled(embedded_connection)


def _filled(database: Database) -> Database:
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    estate.fill(database)
    return database
