"""Decisions on a range of requests, from those on its samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from ..conditions.conditions import Other
from ..conditions.formula import ALWAYS, All, Formula, Holds, all_of, any_of
from ..conditions.patterns import covers, is_literal
from ..conditions.sentences import clause
from ..estates.estate import Identity
from ..estates.permissions import Permissions
from ..estates.strangers import Stranger
from ..evaluation.decisions import Allow, Conditional, Decision, Deny, Unknown
from ..policies.statements import Reason
from .answers import Group, Names, renamed
from .ranges import Range, Sample
from .who_can import Index

Made: TypeAlias = tuple[Sample, Decision]

Held: TypeAlias = tuple[int, Group]
"""A group of the answer on a sample, with the sample's place."""

SHOWN = 3
"""So many actions or patterns are named where there are more."""

_ANY_OF = {"is not": "any of", "does not match": "any of"}
_LITERALLY = {"matches": "is", "does not match": "is not"}


def can(asked: Range, given: Mapping[str, object], decide: Callable[[Permissions], Decision], arn: str) -> Decision:
    """Whether the principal of the ARN may make any of the requests; ``decide`` says so of one."""
    samples = asked.samples()
    every = [*samples, *(sample for sample in asked.personal() if sample.holder == arn)]
    made = [(sample, decide(_permissions(asked, sample, given))) for sample in every]
    return merged(made, sum(sample.whole for sample in samples))


def who_can(asked: Range, index: Index, given: Mapping[str, object]) -> Iterator[tuple[str, Decision]]:
    """Everyone who may make any of the requests, with the decision; not the denied."""
    decisions = _Everyone(asked, index, given).decisions()
    yield from ((arn, decision) for arn, decision in decisions if not isinstance(decision, Deny))


class _Everyone:
    """The answers on each sample, put together once for all who are in the same groups of each."""

    def __init__(self, asked: Range, index: Index, given: Mapping[str, object]) -> None:
        self._arns = index.population.arns
        self._samples = asked.samples()
        self._whole = sum(sample.whole for sample in self._samples)
        self._answers = [index.who_can(s.action, s.resource, given, hypothetical=True) for s in self._samples]
        self._personal: dict[str, list[Sample]] = defaultdict(list)
        for sample in asked.personal():
            self._personal[sample.holder or ""].append(sample)
        self._permissions = cache(lambda action, resource: Permissions(asked.estate, action, resource, given, True))

    def decisions(self) -> Iterator[tuple[str, Decision]]:
        """Each principal with its decision, the reasons naming its own policies."""
        for held, numbers in self._alike():
            made = [(self._samples[place], group.decision) for place, group in held]
            together = merged(made, self._whole)
            of = {reason: one for one in reversed(held) for reason in one[1].decision.because}
            sources = [(reason, of.get(reason)) for reason in together.because]
            beside = self._refused_beside(made)
            for number in numbers:
                arn = self._arns[number]
                more = [*beside, *self._personal.pop(arn, ())]
                yield arn, self._alone(arn, more, held, number) if more else self._named(together, sources, number)
        yield from ((arn, self._alone(arn, samples)) for arn, samples in self._personal.items())

    def _alike(self) -> Iterator[tuple[Sequence[Held], Sequence[int]]]:
        """The groups that some are in, and the numbers of those who are in all of these and in no other."""
        groups = [(place, group) for place, answer in enumerate(self._answers) for group in answer.groups]
        groups_of: dict[int, list[int]] = defaultdict(list)
        for which, (_, group) in enumerate(groups):
            for number in group.members:
                groups_of[number].append(which)
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for number, found in groups_of.items():
            alike[tuple(found)].append(number)
        for found_of_all, numbers in alike.items():
            yield [groups[which] for which in found_of_all], numbers

    def _refused_beside(self, made: Sequence[Made]) -> list[Sample]:
        """What may be refused to those who are let all else."""
        if not _all_allowed(made, self._whole):
            return []
        reached = {sample for sample, _ in made}
        return [sample for sample in self._samples if sample.refused and sample not in reached]

    def _named(self, decision: Decision, sources: Iterable[tuple[Reason, Held | None]], number: int) -> Decision:
        """The decision, its reasons naming the policies of one of those for whom it goes."""
        names: dict[int, Names] = {}
        because: dict[Reason, None] = {}
        for reason, held in sources:
            if held is None:
                because[reason] = None
                continue
            place, group = held
            if place not in names:
                names[place] = self._answers[place].names(group, number)
            because[renamed(reason, names[place])] = None
        return replace(decision, because=tuple(because))

    def _alone(self, arn: str, more: Iterable[Sample], held: Iterable[Held] = (), number: int = 0) -> Decision:
        """What one principal is answered of whom more is asked than of the others in its groups."""
        made = [(self._samples[place], self._answers[place].of(group, number)) for place, group in held]
        made += [(sample, _of(self._permissions(sample.action, sample.resource), arn)) for sample in more]
        order = {sample: place for place, sample in enumerate(self._samples)}
        return merged(sorted(made, key=lambda one: order.get(one[0], len(order))), self._whole)


def strangers_who_can(asked: Range, given: Mapping[str, object]) -> Iterator[tuple[Stranger, Decision]]:
    """Everyone else who may make any of the requests, being named on the side of a resource; not the denied."""
    samples = asked.samples()
    found: dict[str, tuple[Stranger, list[Made]]] = {}
    for sample in samples:
        permissions = _permissions(asked, sample, given)
        for named in permissions.strangers():
            found.setdefault(named.id, (named, []))[1].append((sample, permissions.of_stranger(named)))
    for named, made in found.values():
        decision = merged(made, sum(sample.whole for sample in samples))
        if not isinstance(decision, Deny):
            yield named, decision


def merged(made: Sequence[Made], whole: int) -> Decision:
    """The decision on a range, from those on its samples; ``whole`` of them together stand for all of it.

    A Deny that singles something out takes nothing but that from whoever is allowed the rest.
    """
    reached = [(sample, decision) for sample, decision in made if not isinstance(decision, Deny)]
    if not reached:
        return Deny(_reasons(made), any(_is_explicit(decision) for _, decision in made))
    if _all_allowed(made, whole):
        telling = [(s, decision) for s, decision in made if not isinstance(decision, Deny) or _singles_out(s, decision)]
        rest = all_of(_none_of([s for s, decision in telling if _singles_out(s, decision)]))
        first = next(decision for sample, decision in reached if sample.whole)
        return first if rest is ALWAYS else Conditional(rest, _reasons(telling))
    ways = _ways([(sample, when) for sample, decision in reached if (when := _when(decision)) is not None], whole)
    unsure = [(sample, decision) for sample, decision in reached if isinstance(decision, Unknown)]
    if ways is None or any(sample.whole for sample, _ in unsure):
        known = "" if ways is None else f"; it is let where {clause(ways)}"
        return replace(unsure[0][1], reason=f"{unsure[0][1].reason}{known}")
    sure = [(sample, decision) for sample, decision in reached if not isinstance(decision, Unknown)]
    whole_ones = [decision for sample, decision in sure if sample.whole] or [decision for _, decision in sure]
    doubts = (Reason(_listed(s.patterns or s.names), note=f"not known: {d.reason}") for s, d in unsure[:SHOWN])
    return Conditional(ways, tuple(dict.fromkeys((*(r for decision in whole_ones for r in decision.because), *doubts))))


def _reasons(made: Iterable[Made]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for _, decision in made for reason in decision.because))


def _is_explicit(decision: Decision) -> bool:
    return isinstance(decision, Deny) and decision.explicit


def _singles_out(sample: Sample, decision: Decision) -> bool:
    return sample.refused and _is_explicit(decision)


def _ways(reached: Sequence[tuple[Sample, Formula]], whole: int) -> Formula | None:
    """When a request is let through; None where that is known of none."""
    by_condition: dict[Formula, list[Sample]] = defaultdict(list)
    for sample, when in reached:
        by_condition[when].append(sample)
    ways: list[Formula] = []
    for when, samples in by_condition.items():
        if sum(sample.whole for sample in samples) == whole:
            ways.append(when)
        else:
            ways += [all_of((only, when)) for only in _only(samples)]
    return _factored(ways) if ways else None


def _only(samples: Sequence[Sample]) -> Iterator[Formula]:
    """What confines requests to those that the samples stand for, in as few words as they allow."""
    for names, patterns in _together(samples):
        yield all_of((_one_of("action", "is", names), _one_of("resource", "matches", patterns)))


def _none_of(samples: Sequence[Sample]) -> Iterator[Formula]:
    """What confines requests to those that none of the samples stands for."""
    for names, patterns in _together(samples):
        beside = [_one_of("action", "is not", names)] if names else []
        yield any_of((*beside, _one_of("resource", "does not match", patterns)))


def _together(samples: Sequence[Sample]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Actions and patterns of resources that go together; no patterns where any resource does."""
    resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for sample in samples:
        resources[sample.names] += sample.patterns or ("",)
    actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for names, patterns in resources.items():
        actions[() if "" in patterns else _widest(patterns)] += names
    for which, named in actions.items():
        yield named, which


def _one_of(what: str, does: str, names: Sequence[str]) -> Formula:
    """That what a request has is one of these, or matches one; of no names, that it is any."""
    if not names:
        return ALWAYS
    if len(names) == 1:
        return Holds(Other(f"the {what} {_LITERALLY.get(does, does) if is_literal(names[0]) else does} {names[0]}"))
    return Holds(Other(f"the {what} {does} {_ANY_OF.get(does, 'one of')} {_listed(names)}"))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _widest(patterns: Sequence[str]) -> tuple[str, ...]:
    each = tuple(dict.fromkeys(patterns))
    return tuple(one for one in each if not any(covers(wider, one) for wider in each if wider != one))


def _factored(ways: Sequence[Formula]) -> Formula:
    """One of the ways, what all have in common said once, and those left out that ask more than another."""
    parts = [dict.fromkeys(way.parts if isinstance(way, All) else () if way is ALWAYS else (way,)) for way in ways]
    least = [some for some in parts if not any(other.keys() < some.keys() for other in parts)]
    shared = [part for part in least[0] if all(part in some for some in least)]
    rest = any_of(all_of(part for part in some if part not in shared) for some in least)
    return all_of((*shared, rest))


def _when(decision: Decision) -> Formula | None:
    if isinstance(decision, Unknown):
        return None
    return decision.formula if isinstance(decision, Conditional) else ALWAYS


def _all_allowed(made: Sequence[Made], whole: int) -> bool:
    general = [decision for sample, decision in made if sample.whole]
    return len(general) == whole and all(isinstance(decision, Allow) for decision in general)


def _permissions(asked: Range, sample: Sample, given: Mapping[str, object]) -> Permissions:
    return Permissions(asked.estate, sample.action, sample.resource, given, hypothetical=True)


def _of(permissions: Permissions, arn: str) -> Decision:
    identity: Identity | None = permissions.estate.identity(arn)
    if identity is not None:
        return permissions.of(identity)
    return permissions.of_root(arn, permissions.estate.root_users[arn])
