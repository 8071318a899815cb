"""What is concluded of a role and those who can assume it, as facts for the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ....schema import Edge, Node, Ownership
from ....schema.facts import Properties
from ..estates.estate import Identity
from ..estates.knowledge import Known, is_blind, is_personal
from ..estates.profiles import Profile, Settled
from ..evaluation.decisions import Decision, Deny
from ..once import once
from ..policies.attached import Narrowed
from ..policies.statements import Effect, Policy, Reason, Statement
from .gatherings import Members
from .trusts import Names, names_of


@dataclass(frozen=True)
class Target:
    """A role as the resource of a request. ``above`` are the statements of the RCPs above it, but for what they ask."""

    role: Identity
    trust: Policy
    known: Known
    partition: str
    above: tuple[Statement, ...] = ()

    @once
    def attached(self) -> Narrowed:
        """The trust policy as the policies of a resource: nearly all that it says is of being assumed."""
        return Narrowed((self.trust,))

    @once
    def statements(self) -> tuple[Statement, ...]:
        """All that is said on the role's side."""
        return (*self.trust.document.statements, *self.above)

    @once
    def personal(self) -> tuple[Statement, ...]:
        """Those of its statements that may say something else for each principal of an account."""
        return tuple(filter(is_personal, self.statements))

    @once
    def impersonal(self) -> bool:
        """Whether the trust policy may let in principals of an account whoever they are."""
        return any(s.effect is not Effect.DENY and not is_personal(s) for s in self.trust.document.statements)

    @once
    def blind(self) -> bool:
        """Whether the trust policy says the same of every role."""
        return all(map(is_blind, self.trust.document.statements))

    @once
    def names(self) -> Names:
        """Whom its side names."""
        return names_of(self.statements)


class Together(Protocol):
    """Principals who start one relationship together."""

    @property
    def id(self) -> str:
        """The id of their ``PrincipalSet``."""

    @property
    def profile(self) -> Profile:
        """What they share."""

    @property
    def members(self) -> Members:
        """Each with its policies."""


def anyone() -> Node:
    """The node that stands for anyone at all, in case no policy that was read made it."""
    return Node("Anyone", "*", {"name": "anyone", "provider": "aws"}, Ownership.REFERENCE)


def can_assume(
    start: str, target: Target, action: str, decision: Decision, because: tuple[Reason, ...] = ()
) -> Iterator[Edge]:
    """The relationship of one who can assume the role; none for one who is denied."""
    if isinstance(decision, Deny):
        return
    reasons = tuple(dict.fromkeys(str(reason) for reason in (*because, *decision.because)))
    reason = getattr(decision, "reason", None)
    yield can_assume_edge(start, target, action, decision.word, decision.sentences, reasons, reason)


def can_assume_edge(
    start: str,
    target: Target,
    action: str,
    word: str,
    conditions: Sequence[str],
    because: Sequence[str],
    reason: str | None,
) -> Edge:
    """The relationship itself, with all that it says; ``reason`` is why the decision is ``unknown``."""
    properties: Properties = {
        "derived": True,
        "decision": word,
        "conditions": list(conditions),
        "because": list(because),
        "action": action,
        "reason": reason,
    }
    return Edge("CAN_ASSUME", start, target.role.arn, properties, action)


def set_facts(together: Together, grounds: dict[Settled, list[str]]) -> Iterator[Node | Edge]:
    """The node of a set, and who is gathered in it, each with what its own policies say.

    ``grounds`` keeps what was said of those that are in other sets too.
    """
    grants = together.profile.grants
    accounts = sorted({member.account for member, _ in together.members})
    whose = accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts"
    properties: Properties = {
        "name": f"{len(together.members)} principals of {whose} that can assume {', '.join(grants[:3])}",
        "provider": "aws",
        "account_id": accounts[0] if len(accounts) == 1 else None,
        "members": len(together.members),
        "grants": list(grants),
    }
    yield Node("PrincipalSet", together.id, properties)
    for member, settled in together.members:
        said = grounds.get(settled)
        if said is None:
            said = grounds[settled] = settled.grounds()
        because = list(said) or [f"{member.arn}: none of its policies speaks of assuming roles"]
        yield Edge("GATHERED_IN", member.arn, together.id, {"derived": True, "because": because})
