"""The graph that a scheduler keeps open: for its runs and for its webhooks at once."""

from __future__ import annotations

import pytest
from muniment.errors import DatabaseError
from muniment.graph.database import Database, connect
from muniment.run.schedule.keeper import Keeper
from muniment.settings import Settings

ONE = "RETURN 1 AS one"


def failed(keeper: Keeper) -> Database:
    """What was open when a use of it failed."""
    with pytest.raises(DatabaseError), keeper.using() as database:
        raise DatabaseError("it does not answer")
    return database


def test_what_fails_for_one_is_opened_anew_and_not_cut_off_for_another(embedded_settings: Settings) -> None:
    keeper = Keeper(lambda: connect(embedded_settings))
    with keeper.using() as first:
        assert failed(keeper) is first
        assert first.read(ONE) == [{"one": 1}], "who still uses it goes on"
        with keeper.using() as second:
            assert second is not first
            assert second.read(ONE) == [{"one": 1}]
    with pytest.raises(DatabaseError):
        first.read(ONE)
    assert second.read(ONE) == [{"one": 1}], "it is kept for the next use"
    keeper.close()
    with pytest.raises(DatabaseError):
        second.read(ONE)
