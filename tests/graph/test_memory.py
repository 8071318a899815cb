"""What is kept of a graph between questions, and for how long."""

from __future__ import annotations

from threading import Thread

import pytest
from muniment.errors import QueryTimeout
from muniment.graph.deadline import DEADLINE, Deadline
from muniment.graph.memory import Memory


def test_it_is_made_once_until_something_is_written() -> None:
    memory: Memory[list[int]] = Memory()
    made: list[int] = []

    def make() -> list[int]:
        made.append(len(made))
        return [made[-1]]

    def lent(written: object) -> list[int]:
        with memory.lent(lambda: written, make) as found:
            return found

    first = lent(("graph", 1))
    assert lent(("graph", 1)) is first
    assert lent(("graph", 2)) == [1]
    assert lent(("another graph", 2)) == [2]
    assert lent(("graph", 2)) == [3], "one thing is kept"


def test_it_is_not_kept_where_nobody_can_tell_whether_there_was_writing() -> None:
    memory: Memory[object] = Memory()
    found = []
    for _ in range(2):
        with memory.lent(lambda: None, object) as one:
            found.append(one)
    assert found[0] is not found[1]


def test_what_could_not_be_made_is_made_when_it_is_asked_for_again() -> None:
    memory: Memory[str] = Memory()

    def fails() -> str:
        raise QueryTimeout("over", "")

    with pytest.raises(QueryTimeout), memory.lent(lambda: 1, fails):
        pass
    with memory.lent(lambda: 1, lambda: "made") as found:
        assert found == "made"


def test_whoever_waits_for_others_waits_no_longer_than_the_deadline() -> None:
    memory: Memory[str] = Memory()
    refused: list[QueryTimeout] = []

    def ask() -> None:
        DEADLINE.set(Deadline(0.01))
        try:
            with memory.lent(lambda: 1, lambda: "made"):
                pass
        except QueryTimeout as error:
            refused.append(error)

    def ask_meanwhile() -> None:
        other = Thread(target=ask)
        other.start()
        other.join(60)

    with memory.lent(lambda: 1, lambda: "made"):
        ask_meanwhile()
    assert len(refused) == 1
    ask_meanwhile()
    assert len(refused) == 1, "it was given back"
