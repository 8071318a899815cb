"""Which request a condition is about: a technique takes several, each at its time, with tags and other keys of its own.

What is asked of the caller, its session and its network is the same for all of them.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..iam.conditions.conditions import Test
from ..iam.conditions.contradictions import simplify
from ..iam.conditions.formula import ALWAYS, NEVER, Formula, Holds, Unsure, all_of, mapped, negate, settled
from ..iam.evaluation.decisions import Conditional, Decision, Deny, Unknown

OF_REQUESTS = ("aws:requesttag/", "aws:resource", "aws:tagkeys", "aws:currenttime", "aws:epochtime")
"""Beginnings of the global keys that belong to one request; keys of services all do."""

_OF = " of "


def of_request(formula: Formula, request: str) -> Formula:
    """The formula with every condition that belongs to the one request told from those of others."""
    return _renamed(formula, lambda key: f"{key}{_OF}{request}")


def of_any(formula: Formula) -> Formula:
    """The same with no request told from another, as where one condition is on all that somebody does."""
    return _renamed(formula, lambda key: key.rpartition(_OF)[0] or key)


def has_already(formula: Formula, full: Formula) -> bool:
    """Whether one who has something where ``full`` holds gains nothing by a way that is open where ``formula`` does."""
    if full is NEVER:
        return False
    together = of_any(formula)
    way = formula if simplify(settled(together, ALWAYS)) is NEVER else together
    return simplify(settled(all_of((way, negate(full))), ALWAYS)) is NEVER


def formula_of(decision: Decision) -> Formula:
    """The formula that a decision was made of."""
    match decision:
        case Deny():
            return NEVER
        case Conditional(formula):
            return formula
        case Unknown(reason):
            return Unsure(reason)
        case _:
            return ALWAYS


def _renamed(formula: Formula, name: Callable[[str], str]) -> Formula:
    def renamed(part: Formula) -> Formula:
        match part:
            case Holds(Test() as test, negated) if _is_own(test.key.lower()):
                return Holds(replace(test, key=name(test.key)), negated)
            case _:
                return part

    return mapped(formula, renamed)


def _is_own(key: str) -> bool:
    return not key.startswith("aws:") or key.startswith(OF_REQUESTS)
