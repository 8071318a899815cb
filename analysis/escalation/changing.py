"""What an asker can change of users, roles, groups and policies, and what becomes of a boundary that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from ..iam.administering.administrators import ROLE_GRANTS, UNBOUND_ROLE, UNBOUND_USER, USER_GRANTS, everything
from ..iam.administering.granting import BOUNDARY, CREATE, POLICY_ARN, Granting, chosen_by, is_customer_managed, lifted
from ..iam.administering.undoing import ANOTHER_VERSION, OF_ROLE, OF_USER, SET_DEFAULT, Step, unread
from ..iam.administering.ways import OPEN, all_ways, any_way, noted
from ..iam.conditions.context import Context
from ..iam.conditions.formula import NEVER, Unsure
from ..iam.estates.estate import NO_TAGS, Identity, IdentityKind
from ..iam.estates.knowledge import Known, resource_keys
from ..iam.evaluation.evaluate import Policies, Weighed
from ..iam.policies.statements import Reason
from .asker import Asker, Requests
from .seeing import all_statements
from .technique import REWRITE_TRUST

TELL_BOUNDARY = frozenset((*USER_GRANTS, *ROLE_GRANTS, *UNBOUND_USER, *UNBOUND_ROLE, REWRITE_TRUST, *OF_USER, *OF_ROLE))
"""Actions whose requests tell of the boundary of the one that is changed; of others AWS does not say that they do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""


@dataclass
class Changes:
    """Weighs the requests of askers that change identities of their account."""

    requests: Requests
    _written: dict[tuple[int, int, str], list[tuple[str, Weighed]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.granting = Granting(self.requests.estate)

    def unbound(self, who: Asker, target: Identity) -> Weighed:
        """When no boundary holds what is granted to the target: there is none, it allows everything, or it can go."""
        if target.boundary is None:
            return OPEN
        known = self.requests.estate.policies.get(target.boundary)
        context = Context(resource_keys(self.requests.estate.accounts.get(target.account)))
        held = everything(Policies((known,)), context) if known else _unknown(target.boundary)
        return any_way([held, *(way for _, way in self.lifts(who, target))])

    def freed(self, who: Asker) -> Iterator[tuple[Asker, Weighed]]:
        """A principal once it has lifted its own boundary, with when it can; nothing where it has none."""
        assert who.identity is not None
        policies = replace(who.policies, boundary=None)
        for boundary, way in self.lifts(who, who.identity):
            if way.formula is not NEVER:
                yield replace(who, policies=policies, identity=replace(who.identity, boundary=boundary)), way

    def lifts(self, who: Asker, target: Identity, *, settled: bool = False) -> Iterator[tuple[str | None, Weighed]]:
        """Each way of lifting a boundary, with the one that is there then: it is taken off, another, or rewritten.

        With ``settled``, which version of it is in force is not changed any more.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        """
        if target.boundary is None:
            return
        delete, put = UNBOUND_USER if target.kind is IdentityKind.USER else UNBOUND_ROLE
        yield None, noted(self.change(who, delete, target), lifted(target.boundary, "take off"))
        for other, way in self._choosing(who, put, target.arn, {POLICY_ARN: None}, target.tags):
            yield other, noted(way, lifted(target.boundary, f"replace by {other}"))
        if is_customer_managed(target.boundary):
            yield target.boundary, noted(self.rewritten(who, target.boundary), lifted(target.boundary, "write anew"))
        if not settled:
            yield from self._lifts_by_version(who, target, target.boundary)

    def _lifts_by_version(self, who: Asker, target: Identity, boundary: str) -> Iterator[tuple[str | None, Weighed]]:
        """The same by another version of it: one that holds nothing, or that lets its bearer lift it."""
        estate = self.requests.estate
        versions, doubt = estate.versions.get(boundary, ()), unread(estate, boundary)
        if not versions and doubt is None:
            return
        way = noted(self.requests.ask(who, SET_DEFAULT, boundary, {}), lifted(boundary, ANOTHER_VERSION))
        context = Context(resource_keys(estate.accounts.get(target.account)))
        for version in versions if way.formula is not NEVER else ():
            yield boundary, all_ways([way, everything(Policies((version,)), context)])
            if target.arn == who.id:
                under = replace(who, policies=replace(who.policies, boundary=(version,)))
                further = self.lifts(under, target, settled=True)
                yield from ((other, all_ways([way, lift])) for other, lift in further)
        if doubt is not None:
            yield boundary, all_ways([way, Weighed(doubt, ())])

    def undoing(self, who: Asker, step: Step) -> Weighed:
        """Whether it may take a step that undoes what holds somebody."""
        if step.action == SET_DEFAULT:
            return self.requests.ask(who, step.action, step.on, {})
        identity = step.before.identity
        known: Known = {POLICY_ARN: (step.about,) if chosen_by(step.action) else None}
        if step.action in TELL_BOUNDARY:
            known[BOUNDARY] = (identity.boundary,) if identity.boundary else None
        tags = identity.tags if step.on == identity.arn else NO_TAGS
        return self.requests.ask(who, step.action, step.on, known, tags)

    def rewritten(self, who: Asker, policy: str) -> Weighed:
        """Whether it can give a policy of its account a new version."""
        return self.granting.rewritten(policy, lambda action, on: self.requests.ask(who, action, on, {}))

    def change(self, who: Asker, action: str, target: Identity, group: str | None = None) -> Weighed:
        """Whether it may change a user or role, or a group that it is in; attach any policy that gives it anything.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
        """
        known: Known = {POLICY_ARN: None}
        if action in TELL_BOUNDARY and not group:
            known[BOUNDARY] = (target.boundary,) if target.boundary else None
        on, tags = (group, NO_TAGS) if group else (target.arn, target.tags)
        if not chosen_by(action):
            return self.requests.ask(who, action, on, known, tags)
        return any_way(way for _, way in self._choosing(who, action, on, known, tags))

    def _choosing(
        self, who: Asker, action: str, on: str, known: Known, tags: Mapping[str, str] | None
    ) -> Iterator[tuple[str, Weighed]]:
        """What comes of naming each policy that serves the purpose, there or to be written, with its ARN."""
        key = chosen_by(action)
        told = self.requests.speaks_of(self.requests.cut(who, action.lower()), key)
        there = [(policy, OPEN) for policy in self.granting.policies(who.account, key)]
        for policy, written in chain(there, self._writing(who, action, key)) if told else there[:1]:
            yield policy, all_ways([self.requests.ask(who, action, on, {**known, key: (policy,)}, tags), written])

    def _writing(self, who: Asker, action: str, policy_key: str) -> Iterator[tuple[str, Weighed]]:
        """Policies that it can write for the purpose, of those that may be attached or put, each with when."""
        attach, create = self.requests.cut(who, action.lower()), self.requests.cut(who, CREATE.lower())
        key = (id(attach), id(create), policy_key)
        if key not in self._written:
            self.requests.keep(attach, create)
            self._written[key] = self.granting.written(
                who.account,
                list(all_statements(attach)),
                list(all_statements(create)),
                lambda action, policy: self.requests.ask(who, action, policy, {POLICY_ARN: None}),
                policy_key,
            )
        yield from self._written[key]


def _unknown(policy: str) -> Weighed:
    return Weighed(
        Unsure(f"the document of {policy} is not known"), (Reason(policy, note="its document is not known"),)
    )
