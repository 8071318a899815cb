"""Policies that apply together, with their statements found by the service of an action.

Most statements say nothing of most services, and the same policies are asked about again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import TypeAlias

from .patterns import is_literal, service_of
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
    """Statements under the services that they name."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        services = [_services(statement) for _, statement in candidates]
        named = frozenset[str]().union(*filter(None, services))
        pairs = list(zip(candidates, services, strict=True))
        self._of_others = tuple(found for found, some in pairs if some is None)
        self._by_service = {
            name: tuple(found for found, some in pairs if some is None or name in some) for name in named
        }

    def with_action(self, action: str) -> Sequence[Candidate]:
        """Those that may concern the action, given in lower case, in their order."""
        return self._by_service.get(service_of(action), self._of_others)


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


def _services(statement: Statement) -> frozenset[str] | None:
    """The services, in lower case, whose actions a statement may concern; None where it may be any."""
    return None if statement.not_actions or statement.actions is None else _services_of(statement.actions)


@lru_cache(maxsize=4096)
def _services_of(actions: tuple[str, ...]) -> frozenset[str] | None:
    services = frozenset(service_of(pattern.lower()) for pattern in actions)
    return services if all(map(is_literal, services)) else None
