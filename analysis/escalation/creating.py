"""Users and roles of the principal's own making: created, given anything, and entered.

Nothing is in the way that is so of those that are there, but the boundary that a creator may be made to set.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..iam.administering.administrators import Administrators
from ..iam.administering.granting import BOUNDARY, is_customer_managed
from ..iam.administering.undoing import Held
from ..iam.administering.ways import OPEN, all_ways, any_way
from ..iam.conditions.formula import NEVER
from ..iam.conditions.patterns import glob
from ..iam.estates.estate import NO_TAGS, Identity, IdentityKind
from ..iam.evaluation.evaluate import Weighed
from .asker import LET_IN, Asker
from .changing import Changes
from .choices import names, patterns, told
from .making import TOO_MANY, Making
from .technique import Target, Technique

JOIN = "iam:AddUserToGroup"
MOST_BOUNDARIES = 20
"""Of the policies that a new identity may have to have as its boundary, no more than this are looked at."""


@dataclass
class Creating:
    """Weighs what askers gain by identities that they create."""

    changes: Changes
    administrators: Administrators
    _policies: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.requests = self.changes.requests
        self.making = Making(self.requests)

    def administers(self, who: Asker, technique: Technique, groups: Collection[str]) -> tuple[Weighed, tuple[str, ...]]:
        """When the asker administers its account by what it creates, and the groups that it goes through."""
        if JOIN not in technique.allowed:
            return any_way(self._ways(who, technique)), ()
        by_group = {group: any_way(self._ways(who, technique, group)) for group in groups if self._may_join(who, group)}
        open_ = {group: way for group, way in by_group.items() if way.formula is not NEVER}
        return any_way(open_.values()), tuple(open_)

    def _may_join(self, who: Asker, group: str) -> bool:
        return self.requests.ask(who, JOIN, group, {}, NO_TAGS).formula is not NEVER

    def _ways(self, who: Asker, technique: Technique, group: str = "") -> Iterator[Weighed]:
        """For each name that is tried, and each boundary that a new identity may be created with."""
        ((template, actions),) = technique.chosen.items()
        cuts = (self.requests.cut(who, action.lower()) for action in (*actions, *technique.either))
        found = tuple(dict.fromkeys(text for cut in cuts for text in patterns(cut)))
        filled = template.replace("{partition}", who.caller.partition).replace("{account}", who.account)
        tried = names(filled, found)
        boundaries = list(self._boundaries(who, actions[0]))
        for arn in tried.arns:
            if self.requests.estate.identity(arn) is None:
                for boundary in boundaries:
                    kind = IdentityKind.USER if technique.target is Target.NEW_USER else IdentityKind.ROLE
                    new = Identity(arn, kind, who.account, boundary=boundary, tags=None)
                    yield all_ways(self._steps(who, technique, new, group))
        if not tried.all:
            alone = [self.making.chosen(who, template, (action,)) for action in actions]
            either = [any_way(self.making.chosen(who, template, (action,)) for action in technique.either)]
            yield all_ways([*alone, *(either if technique.either else ()), TOO_MANY])

    def _steps(self, who: Asker, technique: Technique, new: Identity, group: str) -> Iterator[Weighed]:
        create, *enter = next(iter(technique.chosen.values()))
        yield self.requests.ask(who, create, new.arn, {BOUNDARY: (new.boundary,) if new.boundary else None})
        yield from (self.changes.change(who, action, new) for action in enter)
        if technique.either:
            yield any_way(self.changes.change(who, action, new) for action in technique.either)
        yield OPEN if self._holds_nothing(new.boundary, who.account) else self.changes.unbound(who, new)
        if new.kind is IdentityKind.ROLE:
            yield self.requests.assume(who, new, LET_IN)
        if group:
            yield self.requests.ask(who, JOIN, group, {}, NO_TAGS)
            member = Identity(new.arn, new.kind, new.account, groups=(group,))
            yield self.administrators.comes_by(Held(self.requests.estate, member))

    def _holds_nothing(self, boundary: str | None, account: str) -> bool:
        return boundary is None or boundary in self.changes.granting.policies(account, BOUNDARY)

    def _boundaries(self, who: Asker, create: str) -> Iterator[str | None]:
        """None, and where that matters, those that hold nothing and those that the policies ask for."""
        yield None
        cut = self.requests.cut(who, create.lower())
        if not self.requests.speaks_of(cut, BOUNDARY):
            return
        harmless = self.changes.granting.policies(who.account, BOUNDARY)
        matching = [glob(text) for text in told(cut, BOUNDARY)]
        asked = (one for one in self._of_account(who.account) if any(matches(one) for matches in matching))
        literal = (text for text in told(cut, BOUNDARY) if text.startswith("arn:") and not set("*?$") & set(text))
        yield from list(dict.fromkeys([*harmless, *literal, *asked]))[:MOST_BOUNDARIES]

    def _of_account(self, account: str) -> list[str]:
        """The customer managed policies of an account."""
        if not self._policies:
            for policy in filter(is_customer_managed, self.requests.estate.policies):
                self._policies.setdefault(policy.split(":")[4], []).append(policy)
        return self._policies.get(account, [])
