"""Statements about a request that is not wholly known: conjunctions and disjunctions of tests, and of things not known.

Every formula is kept simple as it is built: constants are absorbed, nested parts flattened, equal parts merged.
A negation is pushed down to the single tests at once, so ``Unsure`` always stands in a positive place: the worst that a
formula can come to is found by reading each ``Unsure`` as never, the best by reading it as always.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeAlias

from ..immutable import immutable


@immutable()
class Always:
    """True whatever the request is."""


@immutable()
class Never:
    """False whatever the request is."""


@immutable()
class Holds:
    """A single test on the request, or its opposite. ``test`` is a ``conditions.Test`` or a ``conditions.Other``."""

    test: Hashable
    negated: bool = False


@immutable()
class Unsure:
    """True or false, nobody knows: ``reason`` says why."""

    reason: str


@immutable()
class All:
    """Every part holds. At least two parts, none of them an ``All`` or a constant."""

    parts: tuple[Formula, ...]


@immutable()
class Some:
    """At least one part holds. At least two parts, none of them a ``Some`` or a constant."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Always | Never | Holds | Unsure | All | Some

ALWAYS = Always()
NEVER = Never()


def all_of(parts: Iterable[Formula]) -> Formula:
    """The conjunction; ``ALWAYS`` of no parts."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is NEVER:
            return NEVER
        if part is ALWAYS:
            continue
        if isinstance(part, All):
            kept.update(dict.fromkeys(part.parts))
        else:
            kept[part] = None
    if not kept:
        return ALWAYS
    if len(kept) > 1 and any(isinstance(part, Holds) and Holds(part.test, not part.negated) in kept for part in kept):
        return NEVER
    return _joined(tuple(kept), All)


def both_of(one: Formula, other: Formula) -> Formula:
    """``all_of`` two, of which one is most often a constant."""
    if one is ALWAYS or one is other:
        return other
    if other is ALWAYS:
        return one
    if one is NEVER or other is NEVER:
        return NEVER
    return all_of((one, other))


def either_of(one: Formula, other: Formula) -> Formula:
    """``any_of`` two, of which one is most often a constant."""
    if one is NEVER or one is other:
        return other
    if other is NEVER:
        return one
    if one is ALWAYS or other is ALWAYS:
        return ALWAYS
    return any_of((one, other))


def any_of(parts: Iterable[Formula]) -> Formula:
    """The disjunction; ``NEVER`` of no parts."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part is ALWAYS:
            return ALWAYS
        if part is NEVER:
            continue
        if isinstance(part, Some):
            kept.update(dict.fromkeys(part.parts))
        else:
            kept[part] = None
    if not kept:
        return NEVER
    if len(kept) > 1 and any(isinstance(part, Holds) and Holds(part.test, not part.negated) in kept for part in kept):
        return ALWAYS
    return _joined(tuple(kept), Some)


def _joined(parts: tuple[Formula, ...], kind: type[All] | type[Some]) -> Formula:
    return parts[0] if len(parts) == 1 else kind(parts)


def negate(formula: Formula) -> Formula:
    """The opposite; what is unsure stays unsure."""
    match formula:
        case Always():
            return NEVER
        case Never():
            return ALWAYS
        case Holds(test, negated):
            return Holds(test, not negated)
        case Unsure():
            return formula
        case All(parts):
            return any_of(negate(part) for part in parts)
        case _:
            return all_of(negate(part) for part in formula.parts)


def mapped(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The formula with something else in place of each of its tests, constants and doubts."""
    match formula:
        case All(parts):
            return all_of(mapped(part, change) for part in parts)
        case Some(parts):
            return any_of(mapped(part, change) for part in parts)
        case _:
            return change(formula)


def settled(formula: Formula, unsure_as: Formula) -> Formula:
    """The formula with every ``Unsure`` read as ``unsure_as``: NEVER for the worst case, ALWAYS for the best."""
    return mapped(formula, lambda part: unsure_as if isinstance(part, Unsure) else part)


def doubts(formula: Formula) -> Iterator[str]:
    """The reasons of every ``Unsure`` in it, in order, repeated where they are."""
    match formula:
        case Unsure(reason):
            yield reason
        case All(parts) | Some(parts):
            for part in parts:
                yield from doubts(part)
        case _:
            return
