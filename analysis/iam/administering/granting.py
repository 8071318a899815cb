"""Policies that give anything to whoever they are attached to: what ``iam:PolicyARN`` may be where anything is granted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html

So does a policy that is written for the purpose, under a name that may be attached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from ..conditions.formula import NEVER
from ..conditions.intersections import common, example
from ..conditions.patterns import Matcher, glob
from ..estates.estate import Estate
from ..evaluation.evaluate import Weighed
from ..policies.statements import Effect, Policy, Reason, Statement
from .ways import all_ways

OF_AWS = ("policy/AdministratorAccess", "policy/IAMFullAccess")
"""Policies of AWS that allow everything, or to grant it; the first is the one that is tried first."""

GRANTS = ("iam:putuserpolicy", "iam:putrolepolicy")
POLICY_ARN, BOUNDARY = "iam:policyarn", "iam:permissionsboundary"
"""The keys of what is attached, and of the boundary that is put or that holds the one who is changed."""
PUT_BOUNDARY = ("iam:PutUserPermissionsBoundary", "iam:PutRolePermissionsBoundary")
CREATE, CHANGE, MAKE_ROOM = "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion"
"""What it takes to write a policy of the account, and to write one that is there anew, with five versions as well."""

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

    def policies(self, account: str, key: str = POLICY_ARN) -> tuple[str, ...]:
        """ARNs of the policies that can be attached in the account and give anything; as ``BOUNDARY``, hold nothing."""
        found = self.estate.accounts.get(account)
        ours = (f"arn:{found.partition if found else 'aws'}:iam::aws:{policy}" for policy in OF_AWS)
        all_ = dict.fromkeys([*ours, *self._own.get("aws", ()), *self._own.get(account, ())])
        return tuple(all_) if key == POLICY_ARN else tuple(filter(self._holds_nothing, all_))

    def _holds_nothing(self, policy: str) -> bool:
        known = self.estate.policies.get(policy)
        return holds_nothing(known) if known else policy.endswith(OF_AWS[0])

    def written(
        self,
        account: str,
        attaching: Iterable[Statement],
        creating: Iterable[Statement],
        writes: Writes,
        key: str = POLICY_ARN,
    ) -> list[tuple[str, Weighed]]:
        """Policies of the account that can be written so that they give anything, by ARN, each with when.

        ``attaching`` are the statements on attaching policies, ``creating`` those on creating them. Of policies that
        the former do not tell apart by their ARN, the value of ``key``, one stands for all.
        """
        told = tuple(dict.fromkeys(text for statement in attaching for text in _named(statement, key)))
        found: dict[object, tuple[str, Weighed]] = {}
        for arn, action in (
            *((arn, CREATE) for arn in self._names(account, told, creating)),
            *((arn, CHANGE) for arn in self._others.get(account, ())),
        ):
            way = self.rewritten(arn, writes) if action == CHANGE else writes(action, arn)
            if way.formula is not NEVER:
                found.setdefault((tuple(bool(_folded(text)(arn.lower())) for text in told), way.formula), (arn, way))
        return list(found.values())

    def rewritten(self, policy: str, writes: Writes) -> Weighed:
        """When a policy of the account can be given a new version, and a place for it is there or can be made.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html#version-limits
        """
        actions = (CHANGE, MAKE_ROOM) if policy in self.estate.full_policies else (CHANGE,)
        return all_ways(writes(action, policy) for action in actions)

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


def _named(statement: Statement, key: str) -> Iterator[str]:
    """The patterns of ARNs of policies that a statement asks for."""
    return (text for test in statement.conditions.tests if test.key.lower() == key for text in test.values)


def asks_for(statement: Statement, key: str) -> bool:
    """Whether it depends on a key, in lower case."""
    return any(test.key.lower() == key for test in statement.conditions.tests)


def is_customer_managed(policy: str) -> bool:
    """Whether a policy is one that the account itself can write new versions of."""
    return ":policy/" in policy and "/inline-policy/" not in policy and ":iam::aws:" not in policy


def lifted(boundary: str, how: str) -> Reason:
    """The reason of what comes of lifting a permissions boundary."""
    return Reason(boundary, note=f"the permissions boundary, which it can {how}")


def chosen_by(action: str) -> str:
    """The key of the policy that a request for the action names, in lower case: none of most."""
    if ":Attach" in action or ":Detach" in action:
        return POLICY_ARN
    return BOUNDARY if action in PUT_BOUNDARY else ""


def gives_anything(policy: Policy) -> bool:
    """Whether the policy lets its holder do anything, or grant itself that; one with a Deny is not judged."""
    return any(all(statement.concerns(action) for action in GRANTS) for statement in _free(policy))


def holds_nothing(policy: Policy) -> bool:
    """Whether the policy, as a boundary, lets through everything; one with a Deny is not judged."""
    return any(s.actions is not None and {"*", "*:*"} & set(s.actions) and not s.not_actions for s in _free(policy))


def _free(policy: Policy) -> list[Statement]:
    """The statements that allow on every resource, under no condition; none where one denies."""
    statements = policy.document.statements
    if any(statement.effect is not Effect.ALLOW for statement in statements):
        return []
    return [
        s for s in statements if not (s.flaw or s.conditions.tests or s.not_resources) and "*" in (s.resources or ())
    ]
