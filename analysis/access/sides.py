"""What stands on the side of resources: their own policies and what the organization says of them.

Resources of an account that say the same of whoever is not named, each of itself, are ``Alike``. Of their own account
a resource's policy can only refuse those whom it does not name: unless it is a key's, without which nobody gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..iam.conditions.context import Context
from ..iam.conditions.formula import Formula
from ..iam.conditions.patterns import arn_glob, literal_prefix
from ..iam.estates.estate import Estate
from ..iam.estates.knowledge import RESOURCE_TAG_PREFIXES, is_personal, resource_keys
from ..iam.estates.profiles import organization_levels
from ..iam.evaluation.access_points import Door
from ..iam.evaluation.decisions import Decision
from ..iam.evaluation.evaluate import Levels, Policies
from ..iam.evaluation.request import Request
from ..iam.evaluation.resources import NOT_ASKED, Resource
from ..iam.policies.attached import Attached, AttachedByLevel
from ..iam.policies.principals import account_of
from ..iam.policies.statements import Document, Effect, Policy, Statement
from .doors import Way, decide_each_way
from .families import Family, family_of
from .parts import above, within


@dataclass(eq=False)
class Side:
    """A resource with what is on its side. ``refusing`` is that without what lets in those whom it names."""

    resource: Resource
    context: Context
    policies: Policies
    refusing: Policies
    ways: tuple[Way, ...] = ()
    """Of a bucket: the access points that lead to it."""

    @cached_property
    def behind(self) -> tuple[Statement, ...]:
        """The statements of the access points that lead to it."""
        return tuple(statement for way in self.ways for statement in way.statements)

    def led_to(self, patterns: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The patterns that confine requests to things behind its access points, each with such a thing."""
        keys = ((pattern, way.inside(pattern)) for pattern in patterns for way in self.ways)
        return ((pattern, f"{self.resource.arn}/{key}") for pattern, key in keys if key)

    def decide_each_way(self, request: Request, policies: Policies) -> Decision:
        """The decision on a request, straight or through whatever access point."""
        return decide_each_way(request, policies, self.resource, self.ways)

    @cached_property
    def telling_own(self) -> tuple[Statement, ...]:
        """Statements that may tell apart principals of its own account whose policies say the same."""
        if self.ways:
            return self.telling
        return _telling(on_side(self.refusing))

    @cached_property
    def telling(self) -> tuple[Statement, ...]:
        """Statements that may tell apart principals of another account whose policies say the same."""
        return _telling((*on_side(self.policies), *self.behind))


@dataclass(eq=False)
class Shelf:
    """The resources of one family in one account, numbered. Sets of them are masks of bits."""

    family: Family
    account: str
    sides: list[Side] = field(default_factory=list)
    limits: tuple[Statement, ...] = ()
    """The statements of resource control policies above them."""
    _matching: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """All of them."""
        return (1 << len(self.sides)) - 1

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """Those that say the same of access."""
        return self._by(said)

    @cached_property
    def tagged(self) -> tuple[int, ...]:
        """Those with the same tags."""
        return self._by(lambda side: tuple(sorted((side.resource.tags_in_requests or {"": ""}).items())))

    def members(self, mask: int) -> list[Side]:
        """The resources of a mask."""
        return [side for n, side in enumerate(self.sides) if mask >> n & 1]

    def first(self, mask: int) -> Side:
        """The first resource of a mask."""
        return self.sides[(mask & -mask).bit_length() - 1]

    def matching(self, pattern: str) -> int:
        """The resources that a pattern matches, or something in which or above which it matches."""
        if pattern not in self._matching:
            self._matching[pattern] = sum(1 << n for n in self._matched(pattern))
        return self._matching[pattern]

    def inside(self, pattern: str) -> int:
        """Those in which the pattern matches something, without matching everything there."""
        part = self.family.part
        if part is None or pattern == "*":
            return 0
        key = f"inside {pattern}"
        if key not in self._matching:
            arns = [side.resource.arn for side in self.sides]
            matches = arn_glob(pattern)
            found = (n for n, arn in enumerate(arns) if within(pattern, arn, part))
            whole = sum(1 << n for n in found if not matches(f"{arns[n]}{part.after}*"))
            led_to = (n for n, side in enumerate(self.sides) if any(way.inside(pattern) for way in side.ways))
            self._matching[key] = whole | sum(1 << n for n in led_to)
        return self._matching[key]

    def _matched(self, pattern: str) -> Iterator[int]:
        matches, prefix, part = arn_glob(pattern), literal_prefix(pattern), self.family.part
        for n, side in enumerate(self.sides):
            arn = side.resource.arn
            if side.ways and any(way.matches(pattern) for way in side.ways):
                yield n
                continue
            if not (arn.startswith(prefix) or prefix.startswith(arn)) and self.family.kind != "Parameter":
                continue
            within_it = part is not None and within(pattern, arn, part)
            below = self.family.kind == "Parameter" and any(map(matches, above(arn)))
            if matches(arn) or within_it or below:
                yield n

    def _by(self, key: Callable[[Side], Hashable]) -> tuple[int, ...]:
        found: dict[Hashable, int] = {}
        for n, side in enumerate(self.sides):
            said_of_it = key(side)
            found[said_of_it] = found.get(said_of_it, 0) | 1 << n
        return tuple(found.values())


def shelves(estate: Estate, family: Family) -> Iterator[Shelf]:
    """The resources of a family, account by account."""
    found: dict[str, list[Resource]] = {}
    asked = (resource for resource in estate.resources.values() if resource.unread != NOT_ASKED)
    for resource in asked:
        if resource.kind == family.kind and family_of(resource.kind, resource.arn) is family:
            found.setdefault(resource.account, []).append(resource)
    points = _points(estate) if family.kind == "Bucket" else {}
    for account, resources in found.items():
        levels, unread = _limits(estate, account, family)
        sides = [_side(estate, resource, levels, unread) for resource in resources]
        for side in sides:
            side.ways = tuple(_way(estate, point, side, family) for point in points.get(side.resource.arn, ()))
        limits = (s for _, attached in levels for policy in attached for s in policy.document.statements)
        yield Shelf(family, account, sides, tuple(limits))


def _limits(estate: Estate, account: str, family: Family) -> tuple[Levels, dict[str, Formula]]:
    """The resource control policies above an account, what merely allows left out: it says nothing."""

    def refusing(policy: str) -> Policy | None:
        document = estate.policies[policy].document
        return _cut(policy, [s for s in document.statements if s.effect is not Effect.ALLOW and family.concerned(s)])

    levels, unread = organization_levels(estate, estate.accounts.get(account), refusing, resource=True)
    return AttachedByLevel((node, Attached(attached)) for node, attached in levels if attached), unread


def _side(estate: Estate, resource: Resource, levels: Levels, unread: dict[str, Formula]) -> Side:
    tags = resource.tags_in_requests
    known = resource_keys(estate.accounts.get(resource.account), tags)
    context = Context(known, closed_prefixes=() if tags is None else RESOURCE_TAG_PREFIXES)
    own = resource.policies()
    attached = Attached(own.resource)
    whole = replace(own, resource=attached, resource_control=levels, unread={**unread, **own.unread})
    if resource.guarded:
        return Side(resource, context, whole, whole)
    left = (_cut(p.id, [s for s in p.document.statements if s.effect is not Effect.ALLOW]) for p in attached)
    return Side(resource, context, whole, replace(whole, resource=Attached(policy for policy in left if policy)))


def _points(estate: Estate) -> dict[str, list[Resource]]:
    """The access points, by the bucket that they lead to."""
    found: dict[str, list[Resource]] = {}
    for resource in estate.resources.values():
        if resource.kind == "AccessPoint" and resource.bucket:
            found.setdefault(resource.bucket, []).append(resource)
    return found


def _way(estate: Estate, point: Resource, side: Side, family: Family) -> Way:
    levels, unread = _limits(estate, point.account, family)
    own = point.policies()
    applied = replace(own, resource=Attached(own.resource), resource_control=levels, unread={**unread, **own.unread})
    door = Door(point, side.resource.arn, side.resource.account, side.policies)
    return Way(door, applied, not point.is_restricted)


def _cut(policy: str, statements: Sequence[Statement]) -> Policy | None:
    return Policy(policy, Document(tuple(statements))) if statements else None


def on_side(policies: Policies) -> Iterator[Statement]:
    """The statements on the side of a resource."""
    limits = (policy for _, attached in policies.resource_control for policy in attached)
    return (s for policy in (*policies.resource, *limits) for s in policy.document.statements)


def said(side: Side) -> str:
    """All that a resource says of those whom it does not let in by name, in terms of itself."""
    statements = [repr(s) for s in on_side(side.refusing)]
    statements += [f"{way.arn} {[*way.statements]} {way.side.unread}" for way in side.ways]
    text = f"{statements} {side.resource.unread} {side.resource.access_points_unread}"
    tags = sorted((side.resource.tags or {}).items()) if "resourcetag" in text.lower() else ()
    return f"{text} {tags}".replace(side.resource.arn, "{itself}")


def _telling(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(s for s in statements if is_personal(s) or _names_some(s))


def _names_some(statement: Statement) -> bool:
    """Whether the statement names some of an account."""
    principal = statement.principal
    if principal is None:
        return False
    named = (text for kind, text in principal.entries if kind == "AWS" and text != "*")
    return any(account_of(text, "aws") is None for text in named) or principal.negated
