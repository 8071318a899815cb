"""Root sessions in member accounts: what the management account, or an administrator of IAM, can make of them.

A session is held to one of five tasks. Two delete a policy of a bucket or a queue, one only looks; what leads further
is to delete the root user's credentials, and to let its password be recovered, which is done by mail to the root user.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..iam.administering.administrators import Administrators
from ..iam.administering.ways import all_ways, any_way, noted
from ..iam.conditions.conditions import Other
from ..iam.conditions.context import Context
from ..iam.conditions.formula import NEVER, Holds
from ..iam.estates.knowledge import Known, resource_keys
from ..iam.evaluation.evaluate import Weighed, weigh
from ..iam.evaluation.request import Request
from ..iam.policies.statements import Reason
from .asker import Asker, Requests
from .facts import Found
from .requesting import formula_of, of_request
from .root_access import RootAccess
from .technique import Technique

ASSUME_ROOT, TASK = "sts:AssumeRoot", "sts:taskpolicyarn"
RECOVER, DELETE = "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials"
ENABLED = Weighed(Holds(Other("root access to member accounts is managed centrally in the organization")), ())


@dataclass
class Rooting:
    """Weighs what askers gain by root sessions."""

    requests: Requests
    administrators: Administrators
    organizations: tuple[RootAccess, ...]
    _roots: dict[str, Weighed] = field(default_factory=dict)

    def reaches(self, account: str) -> bool:
        """Whether root sessions in other accounts can be opened from the account."""
        return any(one.standing(account).formula is not NEVER for one in self.organizations)

    def gained(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """The member accounts whose root user's password the asker can have recovered."""
        for organization in self.organizations:
            standing = organization.standing(who.account)
            for member in sorted(organization.members - {who.account}) if standing.formula is not NEVER else ():
                way = all_ways([standing, *self._steps(who, member)])
                yield Found(technique, member, way, through=(self._root(who, member),), administers=True)

    def _steps(self, who: Asker, member: str) -> Iterator[Weighed]:
        yield self._opened(who, member, RECOVER)
        bare = Weighed(Holds(Other(f"the root user of {member} has no credentials")), ())
        yield any_way([self._opened(who, member, DELETE), bare])
        yield self._of_root(who, member)
        yield ENABLED
        yield Weighed(Holds(Other(f"the caller receives the mail of the root user of {member}")), ())

    def _opened(self, who: Asker, member: str, task: str) -> Weighed:
        """Whether it can open a session for the task, by its own policies and those above the member account."""
        root = self._root(who, member)
        own = self.requests.cut(who, ASSUME_ROOT.lower())
        levels, doubts = self.requests.holdings.above_resource(member, ASSUME_ROOT.lower())
        unread = {stage: doubt for stage, doubt in own.unread.items() if stage != "rcp"}
        policies = replace(own, resource_control=levels, unread={**unread, **doubts})
        arn = f"arn:{who.caller.partition}:iam::aws:policy/root-task/{task}"
        known: Known = {**resource_keys(self.requests.estate.accounts.get(member)), TASK: (arn,)}
        found = weigh(Request(who.caller, ASSUME_ROOT, root, who.account, Context(known)), policies)
        way = Weighed(of_request(found.formula, f"{ASSUME_ROOT} for {task}"), found.because)
        return noted(way, Reason(root, note=f"a session for {task}"))

    def _of_root(self, who: Asker, member: str) -> Weighed:
        """Whether the root user can do anything in its account, which service control policies may deny it."""
        if member not in self._roots:
            decision = self.administrators.of_root_user(self._root(who, member), member)
            self._roots[member] = Weighed(formula_of(decision), ())
        return self._roots[member]

    def _root(self, who: Asker, member: str) -> str:
        return f"arn:{who.caller.partition}:iam::{member}:root"
