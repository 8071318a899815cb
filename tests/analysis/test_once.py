"""What is worked out once is kept in the instance, and is no field of it."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.analysis.iam.once import once


@dataclass(frozen=True)
class Counted:
    asked: list[str]

    @once
    def answer(self) -> int:
        """How often it was asked for."""
        self.asked.append("answer")
        return len(self.asked)


def test_it_is_worked_out_when_it_is_first_asked_for_and_never_again() -> None:
    counted = Counted([])
    assert counted.asked == []
    assert (counted.answer, counted.answer) == (1, 1)
    assert counted == Counted(["answer"])


def test_each_instance_has_its_own() -> None:
    asked: list[str] = []
    assert (Counted(asked).answer, Counted(asked).answer) == (1, 2)


def test_the_class_tells_what_it_is() -> None:
    assert isinstance(Counted.answer, once)
    assert Counted.answer.__doc__ == "How often it was asked for."
