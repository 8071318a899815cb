"""What is kept of a graph between questions, and for how long."""

from __future__ import annotations

from contextvars import copy_context
from threading import Event, Thread

import pytest
from muniment.errors import NotYet, QueryTimeout
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
    refused: list[NotYet] = []

    def ask() -> None:
        DEADLINE.set(Deadline(0.01))
        try:
            with memory.lent(lambda: 1, lambda: "made"):
                pass
        except NotYet as error:
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


def test_what_takes_longer_than_anybody_may_wait_is_there_for_those_who_ask_again() -> None:
    memory: Memory[list[str]] = Memory()
    is_read, made = Event(), []

    def make() -> list[str]:
        assert DEADLINE.get() is None
        assert is_read.wait(60)
        made.append(f"estate {len(made)}")
        return [made[-1]]

    def ask(written: int, seconds: float) -> str:
        DEADLINE.set(Deadline(seconds))
        with memory.lent(lambda: written, make) as found:
            return found[0]

    def ask_elsewhere(written: int, seconds: float) -> str:
        return copy_context().run(ask, written, seconds)

    for _ in range(2):
        with pytest.raises(NotYet, match="still being read"):
            ask_elsewhere(1, 0.51)
    is_read.set()
    assert ask_elsewhere(1, 60) == "estate 0"
    assert ask_elsewhere(2, 60) == "estate 1"
    assert made == ["estate 0", "estate 1"]


def test_what_was_written_while_it_was_made_is_in_the_one_made_next() -> None:
    memory: Memory[int] = Memory()
    is_read = Event()

    def make(what: int) -> int:
        return is_read.wait(60) and what

    def ask(written: int, seconds: float) -> int:
        DEADLINE.set(Deadline(seconds))
        with memory.lent(lambda: written, lambda: make(written)) as found:
            return found

    with pytest.raises(NotYet):
        copy_context().run(ask, 1, 0.51)
    is_read.set()
    assert copy_context().run(ask, 2, 60) == 2
