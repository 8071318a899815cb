"""Policies that apply together, and which of their statements concern an action.

Most statements say nothing of most services, and the same policies are asked about again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

from ..conditions.patterns import service_of
from ..once import once
from ..remembered import Generations
from .statements import Effect, Policy, Reason, Statement

Candidate: TypeAlias = tuple[Reason, Statement]
"""A statement, and the reason that it is where it matches."""

Level: TypeAlias = tuple[str, tuple[Policy, ...]]
"""The id of the organization's root, a unit or an account, and what is attached to it."""


class Attached(tuple[Policy, ...]):
    """Policies that apply together, for whoever asks about them again; any other tuple of policies does for once."""

    @once
    def granting(self) -> ByAction:
        """The statements but for those with Effect Deny; what an unreadable Effect is nobody knows."""
        return ByAction(self, Effect.DENY)

    @once
    def refusing(self) -> ByAction:
        """The statements but for those with Effect Allow."""
        return ByAction(self, Effect.ALLOW)


class Narrowed(Attached):
    """Policies cut down to what concerns the action that is asked about: there is nothing to remember of them."""


class AttachedByLevel(tuple[Level, ...]):
    """Policies per level of an organization, the root first, for whoever asks about them again."""

    @once
    def together(self) -> Attached:
        """The policies of every level."""
        return Attached(chain.from_iterable(attached for _, attached in self))

    @once
    def limiting(self) -> tuple[Level, ...]:
        """The levels on which it takes a request to tell whether it is allowed: FullAWSAccess is nearly everywhere."""
        return tuple(level for level in self if not _allows_everything(level[1]))


class ByAction:
    """The statements of policies but for those with one effect; which of them concern an action is remembered."""

    def __init__(self, policies: Iterable[Policy], but: Effect) -> None:
        statements = ((policy, s) for policy in policies for s in policy.document.statements if s.effect is not but)
        self._candidates = [(s.services, s.concerning, (Reason(policy.id, s), s)) for policy, s in statements]
        self._narrowed = isinstance(policies, Narrowed)

    def concerning(self, action: str) -> Sequence[Candidate]:
        """Those that concern the action, given in lower case, in their order."""
        if not self._candidates:
            return ()
        found = _CONCERNING.get((self, action))
        return self._once_searched(action) if found is None else found

    def _once_searched(self, action: str) -> Sequence[Candidate]:
        if self._narrowed:
            return self.search(action)
        found = _CONCERNING[self, action]
        return _CONCERNING.keep((self, action), self.search(action)) if found is None else found

    def search(self, action: str) -> Sequence[Candidate]:
        """As ``concerning``, of policies that nobody will ask about again."""
        service = service_of(action)
        found: list[Candidate] = []
        for services, concerns, candidate in self._candidates:
            if (services is None or service in services) and concerns(action):
                found.append(candidate)
        return found or ()


_CONCERNING: Generations[tuple[ByAction, str], Sequence[Candidate]] = Generations(1 << 16)
"""By policies and action. One for all of them: a thousand actions are asked of an organization's policies, and one or
two of a principal's."""


def granting(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may allow the action, given in lower case."""
    if isinstance(policies, Attached):
        return policies.granting.concerning(action)
    return ByAction(policies, Effect.DENY).search(action)


def refusing(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may deny the action, given in lower case."""
    if isinstance(policies, Attached):
        return policies.refusing.concerning(action)
    return ByAction(policies, Effect.ALLOW).search(action)


def of_all_levels(levels: Sequence[Level]) -> Sequence[Policy]:
    """The policies of every level of an organization."""
    if isinstance(levels, AttachedByLevel):
        return levels.together
    return [policy for _, attached in levels for policy in attached]


def limiting(levels: Sequence[Level]) -> Sequence[Level]:
    """The levels of an organization but for those that allow whatever is asked."""
    return levels.limiting if isinstance(levels, AttachedByLevel) else levels


def _allows_everything(policies: Iterable[Policy]) -> bool:
    return any(
        statement.effect is Effect.ALLOW and statement.unconditional and statement.takes_every_action
        for policy in policies
        for statement in policy.document.statements
    )
