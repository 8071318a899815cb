"""One who tries a technique, and what the policies answer to each request that it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..iam.administering.holdings import Holding, Holdings
from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way
from ..iam.assuming.trusts import Admitted, admitted
from ..iam.conditions.conditions import Other
from ..iam.conditions.context import Context
from ..iam.conditions.formula import Holds, Unsure
from ..iam.conditions.patterns import ARN_SEGMENTS
from ..iam.estates.estate import Estate, Identity, IdentityKind
from ..iam.estates.knowledge import (
    Known,
    account_keys,
    caller_of,
    closed_prefixes,
    made_to,
    personal_keys,
    resource_keys,
)
from ..iam.evaluation.evaluate import Policies, Weighed, weigh
from ..iam.evaluation.exemptions import kept_from_customers
from ..iam.evaluation.request import Request
from ..iam.evaluation.services import under_rcps
from ..iam.policies.principals import Caller, CallerKind
from ..iam.policies.statements import Policy, Reason
from .choices import ANY, names, patterns, told
from .requesting import of_request
from .seeing import all_statements, may_cover, sees_nothing
from .surroundings import Compute
from .technique import ASSUME_ROLE

INVOKE, OPEN_UP, FEED = "lambda:invokefunction", "lambda:addpermission", "lambda:createeventsourcemapping"
FUNCTION = "lambda:functionarn"
IF_NEW = Weighed(Holds(Other("the alias or version that the caller may name has the new code")), ())
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
    ) -> Weighed:
        """What comes of an action on a resource of the asker's account, with tags where they are known."""
        name, action = action, action.lower()
        policies = self.cut(who, action)
        blind = kept_from_customers(action, resource) is None and self._is_blind(policies, action)
        if not blind and not may_cover(policies, resource):
            return SHUT
        tagged = () if tags is None else tuple(sorted(tags.items()))
        what = ("", (), True) if blind else (resource, tagged, tags is None)
        key = (id(policies), action, *what, tuple(known.items()))
        if key not in self._asked:
            base: Known = resource_keys(self.estate.accounts.get(who.account))
            prefixes = TAG_PREFIXES if tags is not None else ()
            region = made_to(action, who.caller.partition)
            context = Context({**base, **known, **region, **_tag_keys(tags)}, closed_prefixes=prefixes)
            found = weigh(Request(who.caller, action, resource, who.account, context), policies)
            self._asked[key] = _of_request(found, name, "*" if blind else resource)
        return self._asked[key]

    def ask_of(self, who: Asker, action: str, compute: Compute, known: Known) -> Weighed:
        """What comes of an action on compute, which may have a policy of its own, and be of another account."""
        lone = compute.policy is None and compute.policy_unread is None
        return any_way(
            all_ways([self.ask(who, action, name, known, compute.tags), if_so])
            if lone
            else all_ways([self._by_policy(who, action, name, compute, known), if_so])
            for name, if_so in self.named(who, action, compute.id)
        )

    def named(self, who: Asker, action: str, resource: str) -> Iterator[tuple[str, Weighed]]:
        """How a request may name the resource, with what must be so then: functions have versions and aliases, too.

        The policy of the unpublished version is that of the function itself.
        https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
        https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
        """
        yield resource, OPEN
        if (action := action.lower()) in (INVOKE, OPEN_UP, FEED):
            if action != OPEN_UP:
                yield f"{resource}:$LATEST", OPEN
            cut = self.cut(who, action)
            found = (*patterns(cut), *(told(cut, FUNCTION) if action == FEED else ()))
            for name in names(f"{resource}:{ANY}", found).arns:
                yield name, IF_NEW

    def _by_policy(self, who: Asker, action: str, resource: str, compute: Compute, known: Known) -> Weighed:
        """The same, with the policy of the compute and the resource control policies above its account."""
        request, action = action, action.lower()
        own, home = self.cut(who, action), self.estate.accounts.get(compute.account)
        levels, doubts = self.holdings.above_resource(compute.account, action) if under_rcps(action) else ((), {})
        unread = {stage: doubt for stage, doubt in own.unread.items() if stage != "rcp"}
        resource_policy = (compute.policy,) if compute.policy else ()
        if compute.policy_unread is not None:
            unread["resource_policy"] = Unsure(f"the policy of {compute.id} could not be read: {compute.policy_unread}")
        policies = replace(own, resource=resource_policy, resource_control=levels, unread={**unread, **doubts})
        callers, prefixes = self._of_caller(who)
        tags = TAG_PREFIXES if compute.tags is not None else ()
        whole = {**callers, **resource_keys(home), **known, **_tag_keys(compute.tags)}
        context = Context(whole, closed_prefixes=(*prefixes, *tags))
        key = ("by policy", id(own), who.id, action, resource, tuple(known.items()))
        asked = Request(who.caller, action, resource, compute.account, context)
        return self.once(key, lambda: _of_request(weigh(asked, policies), request, resource))

    def _of_caller(self, who: Asker) -> tuple[Known, tuple[str, ...]]:
        """What is known of an asker that is one principal, and of which keys it has no more than that."""
        if who.identity is None:
            return {}, ()
        known = {**account_keys(self.estate.accounts.get(who.account)), **personal_keys(who.identity)}
        return known, closed_prefixes(who.identity)

    def assume(self, who: Asker, role: Identity, trust: Policy | None = None) -> Weighed:
        """Whether it can assume the role, as it is or with another trust policy."""
        rewritten = trust is not None
        trust = trust or role.trust
        if trust is None or not (rewritten or self._may_admit(trust, who)):
            return SHUT
        own = self.cut(who, ASSUME_ROLE.lower())
        if self._is_blind(own, ASSUME_ROLE) and all(sees_nothing(s) for s in trust.document.statements):
            key = ("assume", id(own), who.id, id(trust.document))
            found = self.once(key, lambda: self._assume(who, role, trust, own))
            return replace(found, because=tuple(_of_trust(reason, trust) for reason in found.because))
        return self._assume(who, role, trust, own)

    def _assume(self, who: Asker, role: Identity, trust: Policy, own: Policies) -> Weighed:
        prefixes = TAG_PREFIXES if role.tags is not None else ()
        callers, closed = self._of_caller(who)
        known = {**callers, **resource_keys(self.estate.accounts.get(role.account), role.tags)}
        context = Context(known, closed_prefixes=(*prefixes, *closed))
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

    def keep(self, *policies: Policies) -> None:
        """Keep policies whose ids are in a key of something that is remembered."""
        self._kept += policies

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
            self._blind[key] = all(map(sees_nothing, all_statements(policies)))
        return self._blind[key]

    def speaks_of(self, policies: Policies, condition_key: str) -> bool:
        """Whether any of the policies asks for a condition key, in lower case."""
        key = (id(policies), condition_key)
        if key not in self._spoken:
            self._kept.append(policies)
            tests = (test for statement in all_statements(policies) for test in statement.conditions.tests)
            self._spoken[key] = any(test.key.lower() == condition_key for test in tests)
        return self._spoken[key]


def _of_trust(reason: Reason, trust: Policy) -> Reason:
    """The reason, found for another role with an equal trust policy, as it is for this one."""
    return replace(reason, where=trust.id) if reason.where.endswith("#trust") else reason


def _of_request(found: Weighed, action: str, resource: str) -> Weighed:
    """What came of a request, its conditions told from those of others: of another action, or on another kind."""
    kind = re.split("[:/]", resource.split(":", ARN_SEGMENTS - 1)[-1])[0]
    return replace(found, formula=of_request(found.formula, action if kind == "*" else f"{action} on {kind}"))


def _tag_keys(tags: Mapping[str, str] | None) -> Known:
    return {f"{prefix}{key.lower()}": (value,) for key, value in (tags or {}).items() for prefix in TAG_PREFIXES}
