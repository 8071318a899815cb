"""Who may do what: one principal against one action on one resource. ``who_can`` asks it of everyone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ....schema.identifiers import ACCOUNT_ID, Arn
from ..conditions.context import Context
from ..conditions.formula import Formula, Unsure
from ..evaluation.access_points import ALIAS, Door
from ..evaluation.decisions import Decision, Deny
from ..evaluation.evaluate import Policies, concluded, weigh
from ..evaluation.lacking import lacking
from ..evaluation.request import Request
from ..evaluation.resources import Resource, holder
from ..evaluation.services import SERVICES_WITH_RESOURCE_POLICIES, service_of
from ..policies.canonical import concerning, narrowed
from ..policies.principals import ROOT_LACKS, SESSION_ARN, Caller, CallerKind
from ..policies.statements import Policy
from .estate import Estate, Identity
from .knowledge import RESOURCE_TAG_PREFIXES, account_keys, caller_of, made_to, personal_context, resource_keys
from .profiles import Profiler, organization_levels
from .strangers import Stranger, anyone, is_read, stranger, strangers

ASSUMING = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity", "sts:tagsession")
"""Actions that a role's trust policy decides on."""


@dataclass
class Permissions:
    """Answers for one action on one resource of an estate. ``given`` is what is known of the request's context.

    ``hypothetical``: the resource stands for any that policies do not tell from it. Where the estate has none of its
    name, it has no policy of its own, rather than one that is not known.
    """

    estate: Estate
    action: str
    resource: str = "*"
    given: Mapping[str, object] = field(default_factory=dict)
    hypothetical: bool = False

    def __post_init__(self) -> None:
        self._profiler = Profiler(self.estate, self.action.lower())
        self._arn = Arn.maybe(self.resource)
        account = self._arn.account if self._arn and ACCOUNT_ID.fullmatch(self._arn.account) else None
        self._role = self.estate.roles.get(self.resource)
        self._stored = self.estate.resources.get(holder(self.resource)) or _by_alias(self.estate, self.resource)
        self._account = account or (self._stored.account if self._stored else None)
        self.target = self._on_resource()
        self.door = self._door(self._stored) if self._stored and self._stored.bucket else None
        tags = self._role.tags if self._role else self._stored.tags_in_requests if self._stored else None
        of_resource = resource_keys(self.estate.accounts.get(self._account or ""), tags)
        known = {**of_resource, **made_to(self.action.lower(), self._partition())}
        on_resource = Context(known, closed_prefixes=() if tags is None else RESOURCE_TAG_PREFIXES)
        self._known = Context.of(self.given).over(on_resource)

    def _partition(self) -> str:
        """That of the resource; else the one of the whole estate, empty where it has several."""
        if self._arn:
            return self._arn.partition
        partitions = {account.partition for account in self.estate.accounts.values()}
        return partitions.pop() if len(partitions) == 1 else ""

    @property
    def resource_account(self) -> str | None:
        """The account that the resource is of; None where its ARN does not tell."""
        return self._account or (self._role.account if self._role else None)

    @property
    def outside(self) -> bool:
        """Whether it is about roles outside the register, of whatever account."""
        assuming = self.action.lower() in ASSUMING and self.resource != "*"
        return assuming and self.hypothetical and self._account is None

    def of(self, identity: Identity, session: str | None = None) -> Decision:
        """Whether a user or role may; ``session`` is the ARN of the role session, where one is meant."""
        account = self.estate.accounts.get(identity.account)
        applied = self._profiler.applied(identity)
        caller = replace(caller_of(identity, account.partition if account else "aws"), session=session)
        elsewhere = "" if self.outside and is_read(self.estate, identity.account) else None
        return self._decide(caller, applied.policies, personal_context(identity, account), elsewhere)

    def of_root(self, arn: str, account: str) -> Decision:
        """Whether the root user of an account may."""
        found = self.estate.accounts.get(account)
        levels, unread = organization_levels(self.estate, found, self._relevant)
        known = {**account_keys(found), "aws:principalarn": (arn,), "aws:principaltype": ("Account",)}
        caller = Caller(CallerKind.ROOT, arn, account, partition=found.partition if found else "aws")
        context = Context(known, closed_prefixes=ROOT_LACKS)
        return self._decide(caller, Policies(service_control=levels, unread=unread), context)

    def of_stranger(self, named: Stranger) -> Decision:
        """Whether somebody may of whom no policies are held: what the resource's side grants alone lets it.

        A resource whose account is not known is taken to be somebody else's.
        """
        return self._decide(named.caller, named.policies, named.context, self.resource_account or "")

    def strangers(self) -> Iterator[Stranger]:
        """Those of whom no policies are held and whom the resource's side may let in, each once.

        Whoever it is, where what it lets in is not known; and its own account, where that was not read.
        """
        policies = self.target.resource
        partition = self._arn.partition if self._arn else "aws"
        found = list(strangers(self.estate, policies, self.action.lower(), partition))
        if "resource_policy" in self.target.unread and (self._stored or not self.hypothetical):
            found.append(anyone(partition))
        if self.resource_account and (own := stranger(self.estate, "AWS", self.resource_account, partition)):
            found.append(own)
        if self._stored and self._stored.is_restricted:
            found = [one for one in found if one.id != "*"]
        yield from {one.id: one for one in found}.values()

    def _decide(self, caller: Caller, own: Policies, context: Context, account: str | None = None) -> Decision:
        policies = replace(
            own,
            resource=self.target.resource,
            resource_control=self.target.resource_control,
            guarded=self.target.guarded,
            unread={**own.unread, **self.target.unread},
        )
        account = self.resource_account if account is None else account
        request = Request(caller, self.action, self.resource, account, self._known.over(context))
        weighed = weigh(request, policies) if self.door is None else self.door.weigh(request, policies)
        decision = concluded(weighed)
        if isinstance(decision, Deny) and not decision.explicit and self.door is None:
            return Deny((*decision.because, *lacking(request, policies)))
        return decision

    def _on_resource(self) -> Policies:
        """What applies on the resource's side."""
        account = self.estate.accounts.get(self._account or "")
        levels, unread = organization_levels(self.estate, account, self._relevant, resource=True)
        levels = tuple((node, narrowed(attached, Context())) for node, attached in levels)
        service = service_of(self.action)
        if self._role is not None and self.action.lower() in ASSUMING:
            trust = (self._role.trust,) if self._role.trust else ()
            return Policies(resource=trust, resource_control=levels, guarded=True, unread=unread)
        if self._stored is not None:
            own = self._stored.policies()
            return replace(own, resource_control=levels, unread={**unread, **own.unread})
        stand_ins: dict[str, Formula] = dict(unread)
        assuming = self.action.lower() in ASSUMING and self.resource != "*"
        if self.outside:
            stand_ins["resource_policy"] = Unsure("which roles outside the register trust it is not known")
        elif assuming and not (self.hypothetical and is_read(self.estate, self._account or "")):
            stand_ins["resource_policy"] = Unsure(f"the trust policy of {self.resource} is not in the register")
        elif service in SERVICES_WITH_RESOURCE_POLICIES and self.resource != "*" and not self.hypothetical:
            stand_ins["resource_policy"] = Unsure(f"a resource policy of {self.resource} is not in the register")
        guarded = assuming or (service == "kms" and "resource_policy" in stand_ins)
        return Policies(resource_control=levels, guarded=guarded, unread=stand_ins)

    def _door(self, point: Resource) -> Door:
        """What the access point leads to, as far as the register holds it."""
        bucket = self.estate.resources.get(point.bucket or "")
        if bucket is None:
            unread = {"resource_policy": Unsure(f"what {point.bucket} itself lets in is not in the register")}
            return Door(point, point.bucket or "", None, Policies(unread=unread))
        account = self.estate.accounts.get(bucket.account)
        levels, stand_ins = organization_levels(self.estate, account, self._relevant, resource=True)
        side = bucket.policies()
        beyond = replace(side, resource_control=levels, unread={**stand_ins, **side.unread})
        return Door(point, bucket.arn, bucket.account, beyond)

    def _relevant(self, policy: str) -> Policy | None:
        return concerning(self.estate.policies[policy], self.action.lower())


def strangers_who_can(asked: Permissions) -> Iterator[tuple[Stranger, Decision]]:
    """Everyone of whom no policies are held to whom the request is not denied."""
    for named in asked.strangers():
        decision = asked.of_stranger(named)
        if not isinstance(decision, Deny):
            yield named, decision


def _by_alias(estate: Estate, resource: str) -> Resource | None:
    """The access point whose alias stands where a bucket's name would."""
    asked = ALIAS.fullmatch(resource)
    points = (found for found in estate.resources.values() if asked and found.alias == asked[1])
    return next(points, None)


def identity_behind(estate: Estate, arn: str) -> tuple[Identity | None, str | None]:
    """The user or role of an ARN, and the session where the ARN is a role session's."""
    session = SESSION_ARN.fullmatch(arn)
    if session is None:
        return estate.identity(arn), None
    roles = (role for role in estate.roles.values() if role.account == session[1] and role.name == session[2])
    return next(roles, None), arn
