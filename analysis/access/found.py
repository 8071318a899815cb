"""What is concluded of access, as facts for the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeAlias

from ...schema import Edge, Node
from ...schema.facts import Properties
from ..iam.administering.holdings import Holding
from ..iam.estates.estate import Identity
from ..iam.evaluation.decisions import Decision, Deny, Unknown, rank
from ..iam.evaluation.evaluate import Policies
from ..iam.policies.actions import AccessLevel
from ..iam.policies.statements import Reason
from .families import Family, Mask
from .sides import Shelf

Member: TypeAlias = tuple[Identity, Policies]
"""A principal with what applies to it."""


@dataclass
class Found:
    """What was decided of a start and an end: actions, each with what they come to."""

    external: bool
    decisions: list[tuple[Mask, Decision]] = field(default_factory=list)


@dataclass
class Findings:
    """What was decided of the resources of one shelf, and the sets that it was decided of."""

    shelf: Shelf
    found: dict[tuple[str, str], Found] = field(default_factory=dict)
    principals: dict[str, Sequence[Member]] = field(default_factory=dict)
    """Sets of principals, by id."""
    resources: dict[str, int] = field(default_factory=dict)
    """Sets of resources, by id."""

    def note(self, start: str, end: str, actions: Mask, decision: Decision, *, external: bool) -> None:
        """Keep what was decided, if it is not a denial."""
        if not isinstance(decision, Deny):
            self.found.setdefault((start, end), Found(external)).decisions.append((actions, decision))

    def start(self, holding: Holding, members: Sequence[Member]) -> str:
        """The only one of the members, who are all of a holding or some, or their set."""
        if len(members) == 1:
            return members[0][0].arn
        digest = holding.digest
        if len(members) < len(holding.members):
            digest = _hash((digest, sorted(identity.arn for identity, _ in members)))
        id_ = f"access-set/{holding.account}/{self.shelf.family.kind}/{digest}"
        self.principals[id_] = members
        return id_

    def end(self, mask: int) -> str:
        """The resource of a mask, or the set of its resources."""
        if mask & (mask - 1) == 0:
            return self.shelf.first(mask).resource.arn
        arns = sorted(side.resource.arn for side in self.shelf.members(mask))
        id_ = f"resource-set/{self.shelf.account}/{self.shelf.family.kind}/{_hash(arns)}"
        self.resources[id_] = mask
        return id_

    def facts(self) -> Iterator[Node | Edge]:
        """Every HAS_ACCESS, the sets at its ends, and who or what is in each."""
        ends = {end for _, end in self.found}
        for start in dict.fromkeys(start for start, _ in self.found):
            if start in self.principals:
                yield from self._of_principals(start, self.principals[start])
        for id_, mask in self.resources.items():
            if id_ in ends:
                yield from self._of_resources(id_, mask)
        for (start, end), found in self.found.items():
            yield from _edges(self.shelf.family, start, end, found)

    def _of_principals(self, id_: str, members: Sequence[Member]) -> Iterator[Node | Edge]:
        account, count = members[0][0].account, len(members)
        name = f"{count} principals of {account} whose policies say the same of kind {self.shelf.family.kind}"
        yield Node("AccessSet", id_, {"name": name, "provider": "aws", "account_id": account, "members": count})
        for member, own in members:
            reasons = [str(Reason(policy.id, s)) for policy in own.identity for s in policy.document.statements]
            yield Edge("SHARES_ACCESS", member.arn, id_, {"derived": True, "because": reasons})

    def _of_resources(self, id_: str, mask: int) -> Iterator[Node | Edge]:
        members = self.shelf.members(mask)
        account, kind = self.shelf.account, self.shelf.family.kind
        name = f"{len(members)} of {account}, kind {kind}, that the same principals have access to"
        stated: Properties = {"name": name, "provider": "aws", "account_id": account, "members": len(members)}
        yield Node("ResourceSet", id_, {**stated, "kind": kind})
        for member in members:
            yield Edge("ALIKE_IN", member.resource.arn, id_, {"derived": True})


def _edges(family: Family, start: str, end: str, found: Found) -> Iterator[Edge]:
    for level, content, mask in family.levels():
        concerned = [(actions & mask, decision) for actions, decision in found.decisions if actions & mask]
        if concerned:
            key = f"{level}" if content else f"{level} of settings"
            properties = _properties(family, level, concerned)
            yield Edge("HAS_ACCESS", start, end, {**properties, "content": content, "external": found.external}, key)


def _properties(family: Family, level: AccessLevel, concerned: Sequence[tuple[Mask, Decision]]) -> Properties:
    """The surest of what was decided of the actions, and which they are."""
    best = min((decision for _, decision in concerned), key=rank)
    alike = [(actions, decision) for actions, decision in concerned if decision.word == best.word]
    together = 0
    for actions, _ in alike:
        together |= actions
    return {
        "derived": True,
        "decision": best.word,
        "conditions": list(best.sentences),
        "because": list(dict.fromkeys(str(reason) for _, decision in alike for reason in decision.because)),
        "level": str(level),
        "actions": list(family.named(together)),
        "reason": best.reason if isinstance(best, Unknown) else None,
    }


def _hash(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()
