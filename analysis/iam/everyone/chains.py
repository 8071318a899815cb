"""Chains of ``CAN_ASSUME`` held in memory: everyone who can become one of those who may do something.

Roles that the same principals can assume are one *class*, of which there are far fewer than roles. Everyone who can
come to a class, in however many steps, is worked out once, for each degree of sureness; a question then joins the
bitmaps of the classes of those whom the answer names. A chain is as sure as its least sure step.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyroaring import BitMap

from ....schema import Edge, Node
from ..collector import at_rest
from .answers import Answer
from .population import Population

DECISIONS = ("allow", "conditional", "unknown")
"""The surest first."""

Step: TypeAlias = tuple[int, int]
"""How sure it is that a role can be assumed, and by whom: the number of a starter."""


@dataclass
class Behind:
    """Everyone who may do it, or can become someone who may: those of each decision, the surest first."""

    chains: Chains
    sure: tuple[BitMap, ...]
    found: tuple[BitMap, ...]

    def __len__(self) -> int:
        return sum(map(len, self.found))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each, by its ARN or id, with its decision."""
        for word, members in zip(DECISIONS, self.found, strict=True):
            for number in members:
                yield self.chains.names[number], word

    def path(self, start: str) -> tuple[str, ...]:
        """The shortest of the surest chains of one of them: itself, the roles that it becomes, the one that may."""
        number = self.chains.numbers[start]
        rank = next(rank for rank, members in enumerate(self.found) if number in members)
        return tuple(self.chains.names[at] for at in self.chains.path(number, self.sure[rank], rank))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one degree of sureness: who can assume the roles of each class, directly and in any steps."""

    starters: list[BitMap]
    behind: list[BitMap]


class Chains:
    """Who can become which role. ``facts`` are those of ``Assumptions``, its sets among them."""

    @at_rest()
    def __init__(self, population: Population, facts: Iterable[Node | Edge]) -> None:
        self.names = list(population.arns)
        self.numbers = dict(population.numbers)
        steps: dict[int, set[Step]] = defaultdict(set)
        gathered: dict[int, list[int]] = defaultdict(list)
        for fact in facts:
            if isinstance(fact, Node):
                continue
            start, end = self._number(fact.start), self._number(fact.end)
            if fact.type == "CAN_ASSUME":
                steps[end].add((DECISIONS.index(str(fact.properties["decision"])), start))
            else:
                gathered[end].append(start)
        self._class_of: dict[int, int] = {}
        classes: dict[frozenset[Step], int] = {}
        for role, all_ in steps.items():
            self._class_of[role] = classes.setdefault(frozenset(all_), len(classes))
        members = {set_: BitMap(found) for set_, found in gathered.items()}
        self._known = [self._of_rank(rank, classes, members) for rank in range(len(DECISIONS))]

    def _number(self, name: str) -> int:
        """The number of a principal, or of another who can assume roles, or of a set."""
        if name not in self.numbers:
            self.numbers[name] = len(self.names)
            self.names.append(name)
        return self.numbers[name]

    def _of_rank(self, rank: int, classes: Iterable[frozenset[Step]], members: dict[int, BitMap]) -> Known:
        starters: list[BitMap] = []
        for steps in classes:
            sure = [start for how, start in steps if how <= rank]
            sets = (members[start] for start in sure if start in members)
            starters.append(BitMap.union(BitMap(start for start in sure if start not in members), *sets))
        return Known(starters, _closed(starters, [self._classes(found) for found in starters]))

    def _classes(self, principals: BitMap) -> set[int]:
        """The classes of those that are roles which someone can assume."""
        class_of = self._class_of
        return {class_of[number] for number in principals if number in class_of}

    def behind(self, answer: Answer) -> Behind:
        """Everyone who may do what was asked, or can become someone who may."""
        sure: list[BitMap] = []
        found: list[BitMap] = []
        seen = BitMap()
        for rank, known in enumerate(self._known):
            words = DECISIONS[: rank + 1]
            members = (group.members for group in answer.groups if group.decision.word in words)
            sure.append(BitMap.union(BitMap(), *members))
            reached = BitMap.union(sure[rank], *(known.behind[number] for number in self._classes(sure[rank])))
            found.append(reached - seen)
            seen |= reached
        return Behind(self, tuple(sure), tuple(found))

    def path(self, start: int, ends: BitMap, rank: int) -> list[int]:
        """The shortest chain from one to any of the others, of steps no less sure than that."""
        towards: dict[int, int] = {}
        queue = deque(ends)
        seen = BitMap(ends)
        while start not in seen:
            role = queue.popleft()
            if role in self._class_of:
                for number in self._known[rank].starters[self._class_of[role]] - seen:
                    towards[number] = role
                    queue.append(number)
                    seen.add(number)
        path = [start]
        while path[-1] in towards:
            path.append(towards[path[-1]])
        return path


def _closed(starters: Sequence[BitMap], before: Sequence[set[int]]) -> list[BitMap]:
    """Those behind each class in any number of steps; ``before`` are the classes of its starters."""
    after: list[list[int]] = [[] for _ in starters]
    for number, found in enumerate(before):
        for earlier in found:
            after[earlier].append(number)
    closed = list(starters)
    queue = deque(range(len(closed)))
    waiting = set(queue)
    while queue:
        number = queue.popleft()
        waiting.discard(number)
        if not before[number]:
            continue
        reached = BitMap.union(starters[number], *(closed[earlier] for earlier in before[number]))
        if len(reached) != len(closed[number]):
            closed[number] = reached
            fresh = [later for later in after[number] if later not in waiting]
            queue.extend(fresh)
            waiting.update(fresh)
    return closed
