"""Who has access to which resource, at which level: ``HAS_ACCESS``.

For each family of resources, principals whose policies say the same of it are one ``Holding``, and the resources of an
account that neither side tells apart are one set; actions of which the same is said are one class. Each holding, set
and class is decided once: administrators times resources are a few relationships, not as many as both multiplied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from ..iam.administering.holdings import Holding
from ..iam.estates.estate import Estate
from ..iam.estates.knowledge import RESOURCE_TAG_PREFIXES
from ..iam.policies.statements import Effect, Statement
from .deciding import Deciding, statements_of
from .families import families
from .found import Findings
from .outsiders import Outsiders
from .sides import shelves


class Accesses:
    """Works out HAS_ACCESS for an estate with its resources. Make one, then read ``facts()`` once."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    def facts(self) -> Iterator[Node | Edge]:
        """Every HAS_ACCESS, the sets at its ends, who or what is in each, and those whom only policies name."""
        named: dict[str, Node] = {}
        for family in families().values():
            filled = list(shelves(self.estate, family))
            if not filled:
                continue
            deciding = Deciding(self.estate, family)
            by_account = self._gather(deciding)
            for shelf in filled:
                findings = Findings(shelf)
                for holding in by_account.get(shelf.account, ()):
                    _Own(deciding, findings, holding).work_out()
                outsiders = Outsiders(deciding, findings, by_account)
                outsiders.work_out()
                for node in outsiders.named.values():
                    if named.setdefault(node.id, node) is node:
                        yield node
                yield from findings.facts()

    def _gather(self, deciding: Deciding) -> dict[str, list[Holding]]:
        everyone = (*self.estate.users.values(), *self.estate.roles.values())
        any_action = frozenset(frozenset((name,)) for name in deciding.family.names)
        by_account: dict[str, list[Holding]] = {}
        for holding in deciding.holdings.gather(everyone, any_action, {}):
            by_account.setdefault(holding.account, []).append(holding)
        return by_account


class _Own:
    """Access of principals, by their own policies, to the resources of their account."""

    def __init__(self, deciding: Deciding, findings: Findings, holding: Holding) -> None:
        self._deciding = deciding
        self._findings = findings
        self._holding = holding
        self._shelf = findings.shelf
        self._statements = list(statements_of(holding.policies))

    def work_out(self) -> None:
        for mask in self._groups():
            self._deciding.of_holding(self._findings, self._holding, mask, self._shelf.family.all)

    def _groups(self) -> list[int]:
        """The resources that any of the policies may grant, those in one group that nothing tells apart."""
        reach = self._reach()
        pieces = [one & reach for one in self._shelf.alike if one & reach]
        told = (*self._statements, *self._shelf.limits)
        patterns = {pattern for s in told for pattern in s.resources or () if pattern != "*"}
        for pattern in sorted(patterns):
            for mask in (self._shelf.matching(pattern), self._shelf.inside(pattern)):
                if mask & reach:
                    pieces = [piece for one in pieces for piece in (one & mask, one & ~mask) if piece]
        if any(map(_regards_resource, told)):
            pieces = [piece for one in pieces for tagged in self._shelf.tagged if (piece := one & tagged)]
        return pieces

    def _reach(self) -> int:
        if "identity" in self._holding.policies.unread:
            return self._shelf.all
        reach = 0
        for policy in self._holding.policies.identity:
            for statement in policy.document.statements:
                if statement.effect is not Effect.DENY:
                    if _grants_anything(statement):
                        return self._shelf.all
                    for pattern in statement.resources or ():
                        reach |= self._shelf.matching(pattern)
        return reach


def _grants_anything(statement: Statement) -> bool:
    if statement.resources is None or statement.not_resources or "*" in statement.resources:
        return True
    return statement.resource_matchers is None


def _regards_resource(statement: Statement) -> bool:
    """Whether conditions of the statement may come to something else for each resource, by its tags or itself."""
    return any(
        test.key.lower().startswith(RESOURCE_TAG_PREFIXES) or (test.variables and any("${" in v for v in test.values))
        for test in statement.conditions.tests
    )
