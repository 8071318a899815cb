"""Ways, each open, shut, or open under conditions; several of them, of which any or all are taken."""

from __future__ import annotations

from collections.abc import Iterable

from ..conditions.formula import ALWAYS, NEVER, all_of, any_of
from ..evaluation.evaluate import Weighed
from ..policies.statements import Reason

OPEN = Weighed(ALWAYS, ())
SHUT = Weighed(NEVER, ())


def any_way(ways: Iterable[Weighed]) -> Weighed:
    """Any of the ways; the reasons of the first that is open always, else of all that may be."""
    possible = []
    for way in ways:
        if way.formula is ALWAYS:
            return way
        if way.formula is not NEVER:
            possible.append(way)
    if len(possible) < 2:
        return possible[0] if possible else SHUT
    return Weighed(any_of(w.formula for w in possible), tuple(r for w in possible for r in w.because))


def all_ways(ways: Iterable[Weighed]) -> Weighed:
    """All of them; none is looked at after one that is shut."""
    found = []
    for way in ways:
        if way.formula is NEVER:
            return SHUT
        if way is not OPEN:
            found.append(way)
    if len(found) < 2:
        return found[0] if found else OPEN
    return Weighed(all_of(w.formula for w in found), tuple(dict.fromkeys(r for w in found for r in w.because)))


def noted(way: Weighed, reason: Reason) -> Weighed:
    """The way with one more reason."""
    return Weighed(way.formula, (*way.because, reason))
