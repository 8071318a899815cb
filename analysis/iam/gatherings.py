"""Principals of one account gathered by profile, and found by the roles that their policies let them assume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from .estate import Identity
from .evaluate import Policies
from .once import once
from .patterns import Matcher, arn_glob, is_literal
from .profiles import Profile, Profiler, Settled
from .statements import Effect, Statement

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


@dataclass
class Gatherings:
    """Those of one account, by what they grant."""

    all: list[Gathering] = field(default_factory=list)
    granting: list[Gathering] = field(default_factory=list)
    """Those whose policies may grant anything."""
    _everywhere: list[Gathering] = field(default_factory=list)
    """Those that may grant any role."""
    _by_role: dict[str, list[Gathering]] = field(default_factory=dict)
    _by_pattern: dict[str, tuple[Matcher, list[Gathering]]] = field(default_factory=dict)

    def that_may_assume(self, role: str) -> Iterator[Gathering]:
        """Those whose policies allow it on the role, unless a condition, a Deny or a limit is in the way. Each once."""
        seen: set[int] = set()
        for found in (self._everywhere, self._by_role.get(role, ()), *self._matching(role)):
            for gathering in found:
                if id(gathering) not in seen:
                    seen.add(id(gathering))
                    yield gathering

    def _matching(self, role: str) -> Iterator[list[Gathering]]:
        return (found for matches, found in self._by_pattern.values() if matches(role))

    def add(self, gathering: Gathering) -> None:
        """Take in one more, by each pattern that it grants."""
        self.all.append(gathering)
        statements = [s for s in gathering.profile.identity if s.effect is not Effect.DENY]
        if statements or gathering.profile.unread_identity:
            self.granting.append(gathering)
        if gathering.profile.unread_identity or any(map(grants_anything, statements)):
            self._everywhere.append(gathering)
            return
        for pattern in dict.fromkeys(text for s in statements for text in s.resources or ()):
            if is_literal(pattern):
                self._by_role.setdefault(pattern, []).append(gathering)
            else:
                self._by_pattern.setdefault(pattern, (arn_glob(pattern), []))[1].append(gathering)


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
