"""The estate of ``estate.py`` in both engines."""

from __future__ import annotations

import pytest
from muniment.graph.database import Database

from . import estate


@pytest.fixture
def filled(database: Database) -> Database:
    """The estate, on either engine."""
    estate.fill(database)
    return database


@pytest.fixture
def embedded(embedded_database: Database) -> Database:
    """The estate, on the embedded engine alone."""
    estate.fill(embedded_database)
    return embedded_database
