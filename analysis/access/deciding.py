"""Decides what principals may do with a resource, class of actions by class of actions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from ..iam.administering.holdings import Holding, Holdings
from ..iam.conditions.conditions import Other
from ..iam.conditions.context import Context
from ..iam.conditions.formula import Formula, Holds, all_of
from ..iam.estates.estate import Estate, Identity, IdentityKind
from ..iam.estates.knowledge import account_keys, caller_of, personal_context
from ..iam.evaluation.decisions import Conditional, Decision, Deny, Unknown, rank
from ..iam.evaluation.evaluate import Policies, decide
from ..iam.evaluation.request import Request
from ..iam.policies.attached import Attached
from ..iam.policies.principals import Caller, CallerKind
from ..iam.policies.statements import Effect, Statement
from .doors import STRAIGHT, passing, regarding
from .families import Family, Mask
from .found import Findings, Member
from .parts import asked_about
from .sides import Side, on_side


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """Who asks: the caller, with the policies that apply to it and what is known of it."""

    caller: Caller
    policies: Policies = field(default_factory=Policies)
    context: Context = field(default_factory=Context)


@dataclass
class Deciding:
    """Decides on the actions of one family for the principals of an estate."""

    estate: Estate
    family: Family
    _identities: dict[str, Asker] = field(default_factory=dict)
    _granted: dict[int, tuple[Holding, Mask]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.holdings = Holdings(self.estate, self.family.names)
        self._through = passing(self.family)

    def of_holding(self, findings: Findings, holding: Holding, resources: int, within: Mask) -> None:
        """Decide on actions for all of a holding on resources that nothing tells apart.

        Members that something on the side of the resources may tell apart are decided by what it says of each.
        """
        side = findings.shelf.first(resources)
        external = holding.account != side.resource.account
        within &= self.family.mask(holding.allowed)
        if not within:
            return
        telling = side.telling if external else side.telling_own
        for members in _apart(telling, holding.members):
            start, end = findings.start(holding, members), findings.end(resources)
            asker = self.identity(members[0][0], members[0][1]) if telling else self._together(holding, start)
            for actions, decision in self.of(asker, side, within, own=not external):
                findings.note(start, end, actions, decision, external=external)

    def identity(self, identity: Identity, policies: Policies | None = None) -> Asker:
        """A user or role as asker."""
        if identity.arn not in self._identities:
            policies = _kept(policies or self.holdings.of(identity))
            account = self.estate.accounts.get(identity.account)
            partition = account.partition if account else "aws"
            context = personal_context(identity, account)
            self._identities[identity.arn] = Asker(caller_of(identity, partition), policies, context)
        return self._identities[identity.arn]

    def of(self, asker: Asker, side: Side, within: Mask, *, own: bool = False) -> Iterator[tuple[Mask, Decision]]:
        """The decisions for the actions, those of which the same is said together.

        ``own``: the asker is of the resource's account, and what the resource grants it by name is decided elsewhere.
        """
        on_it = side.refusing if own else side.policies
        policies = replace(
            asker.policies,
            resource=on_it.resource,
            resource_control=on_it.resource_control,
            guarded=on_it.guarded,
            unread={**asker.policies.unread, **on_it.unread},
        )
        context = asker.context.over(side.context)
        statements = (*statements_of(asker.policies), *on_side(on_it))
        through = self._through_points(statements, side)
        if through:
            statements = (*statements, *on_side(side.policies), *side.behind)
        for actions in self.family.classes((through, *map(self.family.concerned, statements)), within):
            any_way = bool(actions & through)
            known = STRAIGHT.over(context) if through and not any_way else context
            yield actions, self._decide(asker.caller, policies, known, side, actions, any_way=any_way)

    def _through_points(self, statements: Iterable[Statement], side: Side) -> Mask:
        """The actions that can be taken through an access point, where there is one or policies ask about it."""
        asked = self._through and (side.ways or regarding((*statements, *on_side(side.policies))))
        return self._through if asked else 0

    def _decide(
        self, caller: Caller, policies: Policies, context: Context, side: Side, actions: Mask, *, any_way: bool
    ) -> Decision:
        """The best of the decisions on all that a request for the actions may be about, straight or in any way."""
        action = self.family.named(actions & -actions)[0]
        best: Decision = Deny()
        for pattern, arn in self._asked(policies, side, actions, any_way=any_way):
            request = Request(caller, action, arn, side.resource.account, context)
            decision = side.decide_each_way(request, policies) if any_way else decide(request, policies)
            if pattern and self.family.part is not None:
                decision = _only_on(decision, f"the {self.family.part.called} is one of {pattern}")
            if rank(decision) < rank(best):
                best = decision
            if best.word == "allow":
                break
        return best

    def _asked(self, policies: Policies, side: Side, actions: Mask, *, any_way: bool) -> Iterator[tuple[str, str]]:
        """What requests for the actions may be about, as ``asked_about`` has it."""
        own = (s for p in policies.resource for s in p.document.statements)
        beyond = (*on_side(side.policies), *side.behind) if any_way else ()
        granting = (s for s in (*statements_of(policies), *own, *beyond) if s.effect is not Effect.DENY)
        patterns = (p for s in granting for p in s.resources or ())
        if not any_way or not actions & -actions & self.family.on_parts:
            return asked_about(self.family, actions, side.resource, patterns)
        known = tuple(dict.fromkeys(patterns))
        return chain(asked_about(self.family, actions, side.resource, known), side.led_to(known))

    def _together(self, holding: Holding, start: str) -> Asker:
        """All of a holding, as somebody of whom only the account is known."""
        if len(holding.members) == 1:
            return self.identity(*holding.members[0])
        if start not in self._identities:
            first = holding.members[0][0]
            account = self.estate.accounts.get(holding.account)
            kind = CallerKind.USER if first.kind is IdentityKind.USER else CallerKind.ROLE
            partition = account.partition if account else "aws"
            caller = Caller(kind, start, holding.account, None, first.service_linked, partition)
            self._identities[start] = Asker(caller, _kept(holding.together), Context(account_keys(account)))
        return self._identities[start]


def statements_of(policies: Policies) -> Iterator[Statement]:
    """The statements that apply to a principal: its own, its boundary's, its organization's."""
    limits = (policy for _, attached in policies.service_control for policy in attached)
    for policy in (*policies.identity, *(policies.boundary or ()), *limits):
        yield from policy.document.statements


def _kept(policies: Policies) -> Policies:
    """The policies, for being asked about again and again."""
    boundary = None if policies.boundary is None else Attached(policies.boundary)
    return replace(policies, identity=Attached(policies.identity), boundary=boundary)


def _apart(telling: Sequence[Statement], members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    """The members by what the statements say of each."""
    if not telling or len(members) == 1:
        yield members
        return
    groups: dict[Hashable, list[Member]] = {}
    for member in members:
        groups.setdefault(tuple(_outcome(s, member) for s in telling), []).append(member)
    yield from groups.values()


def _outcome(statement: Statement, member: Member) -> Hashable:
    identity, policies = member
    caller = caller_of(identity)
    left = statement.under(personal_context(identity, None))
    if statement.principal is None:
        return left
    bounded = policies.boundary is not None
    if statement.effect is Effect.ALLOW:
        return left, statement.principal.admits(caller)
    return left, statement.principal.refuses(caller, bounded=bounded), statement.principal.admits(caller)


def _only_on(decision: Decision, confined: str) -> Decision:
    """The decision on some things in a resource: it depends on which it is about."""
    part: Formula = Holds(Other(confined))
    if isinstance(decision, Deny | Unknown):
        return decision
    if isinstance(decision, Conditional):
        return replace(decision, formula=all_of((part, decision.formula)))
    return Conditional(part, decision.because)
