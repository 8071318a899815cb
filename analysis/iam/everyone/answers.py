"""What ``who-can`` answers: principals in groups of one decision, and what each decision rests on for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pyroaring import BitMap

from ..evaluation.decisions import Decision
from ..policies.statements import Reason, Statement

Pattern: TypeAlias = Iterable[tuple[str, Statement]]
"""The statements of a principal that may take in a request, each with its policy's id, in order."""

Names: TypeAlias = Mapping[tuple[str, int], tuple[str, Statement]]
"""Statements, with their policies' ids, by the id of another policy and the number of a statement there."""


@dataclass(frozen=True, slots=True)
class Group:
    """Principals for whom one decision goes; ``pattern`` has the statements of the one for whom it was made."""

    decision: Decision
    members: BitMap
    pattern: Pattern


@dataclass
class Answer:
    """Everyone to whom the request is not denied, in groups of one decision."""

    arns: Sequence[str]
    groups: list[Group]
    pattern_of: Callable[[int], Pattern]
    """That of a principal, by its number."""

    def __len__(self) -> int:
        return sum(len(group.members) for group in self.groups)

    def __iter__(self) -> Iterator[tuple[str, Decision]]:
        """Each with the decision of its group, whose reasons may name another's copies of the same policies."""
        for group in self.groups:
            for number in group.members:
                yield self.arns[number], group.decision

    def explained(self) -> Iterator[tuple[str, Decision]]:
        """Each with its decision, the reasons naming its own policies."""
        for group in self.groups:
            for number in group.members:
                yield self.arns[number], self.of(group, number)

    def of(self, group: Group, number: int) -> Decision:
        """The decision of a group, the reasons naming this member's own policies."""
        names = self.names(group, number)
        because = (renamed(reason, names) for reason in group.decision.because)
        return replace(group.decision, because=tuple(because))

    def names(self, group: Group, number: int) -> Names:
        """What this member of a group has in place of what the reasons of the group's decision name."""
        own = self.pattern_of(number)
        return {(a, s.number): (b, t) for (a, s), (b, t) in zip(group.pattern, own, strict=True)}


def renamed(reason: Reason, names: Names) -> Reason:
    """The reason as one has it who has these statements in place of those."""
    found = names.get((reason.where, reason.statement.number)) if reason.statement else None
    return Reason(*found, reason.note) if found else reason
