"""Requests for a bucket that come through its access points.

A bucket's policy may leave it to access points whom they let in (``s3:DataAccessPointAccount``), or refuse whatever
comes past them. So a request is decided as it comes straight, through each access point of the register, and through
one that the register does not hold: of other accounts it may lack some, of the bucket's own it has them all, unless
they could not be listed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..iam.conditions.comparisons import Operator
from ..iam.conditions.conditions import Test
from ..iam.conditions.context import Context
from ..iam.conditions.contradictions import simplify
from ..iam.conditions.formula import ALWAYS, NEVER, All, Formula, Holds, Some, all_of, any_of, settled
from ..iam.conditions.patterns import arn_glob
from ..iam.evaluation.access_points import KEYS, Door
from ..iam.evaluation.decisions import Decision
from ..iam.evaluation.evaluate import Policies, Weighed, conclude, weigh
from ..iam.evaluation.request import Request
from ..iam.evaluation.resources import Resource
from ..iam.policies.statements import Statement
from .families import Family, Mask, Part
from .parts import ANY_PART, within

OBJECTS = Part("/object/", "object", plain=False)
"""What is behind an access point."""

STRAIGHT = Context(dict.fromkeys(KEYS))
"""What is known of a request that comes through none."""


@dataclass(frozen=True, eq=False)
class Way:
    """An access point to a bucket. ``side`` is what applies on the side of the access point, ``open_to_all`` whether
    its policy may let in anyone at all."""

    door: Door
    side: Policies
    open_to_all: bool = True

    @property
    def arn(self) -> str:
        """That of the access point."""
        return self.door.point.arn

    @property
    def statements(self) -> Iterator[Statement]:
        """What the access point says."""
        return (s for policy in self.side.resource for s in policy.document.statements)

    def matches(self, pattern: str) -> bool:
        """Whether a pattern takes in the access point or something behind it."""
        return bool(arn_glob(pattern)(self.arn)) or within(pattern, self.arn, OBJECTS) is not None

    def inside(self, pattern: str) -> str | None:
        """The key of an object behind it that a pattern takes in, without taking in all of them; None of no such."""
        found = within(pattern, self.arn, OBJECTS)
        if found is None or arn_glob(pattern)(f"{self.arn}{OBJECTS.after}{ANY_PART}"):
            return None
        return found.removeprefix(f"{self.arn}{OBJECTS.after}")

    def weigh(self, request: Request, policies: Policies) -> Weighed:
        """When a request for the bucket, or for something in it, is let through by way of here."""
        key = request.resource.removeprefix(self.door.bucket).removeprefix("/")
        outer = f"{self.arn}{OBJECTS.after}{key}" if key else self.arn
        beside = {stage: doubt for stage, doubt in policies.unread.items() if stage not in ("resource_policy", "rcp")}
        own = replace(
            policies, resource_control=self.side.resource_control, guarded=False, unread={**beside, **self.side.unread}
        )
        return self.door.weigh(replace(request, resource=outer), own)


def regarding(statements: Iterable[Statement]) -> bool:
    """Whether any of them tells requests through access points from others."""
    return any(test.key.lower() in KEYS for s in statements for test in s.conditions.tests)


def passing(family: Family) -> Mask:
    """The actions that can be taken through an access point, by the types of resource that AWS documents for each.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html
    """
    named = (a.name.lower() for a in family.actions if any(t.startswith("accesspoint") for t in a.resource_types))
    return family.mask([*named, "s3:listbucketmultipartuploads"])


def decide_each_way(request: Request, policies: Policies, bucket: Resource, ways: Iterable[Way]) -> Decision:
    """The decision on a request for a bucket, however it may come."""
    straight = weigh(replace(request, context=STRAIGHT.over(request.context)), policies)
    anyone = request.caller.account == "*"
    open_ways = (way for way in ways if way.open_to_all or not anyone)
    found = [straight, *(way.weigh(request, policies) for way in open_ways), _elsewhere(request, policies, bucket)]
    best = next((one for one in found if one.formula is ALWAYS), None)
    left = [one for one in found if one.formula is not NEVER] if best is None else [best]
    because = tuple(dict.fromkeys(reason for one in left for reason in one.because))
    return conclude(any_of(one.formula for one in left), because)


def _elsewhere(request: Request, policies: Policies, bucket: Resource) -> Weighed:
    """When it is let through by way of an access point that the register does not hold."""
    through = weigh(request, policies)
    if not _regards(through.formula):
        return Weighed(NEVER, ())
    formula = all_of((through.formula, *_not_of_its_own(bucket)))
    return Weighed(NEVER, ()) if simplify(settled(formula, ALWAYS)) is NEVER else replace(through, formula=formula)


def _not_of_its_own(bucket: Resource) -> Iterator[Formula]:
    """That the access point is none of the bucket's account, all of which are known. It is in the bucket's region."""
    if bucket.access_points_unread is None and bucket.region:
        own = f"arn:{bucket.partition}:s3:{bucket.region}:{bucket.account}:accesspoint/*"
        yield Holds(Test(Operator.STRING_NOT_EQUALS, "s3:DataAccessPointAccount", (bucket.account,)))
        yield Holds(Test(Operator.ARN_NOT_LIKE, "s3:DataAccessPointArn", (own,)))


def _regards(formula: Formula) -> bool:
    if isinstance(formula, All | Some):
        return any(map(_regards, formula.parts))
    return isinstance(formula, Holds) and isinstance(formula.test, Test) and formula.test.key.lower() in KEYS
