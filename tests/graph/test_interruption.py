"""Told to stop amid a talk with the database: it is ended first, and the connection is whole afterwards."""

from __future__ import annotations

import os
import signal

import neo4j
import pytest
from muniment.errors import DatabaseError
from muniment.graph.database import Database
from muniment.graph.interruption import Interrupted, behind, interruptible, untorn


def told() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_transaction_that_is_under_way_is_ended_first(database: Database) -> None:
    def work(transaction: neo4j.ManagedTransaction) -> None:
        told()
        transaction.run("CREATE (:Role {id: 'r1'})").consume()

    with pytest.raises(Interrupted, match="SIGTERM"), interruptible():
        database.write(work)
    assert database.read("MATCH (r:Role) RETURN r.id AS id") == [{"id": "r1"}]


def test_it_is_said_at_the_end_of_the_outermost_block() -> None:
    came = []

    def work() -> None:
        with interruptible(), untorn():
            with untorn():
                told()
                came.append("inner")
            came.append("outer")

    with pytest.raises(Interrupted):
        work()
    assert came == ["inner", "outer"]


def test_it_is_said_rather_than_what_went_wrong_meanwhile() -> None:
    def work() -> None:
        with interruptible(), untorn():
            told()
            raise DatabaseError("it went away")

    with pytest.raises(Interrupted) as raised:
        work()
    assert behind(raised.value) is raised.value
    with untorn():
        pass  # nothing waits any more


def test_outside_such_a_block_it_is_said_at_once() -> None:
    came = []

    def work() -> None:
        with interruptible():
            told()
            came.append("after")

    with pytest.raises(Interrupted):
        work()
    assert came == []
