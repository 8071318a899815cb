"""What is concluded of escalation, as facts for the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...schema import Edge, Node
from ...schema.facts import Properties
from ..iam.conditions.formula import Formula
from ..iam.evaluation.decisions import Decision, Deny
from ..iam.evaluation.evaluate import Weighed
from ..iam.policies.statements import Reason
from .technique import Technique

if TYPE_CHECKING:
    from ..iam.administering.holdings import Holding
    from .asker import Asker

MOST_NAMED = 20
"""Of the compute that a way goes over, or the targets that lead to an account, no more than this are named."""


@dataclass(frozen=True, slots=True)
class Found:
    """A way to a target: by a technique, over compute and through others. ``administers``: the target is an account."""

    technique: Technique
    target: str
    way: Weighed
    compute: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    administers: bool = False

    @property
    def formula(self) -> Formula:
        """When the way is open."""
        return self.way.formula


def edge(start: str, found: Found, decision: Decision) -> Iterator[Edge]:
    """The relationship from who escalates to the target; none where it is denied after all."""
    if not isinstance(decision, Deny):
        yield Edge("CAN_ESCALATE_TO", start, found.target, _properties(found, decision), found.technique.id)


def account_edge(start: str, found: Sequence[Found], decision: Decision) -> Iterator[Edge]:
    """The relationship to an account, through any of several."""
    through = tuple(dict.fromkeys(one for each in found for one in each.through))
    first = found[0]
    yield from edge(start, Found(first.technique, first.target, first.way, (), through, administers=True), decision)


def _properties(found: Found, decision: Decision) -> Properties:
    technique = found.technique
    taken = (str(Reason(technique.id, note=f"taken for granted: {text}")) for text in technique.given)
    return {
        "derived": True,
        "decision": decision.word,
        "conditions": list(decision.sentences),
        "because": list(dict.fromkeys([*(str(reason) for reason in decision.because), *taken])),
        "technique": technique.id,
        "compute": list(found.compute[:MOST_NAMED]),
        "through": list(found.through[:MOST_NAMED]),
        "reason": getattr(decision, "reason", None),
    }


def set_facts(holding: Holding, together: Asker) -> Iterator[Node | Edge]:
    """The node of a set, and who is gathered in it, each with what its own policies say."""
    properties: Properties = {
        "name": f"{len(holding.members)} principals of {holding.account} that escalate alike",
        "provider": "aws",
        "account_id": holding.account,
        "members": len(holding.members),
        "grants": sorted(holding.allowed),
    }
    yield Node("PrincipalSet", together.id, properties)
    for member, own in holding.members:
        reasons = [str(Reason(policy.id, s)) for policy in own.identity for s in policy.document.statements]
        reasons = reasons or [f"{member.arn}: none of its policies speaks of escalation"]
        yield Edge("GATHERED_IN", member.arn, together.id, {"derived": True, "because": reasons})
