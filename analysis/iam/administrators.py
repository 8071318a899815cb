"""Effective administrators: who can do anything in an account, or can grant itself that.

A principal is one when its policies, its boundary and every level of service control policies allow every action on
every resource, or when it may rewrite its own permissions (its inline or managed policies, those of its groups) and no
boundary holds it. A boundary that it may take away, replace or write anew does not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html#jf_administrator
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_permissions-required.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from ...schema import Edge
from ...schema.facts import Properties
from .context import Context
from .decisions import Decision, Deny
from .estate import Estate, Identity, IdentityKind
from .evaluate import Levels, Policies, Weighed, conclude, weigh
from .formula import ALWAYS, NEVER, Formula, Unsure, all_of, any_of, negate
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
from .knowledge import Known, caller_of, made_to, personal_context, resource_keys
from .principals import Caller
from .profiles import organization_levels, unread_reason
from .request import Request
from .statements import Effect, Policy, Reason
from .ways import OPEN, all_ways, any_way, noted

USER_GRANTS = ("iam:AttachUserPolicy", "iam:PutUserPolicy")
ROLE_GRANTS = ("iam:AttachRolePolicy", "iam:PutRolePolicy")
GROUP_GRANTS = ("iam:AttachGroupPolicy", "iam:PutGroupPolicy")
_OF_KIND = {IdentityKind.USER: USER_GRANTS, IdentityKind.ROLE: ROLE_GRANTS}
POLICY_GRANTS = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
UNBOUND_USER = ("iam:DeleteUserPermissionsBoundary", PUT_BOUNDARY[0])
UNBOUND_ROLE = ("iam:DeleteRolePermissionsBoundary", PUT_BOUNDARY[1])

_PROBES = tuple(
    action.lower() for group in (USER_GRANTS, ROLE_GRANTS, GROUP_GRANTS, POLICY_GRANTS[:1]) for action in group
)


@dataclass(frozen=True, slots=True)
class _Asker:
    """An identity that asks to change its own permissions, with its policies."""

    identity: Identity
    policies: Policies
    caller: Caller
    context: Context

    def weigh(self, action: str, resource: str, chosen: str | None = None) -> Weighed:
        """What comes of an action on itself, on a group of its own or on a policy; ``chosen`` is the policy named."""
        boundary = self.identity.boundary
        region = made_to(action.lower(), self.caller.partition)
        known: Known = {POLICY_ARN: None, BOUNDARY: (boundary,) if boundary else None, **region}
        if chosen:
            known[chosen_by(action)] = (chosen,)
        context = Context(known).over(self.context)
        return weigh(Request(self.caller, action, resource, self.identity.account, context), self.policies)

    def free(self, boundary: str | None) -> _Asker:
        """The same once it has a boundary that holds nothing, or none."""
        return replace(
            self, identity=replace(self.identity, boundary=boundary), policies=replace(self.policies, boundary=None)
        )


@dataclass
class Administrators:
    """Works out ADMINISTERS for an estate."""

    estate: Estate
    _hopeful: dict[str, bool] = field(default_factory=dict)
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
        ids = self._ids(identity)
        account = self.estate.accounts.get(identity.account)
        reason = unread_reason(account, identity.account) or self._missing(identity, ids)
        if reason is None and not any(self._is_hopeful(policy) for policy in ids):
            return Deny()
        levels, unread = organization_levels(self.estate, account, self.estate.policies.get)
        if identity.service_linked:
            levels, unread = (), {}
        if reason is not None:
            unread = {**unread, "identity": Unsure(reason)}
        policies = Policies(self._policies(ids), self._boundary(identity), service_control=levels, unread=unread)
        partition = account.partition if account else "aws"
        caller = caller_of(identity, partition)
        context = personal_context(identity, account).over(Context(resource_keys(account)))
        full = everything(policies, context)
        if full.formula is ALWAYS:
            return conclude(full.formula, full.because)
        way = any_way([full, *self._grants_itself(_Asker(identity, policies, caller, context))])
        return conclude(way.formula, way.because)

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
        for policy in self._ids(asker.identity):
            if is_customer_managed(policy):
                yield self._granting.rewritten(policy, asker.weigh)

    def _changes(self, identity: Identity) -> Iterator[tuple[str, str]]:
        """Actions that change the identity itself, or a group that it is in, with what is changed."""
        yield from ((action, identity.arn) for action in _OF_KIND[identity.kind])
        yield from ((action, group) for group in identity.groups for action in GROUP_GRANTS)

    def _ids(self, identity: Identity) -> tuple[str, ...]:
        inherited = (policy for group in identity.groups for policy in self.estate.groups.get(group, ()))
        return (*identity.policies, *inherited)

    def _policies(self, ids: Iterable[str]) -> tuple[Policy, ...]:
        return tuple(self.estate.policies[policy] for policy in ids if policy in self.estate.policies)

    def _boundary(self, identity: Identity) -> tuple[Policy, ...] | None:
        """Its boundary, where the document of that is known: where it is not, nothing is."""
        return self._policies((identity.boundary,)) or None if identity.boundary else None

    def _missing(self, identity: Identity, ids: Iterable[str]) -> str | None:
        """What of the documents that apply to the identity is not known."""
        held = (*ids, *([identity.boundary] if identity.boundary else []))
        missing = next((policy for policy in held if policy not in self.estate.policies), None)
        return f"the document of {missing} is not known" if missing else None

    def _is_hopeful(self, policy: str) -> bool:
        """Whether the policy allows anything that an administrator could come by. Policies not known count."""
        known = self._hopeful.get(policy)
        if known is None:
            found = self.estate.policies.get(policy)
            statements = found.document.statements if found else ()
            allows = (s for s in statements if s.effect is not Effect.DENY)
            hopeful = found is None or any(s.concerns(action) for s in allows for action in _PROBES)
            known = self._hopeful[policy] = hopeful
        return known


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
