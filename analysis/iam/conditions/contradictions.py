"""Which residual conditions can hold together, so that a grant that nobody can meet counts as none.

A formula is brought into alternatives (a disjunction of conjunctions), and so is its opposite; alternatives that
contradict themselves go, and those of the two that say it shortest say it. Within a conjunction the tests on one key
are weighed against each other by ``domains``; tests on different keys contradict each other in one case only: no AWS
service is of an organization.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import product

from .comparisons import Operator
from .conditions import Test
from .domains import possible
from .formula import ALWAYS, NEVER, All, Formula, Holds, Some, all_of, any_of, negate

MOST_ALTERNATIVES = 256
"""A formula with more alternatives than this, whose opposite has more, too, is left as it is: contradictions in it are
not looked for."""

MOST_COMPARED = 32
"""Of more alternatives than this none is held against the others, but for whether it contains one."""

Conjunction = frozenset[Holds]

_IS_SERVICE = "aws:principalisawsservice"
_NO_SERVICE = Holds(Test(Operator.BOOL, _IS_SERVICE, ("true",)), negated=True)
_OF_MEMBERS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalarn")
"""Keys that a request of an AWS service's own does not have."""


@lru_cache(maxsize=65536)
def simplify(formula: Formula) -> Formula:
    """An equal formula without contradictory or superfluous alternatives; ``NEVER`` or ``ALWAYS`` where it is one.

    It is said by what its alternatives share and the alternatives, or by what must hold together, whichever takes fewer
    tests: what six Denies of two conditions leave is one escape from each of them, not 64 ways.
    """
    ways, refusals = _possible_alternatives(formula), _possible_alternatives(negate(formula))
    if ways is not None and not ways:
        return NEVER
    if refusals is not None and not refusals:
        return ALWAYS
    order = list(dict.fromkeys(_literals(formula))) if ways is not None or refusals is not None else []
    if refusals is None or (ways is not None and _tests_in(ways) <= sum(map(len, refusals))):
        return formula if ways is None else _as_alternatives(ways, order)
    escapes = [[part for part in order if _opposite(part) in refusal] for refusal in refusals]
    return all_of(map(any_of, sorted(escapes, key=lambda parts: len(parts) > 1)))


def _as_alternatives(ways: list[Conjunction], order: list[Holds]) -> Formula:
    shared = frozenset.intersection(*ways)
    options = (all_of(part for part in order if part in way - shared) for way in ways)
    return all_of([*(part for part in order if part in shared), any_of(options)])


def _tests_in(ways: list[Conjunction]) -> int:
    """How many tests it takes to say them, what they share being said once."""
    shared = frozenset.intersection(*ways)
    return len(shared) + sum(len(way - shared) for way in ways)


def _possible_alternatives(formula: Formula) -> list[Conjunction] | None:
    """The alternatives that do not contradict themselves, none containing another; None if there are too many."""
    alternatives = _alternatives(formula)
    if alternatives is None:
        return None
    kept = [_without_implied(alternative) for alternative in dict.fromkeys(alternatives) if consistent(alternative)]
    kept = _without_settled(list(dict.fromkeys(kept)))
    return [a for a in kept if not any(other < a for other in kept)]


def _alternatives(formula: Formula) -> list[Conjunction] | None:
    match formula:
        case Holds():
            return [frozenset((formula,))]
        case Some(parts):
            options = [_alternatives(part) for part in parts]
            if any(option is None for option in options):
                return None
            joined = [alternative for option in options if option for alternative in option]
            return joined if len(joined) <= MOST_ALTERNATIVES else None
        case All(parts):
            return _product(parts)
        case _:
            return [frozenset()] if formula is ALWAYS else []


def _product(parts: tuple[Formula, ...]) -> list[Conjunction] | None:
    built: list[Conjunction] = [frozenset()]
    for part in sorted(parts, key=lambda p: not isinstance(p, Holds)):
        options = _alternatives(part)
        if options is None or len(built) * len(options) > MOST_ALTERNATIVES * 8:
            return None
        built = [one for one in {a | b: None for a, b in product(built, options)} if consistent(one)]
        if len(built) > MOST_ALTERNATIVES:
            return None
    return built


def _without_implied(alternative: Conjunction) -> Conjunction:
    """Without the parts that others of them imply."""
    for part in sorted(alternative, key=repr):
        others = alternative - {part}
        if others and not consistent(others | {_opposite(part)}):
            alternative = others
    return alternative


def _without_settled(alternatives: list[Conjunction]) -> list[Conjunction]:
    """Without the parts of an alternative where another is met if they are not: "a, or b and not a" is "a or b"."""
    if len(alternatives) > MOST_COMPARED:
        return alternatives
    left = list(alternatives)
    while True:
        found = next(
            (
                (alternative, alternative - {part})
                for alternative in left
                for part in sorted(alternative, key=repr)
                if any(_takes_over(other, alternative - {part}, part) for other in left if other != alternative)
            ),
            None,
        )
        if found is None:
            return left
        alternative, rest = found
        left = list(dict.fromkeys(rest if one == alternative else one for one in left))


def _takes_over(other: Conjunction, rest: Conjunction, part: Holds) -> bool:
    """Whether the other alternative is met wherever the rest of one is, and that part of it is not."""
    left = other - rest
    if len(left) != 1:
        return False
    (needed,) = left
    return not consistent(frozenset((_opposite(part), _opposite(needed))))


def _opposite(part: Holds) -> Holds:
    return Holds(part.test, not part.negated)


@lru_cache(maxsize=65536)
def consistent(conjunction: Conjunction) -> bool:
    """Whether a request can meet all of these at once; true where that is not plain to see."""
    by_key: dict[str, list[Holds]] = {}
    for part in conjunction:
        if _opposite(part) in conjunction:
            return False
        if isinstance(part.test, Test):
            by_key.setdefault(part.test.key.lower(), []).append(part)
    return all(possible(tuple(parts)) for parts in by_key.values()) and not _service_of_an_organization(by_key)


def _service_of_an_organization(by_key: Mapping[str, list[Holds]]) -> bool:
    """Whether the caller must be an AWS service itself, and must have what only users and roles have.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
    """
    service = by_key.get(_IS_SERVICE)
    if service is None or possible((*service, _NO_SERVICE)):
        return False
    return any(not possible((*by_key[key], _missing(key))) for key in _OF_MEMBERS if key in by_key)


@cache
def _missing(key: str) -> Holds:
    return Holds(Test(Operator.NULL, key, ("true",)))


def _literals(formula: Formula) -> Iterator[Holds]:
    if isinstance(formula, All | Some):
        for part in formula.parts:
            yield from _literals(part)
    else:
        assert isinstance(formula, Holds), "alternatives were found, so it is no constant, and nothing is unsure"
        yield formula
