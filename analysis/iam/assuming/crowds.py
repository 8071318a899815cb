"""Principals of all accounts together, for roles whose trust policies leave the choice to everyone.

What a principal may assume elsewhere than in its own account is what any one of its grants lets it, within its limits.
A *crowd* is all principals that hold one grant within the same limits. So as many relationships end in a role that
trusts everyone as there are grants that take it in, however many accounts and principals hold them; and one crowd
starts those of all such roles. A principal is in as many crowds as it has grants, and may come to one role by several
of them: the surest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TypeAlias

from ..conditions.context import UNKNOWN, Context, Found
from ..estates.estate import Identity
from ..estates.knowledge import Known, asks_for_account, context_of, is_personal
from ..estates.profiles import Outcome, Profile
from ..once import once
from ..policies.canonical import Canonical, is_plain, spelled
from ..policies.statements import Effect, Statement
from .gatherings import Alike, ByGrant, Gatherings, Members
from .trusts import Names, names_of

KnownOf: TypeAlias = Callable[[str], Known]
"""What is known of the principals of an account, by its id."""


@dataclass(eq=False)
class Crowd(Alike):
    """Principals of an organization, and every role of another account.

    Their profile is of no account in particular; its ``identity`` is the grant with all that denies.
    """

    organization: Found
    accounts: set[str] = field(default_factory=set)

    @property
    def whose(self) -> str:
        """Of what they are, in the id of their set."""
        if self.organization is None:
            return "no-organization"
        return "unknown-organization" if self.organization is UNKNOWN else self.organization[0]


@dataclass(frozen=True)
class Part:
    """Members of a crowd whom the role's side does not tell apart; all of them where it tells nobody apart."""

    crowd: Crowd
    id: str
    members: Members

    @property
    def profile(self) -> Profile:
        """What they share."""
        return self.crowd.profile

    @property
    def told_apart(self) -> bool:
        """Whether the role's side tells them from others of the crowd."""
        return self.id != self.crowd.id


@dataclass(frozen=True)
class Telling:
    """What the role's side asks that tells principals apart: by statements, and by whom they name."""

    statements: tuple[Statement, ...]
    names: Names

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> Telling:
        """Of all that is said on the role's side."""
        said = tuple(statements)
        return cls(tuple(s for s in said if is_personal(s) or asks_for_account(s)), names_of(said))

    @once
    def apart(self) -> bool:
        """Whether it tells anyone apart."""
        return bool(self.statements or self.names)

    @once
    def by_account(self) -> bool:
        """Whether it tells accounts of one organization apart."""
        return any(map(asks_for_account, self.statements))

    @once
    def digest(self) -> str:
        """The same from one run to the next."""
        said = ([spelled(s) for s in self.statements], sorted(self.names.listed))
        return blake2b(repr(said).encode(), digest_size=8).hexdigest()


class Crowds:
    """The crowds of an estate, by what they grant."""

    def __init__(self, gatherings: Mapping[str, Gatherings], known_of: KnownOf) -> None:
        self._known_of = known_of
        self.granting: ByGrant[Crowd] = ByGrant()
        self._parts: dict[tuple[str, str], tuple[Part, ...]] = {}
        self._contexts: dict[str, Context] = {}
        crowds: dict[tuple[Profile, Found], Crowd] = {}
        for account, found in gatherings.items():
            organization = known_of(account).get("aws:principalorgid", UNKNOWN)
            for gathering in found.granting.all:
                for profile in single_grants(gathering.profile):
                    crowd = crowds.get((profile, organization))
                    if crowd is None:
                        crowd = crowds[profile, organization] = Crowd(profile, organization)
                        self.granting.add(crowd)
                    crowd.members.extend(gathering.members)
                    crowd.accounts.add(account)

    def parts(self, crowd: Crowd, telling: Telling) -> tuple[Part, ...]:
        """The members of a crowd by what the role's side makes of them."""
        if not telling.apart:
            return (Part(crowd, crowd.id, crowd.members),)
        key = (crowd.id, telling.digest)
        if key not in self._parts:
            self._parts[key] = tuple(self._split(crowd, telling))
        return self._parts[key]

    def _split(self, crowd: Crowd, telling: Telling) -> Iterator[Part]:
        found: dict[tuple[str | None, Outcome], Members] = {}
        by_account: dict[str, tuple[Outcome, bool]] = {}
        for identity, settled in crowd.members:
            account = identity.account if telling.by_account else ""
            if account not in by_account:
                context = Context(self._known_of(identity.account))
                left = tuple(s.under(context) for s in telling.statements)
                by_account[account] = left, all(s is None or s.unconditional for s in left)
            outcome, all_said = by_account[account]
            if not all_said:
                context = self._context(identity)
                outcome = tuple(s and s.under(context) for s in outcome)
            named = telling.names.name_for(identity) if telling.names else None
            found.setdefault((named, outcome), []).append((identity, settled))
        for (named, outcome), members in found.items():
            said = (named, [s and spelled(s) for s in outcome])
            digest = blake2b(f"{telling.digest}{said!r}".encode(), digest_size=8).hexdigest()
            yield Part(crowd, f"{crowd.id}/{digest}", members)

    def _context(self, identity: Identity) -> Context:
        """Made once: many roles tell members apart, and most are in several crowds."""
        found = self._contexts.get(identity.arn)
        if found is None:
            found = self._contexts[identity.arn] = context_of(identity, self._known_of(identity.account))
        return found


def single_grants(profile: Profile) -> Iterator[Profile]:
    """The profile once for each of its grants, in no account in particular.

    Each pattern that is allowed without conditions is a grant; what is allowed otherwise is one grant together, since
    conditions may complement one another. Nobody can take apart policies that were not read.
    """
    if profile.unread_identity:
        yield replace(profile, account="")
        return
    denies = [s for s in profile.identity if s.effect is Effect.DENY]
    special = [s for s in profile.identity if s.effect is not Effect.DENY and not is_plain(s)]
    for statement in profile.identity:
        if is_plain(statement) and statement.effect is Effect.ALLOW:
            for pattern in statement.resources or ("*",):
                yield _with(profile, [replace(statement, resources=(pattern,)), *denies])
    if special:
        yield _with(profile, [*special, *denies])


def _with(profile: Profile, identity: Sequence[Statement]) -> Profile:
    numbered: Canonical = tuple(s if s.number == n else replace(s, number=n) for n, s in enumerate(identity, 1))
    return replace(profile, account="", identity=numbered)
