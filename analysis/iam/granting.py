"""Policies that give anything to whoever they are attached to: what ``iam:PolicyARN`` may be where anything is granted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html

So does a policy that is written for the purpose, under a name that may be attached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from .estate import Estate
from .evaluate import Weighed
from .formula import NEVER
from .intersections import common, example
from .patterns import Matcher, glob
from .statements import Effect, Policy, Statement

OF_AWS = ("policy/AdministratorAccess", "policy/IAMFullAccess")
"""Policies of AWS that allow everything, or to grant it; the first is the one that is tried first."""

GRANTS = ("iam:putuserpolicy", "iam:putrolepolicy")
POLICY_ARN = "iam:policyarn"
CREATE, CHANGE = "iam:CreatePolicy", "iam:CreatePolicyVersion"
"""What it takes to write a policy of the account, and to write one that is there anew."""

MOST_PAIRS = 500
"""Of no more pairs of patterns is a name sought that both match; of that many, nobody writes policies."""

Writes = Callable[[str, str], Weighed]
"""What comes of an action on a policy."""


@dataclass
class Granting:
    """The policies that give anything, by account: those of AWS, and the account's own."""

    estate: Estate
    _own: dict[str, list[str]] = field(init=False)
    _others: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._own, self._others = {}, {}
        for id_, policy in self.estate.policies.items():
            if ":policy/" in id_ and "/inline-policy/" not in id_:
                kind = self._own if gives_anything(policy) else self._others
                kind.setdefault(id_.split(":")[4], []).append(id_)

    def policies(self, account: str) -> tuple[str, ...]:
        """ARNs of the policies that can be attached in the account and give anything."""
        found = self.estate.accounts.get(account)
        ours = (f"arn:{found.partition if found else 'aws'}:iam::aws:{policy}" for policy in OF_AWS)
        return tuple(dict.fromkeys([*ours, *self._own.get("aws", ()), *self._own.get(account, ())]))

    def written(
        self, account: str, attaching: Iterable[Statement], creating: Iterable[Statement], writes: Writes
    ) -> list[tuple[str, Weighed]]:
        """Policies of the account that can be written so that they give anything, by ARN, each with when.

        ``attaching`` are the statements on attaching policies, ``creating`` those on creating them. Of policies that
        the former do not tell apart by their ARN, one stands for all.
        """
        told = tuple(dict.fromkeys(text for statement in attaching for text in _named(statement)))
        found: dict[object, tuple[str, Weighed]] = {}
        for arn, action in (
            *((arn, CREATE) for arn in self._names(account, told, creating)),
            *((arn, CHANGE) for arn in self._others.get(account, ())),
        ):
            way = writes(action, arn)
            if way.formula is not NEVER:
                found.setdefault((tuple(bool(_folded(text)(arn.lower())) for text in told), way.formula), (arn, way))
        return list(found.values())

    def _names(self, account: str, told: tuple[str, ...], creating: Iterable[Statement]) -> Iterator[str]:
        """Names that new policies may have: one that no pattern knows, and one for each pattern, and each two."""
        partition = found.partition if (found := self.estate.accounts.get(account)) else "aws"
        any_name = f"arn:{partition}:iam::{account}:policy/*"
        allowed = (text for statement in creating for text in statement.resources or ())
        patterns = [own for text in dict.fromkeys([*told, *allowed]) for own in common(any_name, text)]
        pairs = list(combinations(patterns, 2))[:MOST_PAIRS]
        both = [own for one, other in pairs for own in common(one, other)]
        for pattern in dict.fromkeys([any_name, *patterns, *both]):
            if (arn := example(pattern, partition)) not in self.estate.policies:
                yield arn


def _folded(pattern: str) -> Matcher:
    """A function that is true for ARNs, in lower case, that match: some operators do not regard case.

    ARNs that differ in case alone are those of one name, which an account has but once.
    """
    return glob(pattern.lower())


def _named(statement: Statement) -> Iterator[str]:
    """The patterns of ARNs of policies that a statement asks for."""
    return (text for test in statement.conditions.tests if test.key.lower() == POLICY_ARN for text in test.values)


def asks_what_is_attached(statement: Statement) -> bool:
    """Whether it depends on the ARN of the policy that is attached."""
    return any(test.key.lower() == POLICY_ARN for test in statement.conditions.tests)


def gives_anything(policy: Policy) -> bool:
    """Whether the policy lets its holder do anything, or grant itself that; one with a Deny is not judged."""
    statements = policy.document.statements
    if any(statement.effect is not Effect.ALLOW for statement in statements):
        return False
    free = (
        s for s in statements if not (s.flaw or s.conditions.tests or s.not_resources) and "*" in (s.resources or ())
    )
    return any(all(statement.concerns(action) for action in GRANTS) for statement in free)
