"""One who tries a technique, and what the policies answer to each request that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..iam.administrators import UNBOUND_ROLE, UNBOUND_USER, everything
from ..iam.context import Context
from ..iam.estate import Estate, Identity, IdentityKind
from ..iam.evaluate import Policies, Weighed, weigh
from ..iam.exemptions import kept_from_customers
from ..iam.formula import Unsure
from ..iam.granting import Granting
from ..iam.holdings import Holding, Holdings
from ..iam.knowledge import Known, account_keys, caller_of, closed_prefixes, personal_keys, resource_keys
from ..iam.principals import Caller, CallerKind
from ..iam.request import Request
from ..iam.statements import Effect, Policy, Reason, Statement
from ..iam.trusts import Admitted, admitted
from .technique import ASSUME_ROLE
from .ways import OPEN, SHUT, any_way

LET_IN = Policy.parse(
    {"Statement": {"Effect": "Allow", "Principal": "*", "Action": ASSUME_ROLE}}, "the trust policy that it writes"
)
TAG_PREFIXES = ("aws:resourcetag/", "iam:resourcetag/", "ec2:resourcetag/", "ecs:resourcetag/", "ssm:resourcetag/")


@dataclass(eq=False)
class Asker:
    """A principal, or principals that hold the same, with its policies; ``identity`` is None for several."""

    id: str
    holding: Holding
    policies: Policies
    caller: Caller
    identity: Identity | None = None

    @property
    def account(self) -> str:
        """Its account."""
        return self.holding.account

    @property
    def kind(self) -> IdentityKind:
        """Whether it is a user or a role, or all of them are."""
        return self.holding.members[0][0].kind


@dataclass
class Requests:
    """Weighs requests of askers to their own account. What several techniques ask is weighed once."""

    estate: Estate
    holdings: Holdings
    _asked: dict[tuple[object, ...], Weighed] = field(default_factory=dict)
    _blind: dict[tuple[int, str], bool] = field(default_factory=dict)
    _kept: list[Policies] = field(default_factory=list)
    """Policies whose ids are in keys: they stay, so that no other object gets the same id."""
    _trusts: dict[int, Admitted] = field(default_factory=dict)
    _cuts: dict[tuple[int, str], Policies] = field(default_factory=dict)
    _spoken: dict[tuple[int, str], bool] = field(default_factory=dict)
    _worked: dict[tuple[object, ...], Weighed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.granting = Granting(self.estate)

    def asker(self, holding: Holding, member: tuple[Identity, Policies] | None = None) -> Asker:
        """One member of a holding, or all of them."""
        partition = self.partition(holding.account)
        if member is not None or len(holding.members) == 1:
            identity, own = member or holding.members[0]
            return Asker(identity.arn, holding, own, caller_of(identity, partition), identity)
        first = holding.members[0][0]
        kind = CallerKind.USER if first.kind is IdentityKind.USER else CallerKind.ROLE
        caller = Caller(kind, holding.id, holding.account, None, first.service_linked, partition)
        return Asker(holding.id, holding, holding.together, caller)

    def partition(self, account: str) -> str:
        """The partition of an account."""
        found = self.estate.accounts.get(account)
        return found.partition if found else "aws"

    def ask(
        self,
        who: Asker,
        action: str,
        resource: str,
        known: Mapping[str, tuple[str, ...] | None],
        tags: Mapping[str, str] | None = None,
        policy: Policy | None = None,
    ) -> Weighed:
        """What comes of an action on a resource of the asker's account, with tags where they are known."""
        action = action.lower()
        policies = self.cut(who, action)
        alike = policy is None and kept_from_customers(action, resource) is None
        blind = alike and self._is_blind(policies, action)
        if policy is None and not blind and not _may_cover(policies, resource):
            return SHUT
        tagged = () if tags is None else tuple(sorted(tags.items()))
        what = ("", (), True) if blind else (resource, tagged, tags is None)
        key = (id(policies), action, *what, tuple(known.items()), policy and (policy.id, who.id))
        if key not in self._asked:
            if policy is not None:
                policies = replace(policies, resource=(policy,))
            context = self._context(who, {**known, **_tag_keys(tags)}, TAG_PREFIXES if tags is not None else ())
            request = Request(who.caller, action, resource, who.account, context)
            self._asked[key] = weigh(request, policies)
        return self._asked[key]

    def assume(self, who: Asker, role: Identity, trust: Policy | None = None) -> Weighed:
        """Whether it can assume the role, as it is or with another trust policy."""
        rewritten = trust is not None
        trust = trust or role.trust
        if trust is None or not (rewritten or self._may_admit(trust, who)):
            return SHUT
        own = self.cut(who, ASSUME_ROLE.lower())
        if self._is_blind(own, ASSUME_ROLE) and all(_sees_nothing(s) for s in trust.document.statements):
            key = ("assume", id(own), who.id, id(trust.document))
            found = self.once(key, lambda: self._assume(who, role, trust, own))
            return replace(found, because=tuple(_of_trust(reason, trust) for reason in found.because))
        return self._assume(who, role, trust, own)

    def _assume(self, who: Asker, role: Identity, trust: Policy, own: Policies) -> Weighed:
        prefixes = TAG_PREFIXES if role.tags is not None else ()
        known: Known = resource_keys(self.estate.accounts.get(role.account), role.tags)
        if who.identity is not None:
            found = self.estate.accounts.get(who.account)
            known = {**account_keys(found), **personal_keys(who.identity), **known}
            prefixes = (*prefixes, *closed_prefixes(who.identity))
        context = Context(known, closed_prefixes=prefixes)
        policies = replace(own, resource=(trust,), guarded=True)
        return weigh(Request(who.caller, ASSUME_ROLE, role.arn, role.account, context), policies)

    def by_service(self, role: Identity, service: str) -> Weighed:
        """Whether a service can assume the role for something of the role's own account."""
        if role.trust is None:
            return SHUT
        levels, unread = self.holdings.above_resource(role.account, ASSUME_ROLE.lower())
        known: Known = {
            **resource_keys(self.estate.accounts.get(role.account), role.tags),
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (service,),
            "aws:sourceaccount": (role.account,),
            **dict.fromkeys(
                ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths")
            ),
        }
        policies = Policies(resource=(role.trust,), resource_control=levels, guarded=True, unread=unread)
        caller = Caller(CallerKind.SERVICE, service)
        return weigh(Request(caller, ASSUME_ROLE, role.arn, role.account, Context(known)), policies)

    def unbound(self, who: Asker, target: Identity) -> Weighed:
        """When no boundary holds what is granted to the target: there is none, it allows everything, or it can go."""
        if target.boundary is None:
            return OPEN
        if target.boundary not in self.estate.policies:
            return _unknown(target.boundary)
        whole = Policies((self.estate.policies[target.boundary],))
        ways = [everything(whole, Context(resource_keys(self.estate.accounts.get(target.account))))]
        actions = UNBOUND_USER if target.kind is IdentityKind.USER else UNBOUND_ROLE
        return any_way([*ways, *(self.change(who, action, target) for action in actions)])

    def change(self, who: Asker, action: str, target: Identity, group: str | None = None) -> Weighed:
        """Whether it may change a user or role, or a group that it is in; attach any policy that gives it anything.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
        """
        known: Known = {"iam:policyarn": None}
        if not (group or action.endswith(("PutUserPermissionsBoundary", "PutRolePermissionsBoundary"))):
            known["iam:permissionsboundary"] = (target.boundary,) if target.boundary else None
        on, tags = (group, None) if group else (target.arn, target.tags)
        if ":Attach" not in action:
            return self.ask(who, action, on, known, tags)
        attached = self.granting.policies(who.account)
        if not self._speaks_of(self.cut(who, action.lower()), "iam:policyarn"):
            attached = attached[:1]
        return any_way(self.ask(who, action, on, {**known, "iam:policyarn": (one,)}, tags) for one in attached)

    def once(self, key: tuple[object, ...], weighed: Callable[[], Weighed]) -> Weighed:
        """What was worked out under a key before, or is now. Ids in keys are those of an asker's policies."""
        if key not in self._worked:
            self._worked[key] = weighed()
        return self._worked[key]

    def cut(self, who: Asker, action: str) -> Policies:
        """The asker's policies as far as they concern an action, in lower case."""
        if who.policies is who.holding.policies:
            return self.holdings.on_action(who.holding, who.policies, action)
        key = id(who.policies), action
        if key not in self._cuts:
            self._kept.append(who.policies)
            self._cuts[key] = self.holdings.on_action(who.holding, who.policies, action)
        return self._cuts[key]

    def _context(self, who: Asker, known: Known, prefixes: tuple[str, ...]) -> Context:
        base: Known = resource_keys(self.estate.accounts.get(who.account))
        return Context({**base, **known}, closed_prefixes=prefixes)

    def _may_admit(self, trust: Policy, who: Asker) -> bool:
        """Whether the trust policy names the asker, its account or everyone."""
        key = id(trust.document)
        if key not in self._trusts:
            self._trusts[key] = admitted(trust.document, ASSUME_ROLE.lower(), who.caller.partition)
        named = self._trusts[key]
        if named.everyone or named.anyone_unknown or who.account in named.accounts or who.id in named.arns:
            return True
        return any(f":assumed-role/{who.caller.name}/" in arn for arn in named.arns)

    def _is_blind(self, policies: Policies, action: str) -> bool:
        """Whether what the policies say of the action does not depend on which resource it is asked about."""
        key = (id(policies), action)
        if key not in self._blind:
            self._kept.append(policies)
            self._blind[key] = all(map(_sees_nothing, _all_statements(policies)))
        return self._blind[key]

    def _speaks_of(self, policies: Policies, condition_key: str) -> bool:
        """Whether any of the policies asks for a condition key, in lower case."""
        key = (id(policies), condition_key)
        if key not in self._spoken:
            self._kept.append(policies)
            tests = (test for statement in _all_statements(policies) for test in statement.conditions.tests)
            self._spoken[key] = any(test.key.lower() == condition_key for test in tests)
        return self._spoken[key]


def _of_trust(reason: Reason, trust: Policy) -> Reason:
    """The reason, found for another role with an equal trust policy, as it is for this one."""
    return replace(reason, where=trust.id) if reason.where.endswith("#trust") else reason


def _unknown(policy: str) -> Weighed:
    return Weighed(
        Unsure(f"the document of {policy} is not known"), (Reason(policy, note="its document is not known"),)
    )


def _tag_keys(tags: Mapping[str, str] | None) -> Known:
    return {f"{prefix}{key.lower()}": (value,) for key, value in (tags or {}).items() for prefix in TAG_PREFIXES}


def _all_statements(policies: Policies) -> Iterator[Statement]:
    """The statements of the principal's policies and of those that limit it; not of a resource's own."""
    limits = (attached for _, attached in (*policies.service_control, *policies.resource_control))
    groups = (policies.identity, policies.boundary or (), *limits)
    return (statement for group in groups for policy in group for statement in policy.document.statements)


def _may_cover(policies: Policies, resource: str) -> bool:
    """Whether any statement of the identity's own policies, cut to one action, may allow it on the resource."""
    if "identity" in policies.unread:
        return True
    for policy in policies.identity:
        for statement in policy.document.statements:
            if statement.effect is not Effect.DENY:
                matchers = statement.resource_matchers
                if matchers is None or any(matches(resource) for matches in matchers) is not statement.not_resources:
                    return True
    return False


def _sees_nothing(statement: Statement) -> bool:
    if statement.resources is not None and (statement.not_resources or "*" not in statement.resources):
        return False
    return not any(
        "resourcetag/" in test.key.lower() or (test.variables and any("${" in value for value in test.values))
        for test in statement.conditions.tests
    )
