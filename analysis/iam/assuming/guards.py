"""The resource control policies above a role, cut down to one way of assuming it and to what is known of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..conditions.context import Context
from ..conditions.formula import Formula
from ..estates.estate import Estate, Identity
from ..estates.knowledge import PERSONAL_KEYS, is_blind, is_personal
from ..estates.profiles import accounts_under, organization_levels
from ..evaluation.evaluate import Levels
from ..once import once
from ..policies.attached import Attached, AttachedByLevel
from ..policies.canonical import concerning, narrowed
from ..policies.statements import Policy, Statement


@dataclass(frozen=True, eq=False)
class Guard:
    """RCPs, level by level, and what stands in for those that are not known. Told from others by being itself."""

    levels: Levels = ()
    unread: Mapping[str, Formula] = field(default_factory=dict)

    @once
    def statements(self) -> tuple[Statement, ...]:
        """The statements of every level."""
        return tuple(s for _, attached in self.levels for policy in attached for s in policy.document.statements)

    @once
    def personal(self) -> bool:
        """Whether they may tell principals of one account apart."""
        return any(map(is_personal, self.statements))

    @once
    def blind(self) -> bool:
        """Whether they say the same of every role."""
        return all(map(is_blind, self.statements))

    @once
    def asked(self) -> tuple[str, ...] | None:
        """The keys that they ask about; None where policy variables leave that open."""
        if any(s.resource_matchers is None or any(t.variables for t in s.conditions.tests) for s in self.statements):
            return None
        return tuple(dict.fromkeys(test.key.lower() for s in self.statements for test in s.conditions.tests))


UNGUARDED = Guard()

Told: TypeAlias = tuple[tuple[str, tuple[str, ...] | None], ...]
"""Keys that policies ask about, with what is known of them."""


@dataclass
class Guards:
    """The guards of an estate's roles: one for all callers who are the same in what the policies ask."""

    estate: Estate
    _relevant: dict[tuple[str, str], Policy | None] = field(default_factory=dict)
    _above: dict[tuple[str, str], Guard] = field(default_factory=dict)
    _of: dict[tuple[Guard, Told], Guard] = field(default_factory=dict)

    def of(self, role: Identity, action: str, known: Mapping[str, tuple[str, ...] | None]) -> Guard:
        """The guard of a role, given what is known of all of the caller's account."""
        above = self.above(role, action)
        if not above.levels:
            return above
        asked = sorted(known) if above.asked is None else above.asked
        told = tuple((key, known[key]) for key in asked if key in known and not key.startswith(PERSONAL_KEYS))
        key = (above, told)
        found = self._of.get(key)
        if found is None:
            context = Context(dict(told))
            narrow = ((node, narrowed(attached, context)) for node, attached in above.levels)
            levels = AttachedByLevel((node, Attached(attached)) for node, attached in narrow)
            found = self._of[key] = Guard(levels, above.unread)
        return found

    def above(self, role: Identity, action: str) -> Guard:
        """The guard of a role of whose callers nothing is known. No RCP applies to a service-linked role."""
        if role.service_linked:
            return UNGUARDED
        key = (role.account, action)
        found = self._above.get(key)
        if found is None:
            account = self.estate.accounts.get(role.account)
            lowered = action.lower()
            levels, unread = organization_levels(
                self.estate, account, lambda policy: self._concerning(policy, lowered), resource=True
            )
            found = self._above[key] = Guard(levels, unread)
        return found

    def _concerning(self, policy: str, action: str) -> Policy | None:
        key = (policy, action)
        if key not in self._relevant:
            self._relevant[key] = concerning(self.estate.policies[policy], action)
        return self._relevant[key]

    def over(self, estate: Estate, changed: str) -> Guards:
        """The guards of another estate, in which that policy is another one; those that do not hold it are kept."""
        accounts = set(accounts_under(estate, changed))
        above = {key: guard for key, guard in self._above.items() if key[0] not in accounts}
        kept = {id(guard) for guard in above.values()}
        return replace(
            self,
            estate=estate,
            _relevant={key: policy for key, policy in self._relevant.items() if key[0] != changed},
            _above=above,
            _of={key: guard for key, guard in self._of.items() if id(key[0]) in kept},
        )
