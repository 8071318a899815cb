"""Effective administrators: who can do anything in an account, or can grant itself that.

A principal is one when its policies, its boundary and every level of service control policies allow every action on
every resource, or when it may rewrite its own permissions (its inline or managed policies, those of its groups) and no
boundary holds it. A boundary that it may take away, replace or write anew does not; nor does a Deny in a policy that it
may take off itself. So is one that may put another version of a policy of its own in force, with which that is so.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html#jf_administrator
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_permissions-required.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from ....schema import Edge
from ....schema.facts import Properties
from ..conditions.context import Context
from ..conditions.formula import ALWAYS, NEVER, Formula, Unsure, all_of, any_of, negate, settled
from ..estates.estate import Estate, Identity, IdentityKind
from ..estates.knowledge import Known, caller_of, made_to, personal_context, resource_keys
from ..estates.profiles import organization_levels, unread_reason
from ..evaluation.decisions import Decision, Deny
from ..evaluation.evaluate import Levels, Policies, Weighed, conclude, weigh
from ..evaluation.request import Request
from ..policies.principals import Caller
from ..policies.statements import Document, Effect, Policy, Reason
from .granting import (
    BOUNDARY,
    CREATE,
    POLICY_ARN,
    PUT_BOUNDARY,
    Granting,
    asks_for,
    chosen_by,
    is_customer_managed,
    lifted,
)
from .undoing import ANOTHER_VERSION, SET_DEFAULT, Held, Step, undone, unread
from .ways import OPEN, SHUT, all_ways, any_way, noted

USER_GRANTS = ("iam:AttachUserPolicy", "iam:PutUserPolicy")
ROLE_GRANTS = ("iam:AttachRolePolicy", "iam:PutRolePolicy")
GROUP_GRANTS = ("iam:AttachGroupPolicy", "iam:PutGroupPolicy")
_OF_KIND = {IdentityKind.USER: USER_GRANTS, IdentityKind.ROLE: ROLE_GRANTS}
POLICY_GRANTS = ("iam:CreatePolicyVersion", SET_DEFAULT)
UNBOUND_USER = ("iam:DeleteUserPermissionsBoundary", PUT_BOUNDARY[0])
UNBOUND_ROLE = ("iam:DeleteRolePermissionsBoundary", PUT_BOUNDARY[1])

_PROBES = tuple(action.lower() for group in (USER_GRANTS, ROLE_GRANTS, GROUP_GRANTS, POLICY_GRANTS) for action in group)


@dataclass(frozen=True, slots=True)
class _Asker:
    """An identity that asks to change its own permissions, with its policies."""

    held: Held
    policies: Policies
    caller: Caller
    context: Context

    @property
    def identity(self) -> Identity:
        """Who it is."""
        return self.held.identity

    def weigh(self, action: str, resource: str, chosen: str | None = None) -> Weighed:
        """What comes of an action on itself, on a group of its own or on a policy; ``chosen`` is the policy named."""
        boundary = self.identity.boundary
        region = made_to(action.lower(), self.caller.partition)
        known: Known = {POLICY_ARN: None, BOUNDARY: (boundary,) if boundary else None, **region}
        if chosen and (key := chosen_by(action)):
            known[key] = (chosen,)
        context = Context(known).over(self.context)
        return weigh(Request(self.caller, action, resource, self.identity.account, context), self.policies)

    def free(self, boundary: str | None) -> _Asker:
        """The same once it has a boundary that holds nothing, or none."""
        return replace(self, held=self.held.under(boundary), policies=replace(self.policies, boundary=None))


@dataclass
class Administrators:
    """Works out ADMINISTERS for an estate."""

    estate: Estate
    _hopeful: dict[int, tuple[Document, bool]] = field(default_factory=dict)
    """By the document's identity, which it keeps as long as it is kept."""
    _granting: Granting = field(init=False)

    def __post_init__(self) -> None:
        self._granting = Granting(self.estate)

    def edges(self) -> Iterator[Edge]:
        """Every ADMINISTERS: from each effective administrator to its account."""
        for identity in (*self.estate.users.values(), *self.estate.roles.values()):
            yield from self._edges(identity.arn, identity.account, self.of(identity))
        for arn, account in self.estate.root_users.items():
            yield from self._edges(arn, account, self.of_root_user(arn, account))

    def of(self, identity: Identity) -> Decision:
        """Whether the identity is an effective administrator of its account."""
        asker = self._asker(Held(self.estate, identity))
        if asker is None:
            return Deny()
        way = self._comes_by(asker)
        if settled(way.formula, ALWAYS) is not ALWAYS:
            way = any_way([way, *self._undoing(asker)])
        return conclude(way.formula, way.because)

    def comes_by(self, held: Held) -> Weighed:
        """When an identity is one by what applies to it as it is there, without anything undone but its boundary."""
        asker = self._asker(held)
        return SHUT if asker is None else self._comes_by(asker)

    def _comes_by(self, asker: _Asker) -> Weighed:
        full = everything(asker.policies, asker.context)
        if full.formula is ALWAYS:
            return full
        return any_way([full, *self._grants_itself(asker)])

    def _undoing(self, asker: _Asker) -> Iterator[Weighed]:
        """What it comes by once it has undone what holds it, under its boundary or without."""
        starts = [(asker.held, OPEN)]
        if asker.policies.boundary is not None:
            starts += [(asker.held.under(boundary), way) for boundary, way in self._lifts(asker)]
        for held, way in starts:
            for step, asked in undone(held, self._asked) if way.formula is not NEVER else ():
                yield all_ways([way, asked, self.after(step)])

    def after(self, step: Step) -> Weighed:
        """What an identity comes by once a step is taken."""
        return self.comes_by(step.then) if step.doubt is None else Weighed(step.doubt, ())

    def _asked(self, step: Step) -> Weighed:
        """What comes of a request that an identity makes about itself, with what applies to it then."""
        asker = self._asker(step.before)
        return SHUT if asker is None else asker.weigh(step.action, step.on, step.about)

    def _asker(self, held: Held) -> _Asker | None:
        """The identity with its policies; None where none of them allows anything that matters."""
        identity, own = held.identity, _known(held, held.ids)
        account = self.estate.accounts.get(identity.account)
        reason = unread_reason(account, identity.account) or _missing(held)
        if reason is None and not any(map(self._is_hopeful, own)):
            return None
        levels, unread = organization_levels(self.estate, account, self.estate.policies.get)
        if identity.service_linked:
            levels, unread = (), {}
        if reason is not None:
            unread = {**unread, "identity": Unsure(reason)}
        boundary = _known(held, (identity.boundary,)) or None if identity.boundary else None
        policies = Policies(own, boundary, service_control=levels, unread=unread)
        partition = account.partition if account else "aws"
        context = personal_context(identity, account).over(Context(resource_keys(account)))
        return _Asker(held, policies, caller_of(identity, partition), context)

    def of_root_user(self, arn: str, account: str) -> Decision:
        """The root user can do anything that the organization's policies let it."""
        found = self.estate.accounts.get(account)
        levels, unread = organization_levels(self.estate, found, self.estate.policies.get)
        root = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, arn)
        context = Context({"aws:principalarn": (arn,), "aws:principaltype": ("Account",), "aws:username": None})
        full = everything(Policies((root,), service_control=levels, unread=unread), context)
        note = Reason(arn, note="the root user can do anything in its account")
        return conclude(full.formula, (note, *(r for r in full.because if r.where != arn)), explicit=full.explicit)

    def _edges(self, start: str, account: str, decision: Decision) -> Iterator[Edge]:
        if not isinstance(decision, Deny):
            properties: Properties = {
                "derived": True,
                "decision": decision.word,
                "conditions": list(decision.sentences),
                "because": list(dict.fromkeys(str(reason) for reason in decision.because)),
                "reason": getattr(decision, "reason", None),
            }
            yield Edge("ADMINISTERS", start, account, properties)

    def _grants_itself(self, asker: _Asker) -> Iterator[Weighed]:
        """All that it can come by by writing its own permissions, and what its boundary is then made to let through."""
        if asker.policies.boundary is None:
            yield from self._grants(asker, OPEN)
            return
        lifts = list(self._lifts(asker))
        held = everything(Policies(asker.policies.boundary), asker.context)
        yield from self._grants(asker, any_way([held, *(way for _, way in lifts)]))
        for boundary, way in lifts:
            free = asker.free(boundary)
            yield all_ways([way, everything(free.policies, free.context)])
            yield from self._grants(free, way)

    def _grants(self, asker: _Asker, unbound: Weighed) -> Iterator[Weighed]:
        """For each way of writing its own permissions: when the way is open, and nothing holds what it writes."""
        if unbound.formula is NEVER:
            return
        for way in self._ways(asker):
            if way.formula is not NEVER:
                yield all_ways([way, unbound])
                if way.formula is ALWAYS and unbound.formula is ALWAYS:
                    return
        for action, on in self._changes(asker.identity):
            for attached, written in self._written(action, asker):
                yield all_ways([written, asker.weigh(action, on, attached), unbound])

    def _lifts(self, asker: _Asker) -> Iterator[tuple[str | None, Weighed]]:
        """Each way of lifting its own boundary, with the one that it has then: it is taken away, another, or rewritten.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        """
        identity, boundary = asker.identity, asker.identity.boundary or ""
        delete, put = UNBOUND_USER if identity.kind is IdentityKind.USER else UNBOUND_ROLE
        yield None, noted(asker.weigh(delete, identity.arn), lifted(boundary, "take off"))
        others = ((other, OPEN) for other in self._granting.policies(identity.account, BOUNDARY))
        for other, written in chain(others, self._written(put, asker)):
            way = all_ways([written, asker.weigh(put, identity.arn, other)])
            yield other, noted(way, lifted(boundary, f"replace by {other}"))
        if is_customer_managed(boundary):
            yield boundary, noted(self._granting.rewritten(boundary, asker.weigh), lifted(boundary, "write anew"))
        yield from self._lifts_by_version(asker, boundary)

    def _lifts_by_version(self, asker: _Asker, boundary: str) -> Iterator[tuple[str | None, Weighed]]:
        """As ``_lifts``, by another version of the boundary: one that holds nothing, or that lets it be lifted."""
        versions = () if boundary in asker.held.versions else self.estate.versions.get(boundary, ())
        doubt = unread(self.estate, boundary)
        if not versions and doubt is None:
            return
        way = noted(asker.weigh(SET_DEFAULT, boundary), lifted(boundary, ANOTHER_VERSION))
        if way.formula is NEVER:
            return
        for version in versions:
            yield boundary, all_ways([way, everything(Policies((version,)), asker.context)])
            under = replace(asker.policies, boundary=(version,))
            then = replace(asker, held=asker.held.with_version(boundary, version), policies=under)
            yield from ((other, all_ways([way, further])) for other, further in self._lifts(then))
        if doubt is not None:
            yield boundary, all_ways([way, Weighed(doubt, ())])

    def _written(self, action: str, asker: _Asker) -> Iterator[tuple[str, Weighed]]:
        """Policies that it writes for the purpose, of those that it may attach or put by the action, each with when."""
        policies = asker.policies
        if key := chosen_by(action):
            limits = (*(policies.boundary or ()), *_attached(policies.service_control))
            statements = [s for policy in (*policies.identity, *limits) for s in policy.document.statements]
            attaching = [s for s in statements if s.concerns(action.lower())]
            if any(asks_for(s, key) for s in attaching):
                creating = [s for s in statements if s.concerns(CREATE.lower())]
                yield from self._granting.written(asker.identity.account, attaching, creating, asker.weigh, key)

    def _ways(self, asker: _Asker) -> Iterator[Weighed]:
        """What comes of each way of writing its own permissions with policies that are there."""
        attached = self._granting.policies(asker.identity.account)
        for action, on in self._changes(asker.identity):
            for policy in attached if ":Attach" in action else (None,):
                yield asker.weigh(action, on, policy)
        for policy in asker.held.ids:
            if is_customer_managed(policy):
                yield self._granting.rewritten(policy, asker.weigh)

    def _changes(self, identity: Identity) -> Iterator[tuple[str, str]]:
        """Actions that change the identity itself, or a group that it is in, with what is changed."""
        yield from ((action, identity.arn) for action in _OF_KIND[identity.kind])
        yield from ((action, group) for group in identity.groups for action in GROUP_GRANTS)

    def _is_hopeful(self, policy: Policy) -> bool:
        """Whether the policy allows anything that an administrator could come by."""
        document = policy.document
        known = self._hopeful.get(id(document))
        if known is None:
            allows = (s for s in document.statements if s.effect is not Effect.DENY)
            known = self._hopeful[id(document)] = document, any(s.concerns(a) for s in allows for a in _PROBES)
        return known[1]


def _known(held: Held, ids: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of which the document is known: of a boundary where it is not, nothing is."""
    return tuple(policy for id_ in ids if (policy := held.policy(id_)) is not None)


def _missing(held: Held) -> str | None:
    """What of the documents that apply to the identity is not known."""
    boundary = held.identity.boundary
    missing = next((id_ for id_ in (*held.ids, *([boundary] if boundary else [])) if held.policy(id_) is None), None)
    return f"the document of {missing} is not known" if missing else None


def everything(policies: Policies, context: Context) -> Weighed:
    """When every action on every resource is allowed, and no Deny takes all of it back."""
    own = _whole(policies.identity, context)
    limits: list[Weighed] = []
    if policies.boundary is not None:
        limits.append(_whole(policies.boundary, context))
    limits += [_whole(attached, context) for _, attached in policies.service_control]
    everywhere = (*policies.identity, *(policies.boundary or ()), *_attached(policies.service_control))
    denied = _whole(everywhere, context, Effect.DENY)
    if denied.formula is ALWAYS:
        return Weighed(NEVER, denied.because, explicit=True)
    formula = all_of((own.formula, *(w.formula for w in limits), negate(denied.formula), *policies.unread.values()))
    because = [
        reason
        for part in (own, *limits, denied)
        if part is own or part.formula is not ALWAYS
        for reason in part.because
    ]
    return Weighed(formula, tuple(because))


def _attached(levels: Levels) -> Iterator[Policy]:
    return (policy for _, attached in levels for policy in attached)


def _whole(policies: Iterable[Policy], context: Context, effect: Effect = Effect.ALLOW) -> Weighed:
    """When a statement of that effect takes in every action on every resource."""
    parts: list[Formula] = []
    because: list[Reason] = []
    for policy in policies:
        for statement in policy.document.statements:
            if statement.effect is not effect or statement.not_actions or statement.not_resources:
                continue
            if not {"*", "*:*"}.isdisjoint(statement.actions or ()) and "*" in (statement.resources or ()):
                held = statement.conditions.hold(context)
                if held is not NEVER:
                    parts.append(held)
                    because.append(Reason(policy.id, statement))
                if held is ALWAYS:
                    return Weighed(ALWAYS, (because[-1],))
    return Weighed(any_of(parts), tuple(because))
