"""What keeps an identity from what its policies give, and may be undone: a policy that denies is taken off, another
version of one is put in force.

Each step leaves the identity with other policies; what it comes by then is for ``Administrators`` to say.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from ..conditions.formula import ALWAYS, NEVER, Unsure
from ..estates.estate import Estate, Identity, IdentityKind
from ..evaluation.evaluate import Weighed
from ..policies.statements import Effect, Policy, Reason
from .ways import OPEN, all_ways, noted

ANOTHER_VERSION = "put another version of in force"
SET_DEFAULT, LEAVE = "iam:SetDefaultPolicyVersion", "iam:RemoveUserFromGroup"
OF_USER = ("iam:DetachUserPolicy", "iam:DeleteUserPolicy")
OF_ROLE = ("iam:DetachRolePolicy", "iam:DeleteRolePolicy")
OF_GROUP = ("iam:DetachGroupPolicy", "iam:DeleteGroupPolicy")
REMOVALS = (*OF_USER, *OF_ROLE, *OF_GROUP, LEAVE)
"""Actions that take a policy off a user, role or group, managed and inline, or a user out of a group."""


@dataclass(frozen=True, slots=True)
class Held:
    """An identity with what applies to it, as the estate has it or changed.

    ``groups`` has what is left to groups, ``versions`` what is in force in place of what the estate has.
    """

    estate: Estate
    identity: Identity
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versions: Mapping[str, Policy] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the policies that apply to it, its own and those of its groups."""
        return (*self.identity.policies, *(policy for group in self.identity.groups for policy in self.of_group(group)))

    def of_group(self, group: str) -> tuple[str, ...]:
        """Ids of the policies of a group."""
        return self.groups[group] if group in self.groups else self.estate.groups.get(group, ())

    def policy(self, id_: str) -> Policy | None:
        """The policy as it is in force; None where its document is not known."""
        return self.versions.get(id_) or self.estate.policies.get(id_)

    def under(self, boundary: str | None) -> Held:
        """The same under a permissions boundary that holds nothing, or none."""
        known = {boundary: _everything(boundary)} if boundary else {}
        return replace(self, identity=replace(self.identity, boundary=boundary), versions={**self.versions, **known})

    def with_version(self, policy: str, version: Policy) -> Held:
        """The same with another version of a policy in force."""
        return replace(self, versions={**self.versions, policy: version})

    def without(self, policy: str) -> Held:
        """The same with a policy of its own taken off."""
        rest = tuple(one for one in self.identity.policies if one != policy)
        return replace(self, identity=replace(self.identity, policies=rest))

    def without_of_group(self, group: str, policy: str) -> Held:
        """The same with a policy taken off a group."""
        rest = tuple(one for one in self.of_group(group) if one != policy)
        return replace(self, groups={**self.groups, group: rest})

    def outside(self, group: str) -> Held:
        """The same once it has left a group."""
        others = tuple(one for one in self.identity.groups if one != group)
        return replace(self, identity=replace(self.identity, groups=others))

    @property
    def undenied(self) -> Held:
        """The same with no Deny in any policy: no less than what is left once those that have one are taken off."""
        allowing = {id_: _without_deny(policy) for id_ in filter(self.denies, self.ids) if (policy := self.policy(id_))}
        return replace(self, versions={**self.versions, **allowing})

    def denies(self, id_: str) -> bool:
        """Whether a policy is known to deny anything."""
        policy = self.policy(id_)
        return policy is not None and any(s.effect is Effect.DENY for s in policy.document.statements)


@dataclass(frozen=True, slots=True)
class Step:
    """One request that undoes something of ``before``: on what, about which policy or group, and what is left then.

    ``doubt`` is why it is not known what is in force then.
    """

    action: str
    on: str
    about: str
    before: Held
    then: Held
    doubt: Unsure | None = None

    @property
    def reason(self) -> Reason:
        """What is undone, as a reason."""
        what = "another version, which it can put in force" if self.action == SET_DEFAULT else "it denies, and can go"
        return Reason(self.about, note=f"{what} ({self.action})")


Asks: TypeAlias = Callable[[Step], Weighed]
"""What comes of the request of a step."""


def undone(held: Held, asks: Asks) -> Iterator[tuple[Step, Weighed]]:
    """Every step that is open, with when; then those that are open once something that denies is gone, and so on."""
    way = OPEN
    while True:
        for step, asked in _open(settings(held), asks):
            yield step, all_ways([way, asked])
        removing = list(_open(removals(held), asks))
        for step, asked in removing:
            yield step, all_ways([way, asked])
        if not removing:
            return
        step, asked = min(removing, key=_cost)
        held, way = step.then, all_ways([way, asked])


def settings(held: Held) -> Iterator[Step]:
    """For each other version of a customer managed policy that applies: that it is put in force."""
    for policy in dict.fromkeys(held.ids):
        for version in held.estate.versions.get(policy, ()):
            yield Step(SET_DEFAULT, policy, version.id, held, held.with_version(policy, version))
        if doubt := unread(held.estate, policy):
            yield Step(SET_DEFAULT, policy, policy, held, held, doubt)


def unread(estate: Estate, policy: str) -> Unsure | None:
    """The doubt where a policy has versions that were not read, as in a graph that is older than their reading."""
    return Unsure(f"the other versions of {policy} were not read") if policy in estate.unread_versions else None


def removals(held: Held) -> Iterator[Step]:
    """For each policy with a Deny that applies: that it is taken off; and that a group with such a policy is left."""
    identity = held.identity
    of_kind = OF_USER if identity.kind is IdentityKind.USER else OF_ROLE
    for policy in filter(held.denies, identity.policies):
        yield Step(of_kind[_is_inline(policy)], identity.arn, policy, held, held.without(policy))
    for group in identity.groups:
        denying = list(filter(held.denies, held.of_group(group)))
        for policy in denying:
            then = held.without_of_group(group, policy)
            yield Step(OF_GROUP[_is_inline(policy)], group, policy, held, then)
        if denying:
            yield Step(LEAVE, group, group, held, held.outside(group))


def _is_inline(policy: str) -> bool:
    return "/inline-policy/" in policy


def _open(steps: Iterator[Step], asks: Asks) -> Iterator[tuple[Step, Weighed]]:
    for step in steps:
        asked = asks(step)
        if asked.formula is not NEVER:
            yield step, noted(asked, step.reason)


def _cost(of: tuple[Step, Weighed]) -> tuple[bool, bool]:
    """What is taken off first: what may be for certain, and allows nothing that the next step may need."""
    step, asked = of
    policy = step.before.policy(step.about)
    allows = policy is None or any(s.effect is not Effect.DENY for s in policy.document.statements)
    return asked.formula is not ALWAYS, allows


def _without_deny(policy: Policy) -> Policy:
    statements = tuple(s for s in policy.document.statements if s.effect is not Effect.DENY)
    return Policy(f"{policy.id} but for what it denies", replace(policy.document, statements=statements))


@lru_cache(maxsize=1024)
def _everything(name: str) -> Policy:
    return Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name)
