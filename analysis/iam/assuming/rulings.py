"""Decisions on assuming roles, each made once for all callers and roles that nothing in the policies tells apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from ..conditions.context import Context
from ..estates.knowledge import RESOURCE_TAG_PREFIXES
from ..evaluation.decisions import Decision
from ..evaluation.evaluate import Policies, decide
from ..evaluation.request import Request
from ..policies.principals import Caller
from ..policies.statements import Policy
from .becoming import Target
from .guards import Guard, Guards
from .trusts import ASSUME_ROLE


@dataclass(frozen=True, slots=True)
class Asker:
    """One who asks to assume a role, or a set of those who ask alike.

    ``who`` stands for all that a decision may depend on but for the role. ``blind`` tells that its own policies say
    the same of every role.
    """

    who: Hashable
    caller: Caller
    own: Policies
    known: Mapping[str, tuple[str, ...] | None]
    closed_prefixes: tuple[str, ...] = ()
    blind: bool = False


@dataclass
class Rulings:
    """Makes the decisions. With ``remember`` all are kept, for an estate that will differ little from this one."""

    guards: Guards
    remember: bool = False
    made: int = 0
    """How many decisions were made, not remembered."""
    _made: dict[tuple[Hashable, ...], tuple[Policy, Decision]] = field(default_factory=dict)
    """With the trust policy, which keeps another document from getting the ``id`` that stands in the key."""
    _before: dict[tuple[Hashable, ...], tuple[Policy, Decision]] = field(default_factory=dict)

    def of(self, asker: Asker, target: Target, action: str = ASSUME_ROLE) -> Decision:
        """Whether the asker may assume the role; made once for all roles of an account with the same trust policy."""
        guard = self.guards.of(target.role, action, asker.known)
        document = target.trust.document
        alike = asker.blind and guard.blind and target.blind
        if not alike and not self.remember:
            return self._decide(asker, target, action, guard)
        key = (asker.who, action, guard, id(document), target.role.account if alike else target.role.arn)
        found = self._made.get(key)
        if found is None:
            found = self._before.get(key) or (target.trust, self._decide(asker, target, action, guard))
            self._made[key] = found
        first, decision = found
        return decision if first.id == target.trust.id else _moved(decision, first.id, target.trust.id)

    def forget(self) -> None:
        """What was decided of roles of one account is seldom of use for those of another."""
        if not self.remember:
            self._made.clear()

    def over(self, guards: Guards) -> Rulings:
        """The rulings of an estate with other guards, which knows what this one has decided."""
        return replace(self, guards=guards, _made={}, _before=self._made or self._before)

    def _decide(self, asker: Asker, target: Target, action: str, guard: Guard) -> Decision:
        self.made += 1
        tags = RESOURCE_TAG_PREFIXES if target.role.tags is not None else ()
        context = Context({**asker.known, **target.known}, closed_prefixes=(*asker.closed_prefixes, *tags))
        own = asker.own
        policies = Policies(
            own.identity,
            own.boundary,
            own.session,
            target.attached,
            own.service_control,
            guard.levels,
            own.endpoint,
            guarded=True,
            unread={**own.unread, **guard.unread} if guard.unread else own.unread,
        )
        return decide(Request(asker.caller, action, target.role.arn, target.role.account, context), policies)


def _moved(decision: Decision, first: str, to: str) -> Decision:
    """A decision on one role as it is for another with the same trust policy."""
    because = (replace(r, where=to) if r.where == first else r for r in decision.because)
    return replace(decision, because=tuple(because))
