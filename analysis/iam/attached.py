"""Policies that apply together, and which of their statements concern an action.

Most statements say nothing of most services, and the same policies are asked about again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from .statements import Effect, Policy, Reason, Statement

Candidate: TypeAlias = tuple[Reason, Statement]
"""A statement, and the reason that it is where it matches."""


class Attached(tuple[Policy, ...]):
    """Policies that apply together, for whoever asks about them again; any other tuple of policies does for once."""

    @cached_property
    def granting(self) -> ByAction:
        """The statements but for those with Effect Deny; what an unreadable Effect is nobody knows."""
        return ByAction(self, Effect.DENY)

    @cached_property
    def refusing(self) -> ByAction:
        """The statements but for those with Effect Allow."""
        return ByAction(self, Effect.ALLOW)


class AttachedByLevel(tuple[tuple[str, tuple[Policy, ...]], ...]):
    """Policies per level of an organization, the root first, for whoever asks about them again."""

    @cached_property
    def together(self) -> Attached:
        """The policies of every level."""
        return Attached(chain.from_iterable(attached for _, attached in self))

    @cached_property
    def _let(self) -> dict[str, bool]:
        return {}

    def let(self, action: str) -> bool:
        """Whether every level allows the action, given in lower case, to every request, as FullAWSAccess does."""
        known = self._let.get(action)
        if known is None:
            known = all(
                any(one.effect is Effect.ALLOW and one.unconditional for _, one in granting(attached, action))
                for _, attached in self
            )
            if len(self._let) < ByAction.MOST:
                self._let[action] = known
        return known


class ByAction:
    """The statements of policies but for those with one effect; which of them concern an action is remembered."""

    MOST = 256
    """Actions that are remembered."""

    def __init__(self, policies: Iterable[Policy], but: Effect) -> None:
        statements = ((policy, s) for policy in policies for s in policy.document.statements if s.effect is not but)
        self._candidates = [(Reason(policy.id, statement), statement) for policy, statement in statements]
        self._found: dict[str, Sequence[Candidate]] = {}

    def concerning(self, action: str) -> Sequence[Candidate]:
        """Those that concern the action, given in lower case, in their order."""
        found = self._found.get(action)
        if found is None:
            found = [candidate for candidate in self._candidates if candidate[1].concerns(action)]
            if len(self._found) < self.MOST:
                self._found[action] = found
        return found


def granting(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may allow the action, given in lower case."""
    found = policies.granting if isinstance(policies, Attached) else ByAction(policies, Effect.DENY)
    return found.concerning(action)


def refusing(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may deny the action, given in lower case."""
    found = policies.refusing if isinstance(policies, Attached) else ByAction(policies, Effect.ALLOW)
    return found.concerning(action)


def of_all_levels(levels: Sequence[tuple[str, tuple[Policy, ...]]]) -> Sequence[Policy]:
    """The policies of every level of an organization."""
    if isinstance(levels, AttachedByLevel):
        return levels.together
    return [policy for _, attached in levels for policy in attached]
