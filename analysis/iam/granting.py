"""Policies that give anything to whoever they are attached to: what ``iam:PolicyARN`` may be where anything is granted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .estate import Estate
from .statements import Effect, Policy

OF_AWS = ("policy/AdministratorAccess", "policy/IAMFullAccess")
"""Policies of AWS that allow everything, or to grant it; the first is the one that is tried first."""

GRANTS = ("iam:putuserpolicy", "iam:putrolepolicy")


@dataclass
class Granting:
    """The policies that give anything, by account: those of AWS, and the account's own."""

    estate: Estate
    _own: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._own = {}
        for id_, policy in self.estate.policies.items():
            if ":policy/" in id_ and "/inline-policy/" not in id_ and gives_anything(policy):
                self._own.setdefault(id_.split(":")[4], []).append(id_)

    def policies(self, account: str) -> tuple[str, ...]:
        """ARNs of the policies that can be attached in the account and give anything."""
        found = self.estate.accounts.get(account)
        ours = (f"arn:{found.partition if found else 'aws'}:iam::aws:{policy}" for policy in OF_AWS)
        return tuple(dict.fromkeys([*ours, *self._own.get("aws", ()), *self._own.get(account, ())]))


def gives_anything(policy: Policy) -> bool:
    """Whether the policy lets its holder do anything, or grant itself that; one with a Deny is not judged."""
    statements = policy.document.statements
    if any(statement.effect is not Effect.ALLOW for statement in statements):
        return False
    free = (
        s for s in statements if not (s.flaw or s.conditions.tests or s.not_resources) and "*" in (s.resources or ())
    )
    return any(all(statement.concerns(action) for action in GRANTS) for statement in free)
