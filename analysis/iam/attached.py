"""Policies that apply together, with their statements found by the service of an action.

Most statements say nothing of most services, and the same policies are asked about again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from .patterns import service_of
from .statements import Effect, Policy, Reason, Statement

Candidate: TypeAlias = tuple[Reason, Statement]
"""A statement, and the reason that it is where it matches."""


class Attached(tuple[Policy, ...]):
    """Policies that apply together, for whoever asks about them again; any other tuple of policies does for once."""

    @cached_property
    def granting(self) -> ByService:
        """The statements but for those with Effect Deny."""
        return ByService(_granting(self))

    @cached_property
    def refusing(self) -> ByService:
        """The statements but for those with Effect Allow."""
        return ByService(_refusing(self))


class AttachedByLevel(tuple[tuple[str, tuple[Policy, ...]], ...]):
    """Policies per level of an organization, the root first, for whoever asks about them again."""

    @cached_property
    def together(self) -> Attached:
        """The policies of every level."""
        return Attached(chain.from_iterable(attached for _, attached in self))


class ByService:
    """Statements, and for each service that was asked about those of them that may concern it."""

    MOST = 1024
    """Services that are remembered: there are half as many."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._found: dict[str, Sequence[Candidate]] = {}

    def with_action(self, action: str) -> Sequence[Candidate]:
        """Those that may concern the action, given in lower case, in their order."""
        service = service_of(action)
        found = self._found.get(service)
        if found is None:
            found = self._concerning(service)
            if len(self._found) < self.MOST:
                self._found[service] = found
        return found

    def _concerning(self, service: str) -> Sequence[Candidate]:
        pairs = ((candidate, candidate[1].services) for candidate in self._candidates)
        return [candidate for candidate, services in pairs if services is None or service in services]


def granting(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may allow the action, given in lower case; what an unreadable Effect is nobody knows."""
    return policies.granting.with_action(action) if isinstance(policies, Attached) else _granting(policies)


def refusing(policies: Sequence[Policy], action: str) -> Sequence[Candidate]:
    """The statements that may deny the action, given in lower case."""
    return policies.refusing.with_action(action) if isinstance(policies, Attached) else _refusing(policies)


def of_all_levels(levels: Sequence[tuple[str, tuple[Policy, ...]]]) -> Sequence[Policy]:
    """The policies of every level of an organization."""
    if isinstance(levels, AttachedByLevel):
        return levels.together
    return [policy for _, attached in levels for policy in attached]


def _granting(policies: Iterable[Policy]) -> list[Candidate]:
    return [(Reason(p.id, s), s) for p in policies for s in p.document.statements if s.effect is not Effect.DENY]


def _refusing(policies: Iterable[Policy]) -> list[Candidate]:
    return [(Reason(p.id, s), s) for p in policies for s in p.document.statements if s.effect is not Effect.ALLOW]
