"""Formulas that hardly any policy makes: what is too much to weigh is left as it is, and every formula can be said."""

from __future__ import annotations

import pytest
from muniment.analysis.iam.conditions import conditions
from muniment.analysis.iam.conditions.comparisons import Operator
from muniment.analysis.iam.conditions.conditions import Other
from muniment.analysis.iam.conditions.contradictions import MOST_ALTERNATIVES, simplify
from muniment.analysis.iam.conditions.formula import (
    ALWAYS,
    NEVER,
    Formula,
    Holds,
    Unsure,
    all_of,
    any_of,
    doubts,
    negate,
)
from muniment.analysis.iam.conditions.sentences import clause


def of(name: object) -> Holds:
    return Holds(Other(str(name)))


MANY = any_of(of(n) for n in range(MOST_ALTERNATIVES + 1))
PAIRS = [any_of((of(f"{n}a"), of(f"{n}b"))) for n in range(9)]
TRIPLES = [any_of((of(f"{n}a"), of(f"{n}b"), of(f"{n}c"))) for n in range(5)]
OTHERS = [all_of((of(f"{n}c"), of(f"{n}d"))) for n in range(9)]


@pytest.mark.parametrize("formula", [all_of([*PAIRS, any_of(OTHERS)]), any_of([all_of(PAIRS), *OTHERS])])
def test_what_has_too_many_alternatives_either_way_is_left_as_it_is(formula: Formula) -> None:
    assert simplify(formula) is formula


@pytest.mark.parametrize(
    ("formula", "shortest"),
    [
        (MANY, MANY),
        (all_of([MANY, of("x")]), all_of([of("x"), MANY])),
        (all_of(PAIRS), all_of(PAIRS)),
        (all_of(PAIRS[:6]), all_of(PAIRS[:6])),
        (any_of(OTHERS[:6]), any_of(OTHERS[:6])),
        (any_of(OTHERS), any_of(OTHERS)),
        (any_of([of("x"), all_of(PAIRS)]), all_of(any_of([of("x"), pair]) for pair in PAIRS)),
        (all_of([*PAIRS[:8], *TRIPLES]), all_of(PAIRS[:8])),
        (all_of([*PAIRS, negate(PAIRS[0])]), NEVER),
        (any_of([*OTHERS, negate(OTHERS[0])]), ALWAYS),
    ],
)
def test_a_formula_is_said_the_shortest_way(formula: Formula, shortest: Formula) -> None:
    assert simplify(formula) == shortest


@pytest.mark.parametrize("formula", [ALWAYS, NEVER])
def test_constants_are_simple(formula: Formula) -> None:
    assert simplify(formula) is formula


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (ALWAYS, "always"),
        (NEVER, "nothing can meet it"),
        (Unsure("nobody read it"), "it is not known: nobody read it"),
        (Holds(conditions.Test(None, "k", ("a",), written="Odd")), "k Odd a"),
    ],
)
def test_every_formula_can_be_said(formula: Formula, said: str) -> None:
    assert clause(formula) == said


def test_a_negated_formula_negated_again_is_itself() -> None:
    formula = all_of([of("x"), any_of([of("y"), Unsure("z")]), Holds(conditions.Test(Operator.BOOL, "k", ("true",)))])
    assert negate(negate(formula)) == formula


def test_what_a_part_rules_out_is_taken_out_of_the_others() -> None:
    formula = all_of([of("x"), any_of([negate(of("x")), of("y")])])
    assert simplify(formula) == all_of([of("x"), of("y")])


def test_every_doubt_is_told_and_nothing_that_is_sure() -> None:
    formula = all_of([of("x"), Unsure("a"), any_of([of("y"), Unsure("b")])])
    assert list(doubts(formula)) == ["a", "b"]
