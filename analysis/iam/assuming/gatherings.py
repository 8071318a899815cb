"""Principals of one account gathered by profile, and found by the roles that their policies let them assume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from ..conditions.patterns import ARN_SEGMENTS, arn_glob
from ..estates.estate import Identity
from ..estates.profiles import Profile, Profiler, Settled
from ..evaluation.evaluate import Policies
from ..everyone.vocabulary import PatternTable
from ..once import once
from ..policies.statements import Effect, Statement

Members: TypeAlias = list[tuple[Identity, Settled]]
"""Principals, each with its policies under their real names."""


@dataclass(eq=False)
class Alike:
    """Principals to whom one answer goes on every role that does not tell them apart; they share a profile."""

    profile: Profile
    members: Members = field(default_factory=list, kw_only=True)

    @property
    def whose(self) -> str:
        """Of what they are, in the id of their set."""
        return self.profile.account

    @once
    def id(self) -> str:
        """The id of their ``PrincipalSet``."""
        return f"principal-set/{self.whose}/{self.profile.digest}"

    @once
    def policies(self) -> Policies:
        """What the profile says, as policies of the set."""
        return self.profile.policies(self.id)

    @once
    def blind(self) -> bool:
        """Whether the profile says the same of every role."""
        return self.profile.blind


class Gathering(Alike):
    """Principals of one account, and every role."""


AlikeT = TypeVar("AlikeT", bound=Alike)


class ByGrant(Generic[AlikeT]):
    """Those whose policies may grant anything, by the roles that they grant."""

    def __init__(self) -> None:
        self.all: list[AlikeT] = []
        self._numbers = PatternTable(arn_glob, ARN_SEGMENTS)

    def add(self, alike: AlikeT) -> None:
        """Take in some more, by each pattern that they grant; not those that grant nothing."""
        patterns = patterns_of(alike.profile)
        for pattern in patterns:
            self._numbers.add(pattern, len(self.all))
        if patterns:
            self.all.append(alike)

    def that_may_assume(self, role: str) -> Iterator[AlikeT]:
        """Those whose policies allow it on the role, unless a condition, a Deny or a limit is in the way."""
        return (self.all[number] for number in self._numbers.matching(role))


@dataclass
class Gatherings:
    """Those of one account."""

    all: list[Gathering] = field(default_factory=list)
    granting: ByGrant[Gathering] = field(default_factory=ByGrant)

    def add(self, gathering: Gathering) -> None:
        """Take in one more."""
        self.all.append(gathering)
        self.granting.add(gathering)


def patterns_of(profile: Profile) -> tuple[str, ...]:
    """The resources that may be granted, as patterns."""
    statements = [s for s in profile.identity if s.effect is not Effect.DENY]
    if profile.unread_identity or any(map(grants_anything, statements)):
        return ("*",)
    return tuple(dict.fromkeys(text for s in statements for text in s.resources or ()))


def grants_anything(statement: Statement) -> bool:
    """Whether there is no telling, by patterns, which roles it may grant."""
    if statement.resources is None or statement.not_resources or statement.resource_matchers is None:
        return True
    return "*" in statement.resources


def gather(identities: Iterable[Identity], profiler: Profiler) -> Gatherings:
    """The identities of an account, gathered by profile."""
    by_profile: dict[Profile, Gathering] = {}
    found: dict[Settled, Gathering] = {}
    for identity in identities:
        settled = profiler.settled(identity)
        if settled not in found:
            found[settled] = by_profile.setdefault(settled.profile, Gathering(settled.profile))
        found[settled].members.append((identity, settled))
    gatherings = Gatherings()
    for gathering in by_profile.values():
        gatherings.add(gathering)
    return gatherings
