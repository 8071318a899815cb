"""Which request a condition is about: a technique takes several, and each has tags and other keys of its own.

What is known of the caller, its session, its network and the time is the same for all of them.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from dataclasses import replace

from ..iam.conditions import Test
from ..iam.formula import All, Formula, Holds, Some, all_of, any_of

OF_REQUESTS = ("aws:requesttag/", "aws:resource", "aws:tagkeys")
"""Beginnings of the global keys that belong to one request; keys of services all do."""


def of_request(formula: Formula, request: str) -> Formula:
    """The formula with every condition that belongs to the one request told from those of others."""
    match formula:
        case Holds(Test() as test, negated) if _is_own(test.key.lower()):
            return Holds(replace(test, key=f"{test.key} of {request}"), negated)
        case All(parts):
            return all_of(of_request(part, request) for part in parts)
        case Some(parts):
            return any_of(of_request(part, request) for part in parts)
        case _:
            return formula


def _is_own(key: str) -> bool:
    return not key.startswith("aws:") or key.startswith(OF_REQUESTS)
