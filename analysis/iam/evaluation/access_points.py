"""Requests through an S3 access point: its own policy and its bucket's must both let them in.

The access point is evaluated as any resource is. The bucket then has to permit the same thing: by its policy, which may
delegate to access points (``s3:DataAccessPointArn``, ``s3:DataAccessPointAccount``), or, to callers of its own account,
by what their policies allow on the bucket itself. A Deny on either counts.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..conditions.context import Context
from ..conditions.formula import NEVER, Formula, all_of, any_of
from .evaluate import (
    Policies,
    Weighed,
    both,
    boundary,
    endpoint,
    explicit_deny,
    identity,
    rcp,
    resource_policy,
    scp,
    session,
    weigh,
)
from .request import Request
from .resources import Resource

THROUGH = re.compile(r"(arn:[\w-]+:s3:[\w-]+:(\d{12}):accesspoint/[^/]+)(?:/object/(.+))?", re.DOTALL)
"""What is asked through an access point, or of one: its ARN, its account, and the key of an object."""

ALIAS = re.compile(r"arn:[\w-]+:s3:::([^/]+-s3alias)(?:/(.+))?", re.DOTALL)
"""The same by the access point's alias, which stands where a bucket's name would; policies never name it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
"""


KEYS = ("s3:dataaccesspointarn", "s3:dataaccesspointaccount", "s3:accesspointnetworkorigin")
"""The condition keys, in lower case, that only requests through an access point have."""


@dataclass(frozen=True)
class Door:
    """An access point and what it leads to. ``beyond`` is what applies on the side of the bucket."""

    point: Resource
    bucket: str
    bucket_account: str | None
    beyond: Policies

    @property
    def keys(self) -> Mapping[str, str]:
        """The condition keys of every request that comes through it."""
        origin = "VPC" if self.point.vpc else "Internet"
        return dict(zip(KEYS, (self.point.arn, self.point.account, origin), strict=True))

    def weigh(self, request: Request, policies: Policies) -> Weighed:
        """When a request for the access point or an object behind it is let through.

        ``policies`` are the caller's own, and the organization's policies on the access point's account.
        """
        attached = tuple(self.point.attached())
        first = weigh(self._at(request), replace(policies, resource=attached))
        return first if first.explicit else both(first, self._beyond(self.behind(request), policies))

    def behind(self, request: Request) -> Request:
        """The same request as the bucket sees it."""
        key = _key(request)
        inner = f"{self.bucket}/{key}" if key else self.bucket
        return replace(request, resource=inner, resource_account=self.bucket_account, context=self._known(request))

    def _at(self, request: Request) -> Request:
        key = _key(request)
        outer = f"{self.point.arn}/object/{key}" if key else self.point.arn
        return replace(request, resource=outer, resource_account=self.point.account, context=self._known(request))

    def _known(self, request: Request) -> Context:
        return request.context.over(Context.of(self.keys))

    def _beyond(self, request: Request, own: Policies) -> Weighed:
        """Whether the bucket permits it."""
        side = self.beyond
        unread = {stage: stand_in for stage, stand_in in own.unread.items() if stage not in ("resource_policy", "rcp")}
        policies = replace(own, resource=side.resource, resource_control=side.resource_control, guarded=False)
        policies = replace(policies, unread={**unread, **side.unread})
        refused = explicit_deny(request, policies)
        if refused.passes is NEVER:
            return Weighed(NEVER, refused.because, explicit=True)
        let_in = resource_policy(request, policies)
        ways: list[Formula] = [let_in.admission.any]
        because = [*refused.because, *let_in.because]
        if request.caller.account == request.resource_account and request.caller.governed:
            found = [stage(request, policies) for stage in (scp, boundary, session, identity)]
            ways.append(all_of(one.passes for one in found))
            because += [reason for one in found for reason in one.because]
        limits = (refused.passes, rcp(request, policies).passes, endpoint(request, policies).passes)
        return Weighed(all_of((*limits, any_of(ways))), tuple(because), denies=refused)


def _key(request: Request) -> str | None:
    """The key of the object that is asked about."""
    found = THROUGH.fullmatch(request.resource) or ALIAS.fullmatch(request.resource)
    return found.groups()[-1] if found else None
