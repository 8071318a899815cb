"""What is new between what a webhook was told and what is in force: pure, of facts alone.

A fact is told by what it is about, not by how it is kept: sets of principals or resources, whose ids change with their
members, are expanded before. How sure it is counts beside it. What was told as ``allow`` is not told again as
``conditional``; what turned from ``conditional`` to ``allow`` is. What is ``unknown`` is not told; what was told and
turned ``unknown`` is remembered, so that it is not told again when it can be read again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from ...graph.baseline import Told

NEW_EXPOSURE = "new-exposure"
NEW_ADMINISTRATOR_PATH = "new-administrator-path"
LOST_COVERAGE = "lost-coverage"
STALE_SCOPE = "stale-scope"
EVENTS = (NEW_EXPOSURE, NEW_ADMINISTRATOR_PATH, LOST_COVERAGE, STALE_SCOPE)
BASELINE, TEST = "baseline", "test"
"""Types of messages besides: what is in force when a webhook is first met, and one that is asked for."""

SURENESS = {"unknown": 0, "conditional": 1, "allow": 2}
DECISIONS = {number: word for word, number in SURENESS.items()}
ITEMS = 100
"""The most items of one message; more are more messages."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is announced once: what identifies it, how sure it is, and what else is told of it."""

    about: tuple[str, ...]
    sure: int
    told: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """A short hash of what it is about."""
        return blake2b(orjson.dumps(self.about), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be told, and what has been told once that is done."""

    new: tuple[Fact, ...]
    announced: Told


def compare(announced: Told, facts: Iterable[Fact]) -> Difference:
    """What of these facts was not told yet, or not as surely."""
    new, after = [], {}
    for fact in sorted(facts, key=lambda fact: fact.about):
        digest = fact.digest
        before = announced.get(digest, 0)
        if fact.sure > before:
            new.append(fact)
        if fact.sure or before:
            after[digest] = fact.sure or before
    return Difference(tuple(new), after)


def portion(before: Told, found: Difference, most: int) -> tuple[Difference, bool]:
    """As much of a difference as is told at once, and whether that leaves something out.

    What is told at once lies together in the baseline, so that all of it is not written again for every portion.
    """
    if len(found.new) <= most:
        return found, False
    left_out = {fact.digest for fact in sorted(found.new, key=lambda fact: fact.digest)[most:]}
    new = tuple(fact for fact in found.new if fact.digest not in left_out)
    announced = {
        digest: before.get(digest, 0) if digest in left_out else sure for digest, sure in found.announced.items()
    }
    return Difference(new, {digest: sure for digest, sure in announced.items() if sure}), True


def messages(event: str, new: Sequence[Fact], at: str) -> Iterator[dict[str, Any]]:
    """The messages that tell of new facts, each of a hundred at most."""
    for start in range(0, len(new), ITEMS):
        items = [dict(fact.told) for fact in new[start : start + ITEMS]]
        yield payload(event, at, {"total": len(new), "items": items})


def summary(counts: Mapping[str, int], at: str) -> dict[str, Any]:
    """The one message about all that is in force when a webhook is first met."""
    return payload(BASELINE, at, {"counts": dict(counts)})


def payload(kind: str, at: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A message as receivers get it. ``version`` changes when something in it is taken away or means something else."""
    return {"version": 1, "type": kind, "timestamp": at, "data": dict(data)}


def exposures(rows: Iterable[Mapping[str, Any]]) -> list[Fact]:
    """Who from outside has access to what, each at its surest."""
    surest: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in rows:
        about = tuple(str(row[name]) for name in ("principal", "target", "access"))
        if about not in surest or SURENESS.get(row["decision"], 0) > SURENESS.get(surest[about]["decision"], 0):
            surest[about] = row
    return [Fact(about, SURENESS.get(row["decision"], 0), row) for about, row in surest.items()]


def administrator_paths(
    steps: Iterable[tuple[str, str, str]], members: Iterable[tuple[str, str]], goals: Iterable[tuple[str, str, str]]
) -> list[Fact]:
    """Who can become an administrator of which account, by its surest way.

    ``steps`` are (start, end, decision) of becoming somebody, ``members`` (principal, set or group), ``goals``
    (principal, account, decision) of administering. A way is as sure as its least sure step. Ends of ``members`` that
    are sets are only passed through: ids that begin with ``principal-set/`` are told of nowhere.
    """
    into: dict[str, list[tuple[str, int]]] = {}
    for start, end, decision in steps:
        into.setdefault(end, []).append((start, SURENESS.get(decision, 0)))
    for principal, group in members:
        into.setdefault(group, []).append((principal, SURENESS["allow"]))
    administering: dict[str, list[tuple[str, int]]] = {}
    for principal, account, decision in goals:
        administering.setdefault(account, []).append((principal, SURENESS.get(decision, 0)))
    found = []
    for account, first in administering.items():
        for principal, sure in _surest(first, into).items():
            if not principal.startswith("principal-set/"):
                told = {"principal": principal, "account": account, "decision": DECISIONS[sure]}
                found.append(Fact((principal, account), sure, told))
    return found


def _surest(first: Sequence[tuple[str, int]], into: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, int]:
    """Backwards from the administrators: the surest ways first, so that whoever was met is not met again."""
    reached: dict[str, int] = {}
    waiting: dict[int, deque[str]] = {sure: deque() for sure in SURENESS.values()}
    for principal, sure in first:
        waiting[sure].append(principal)
    for sure in sorted(waiting, reverse=True):
        while waiting[sure]:
            one = waiting[sure].popleft()
            if one in reached:
                continue
            reached[one] = sure
            for start, step in into.get(one, ()):
                waiting[min(sure, step)].append(start)
    return reached
