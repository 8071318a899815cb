"""Questions about many requests at once: wildcards in an action or in a resource.

Such a question asks who may make at least one of the requests. It comes down to *samples*, single requests that stand
for all of which policies say the same: the documented actions in classes, by the statements that concern them; each on
a resource that no policy singles out, on those that the patterns of policies do, and on every resource of the estate
that says something itself. Whoever may make those that stand for the whole is allowed; whoever may make others of them
is so under the condition that it is one of those.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from ..conditions.context import Context
from ..conditions.intersections import common, example
from ..conditions.patterns import covers, glob, is_literal, literal_prefix
from ..conditions.variables import Unresolved, has_variable, substitute, widest
from ..estates.estate import Account, Estate, Identity
from ..estates.knowledge import personal_context
from ..estates.permissions import ASSUMING
from ..estates.profiles import Profiler
from ..evaluation.exemptions import SINGULAR
from ..evaluation.resources import Resource
from ..evaluation.services import WITHIN_ACCOUNT, service_of
from ..once import once
from ..policies.actions import actions, formats, matching
from ..policies.statements import Effect, Policy, Statement
from .vocabulary import Vocabulary

LIMIT = 2_000
"""More samples than these, and nobody could read the answer."""

_PLACED = 5
"""Colons before the part of an ARN that names something in its place."""

_INSIDE = ("", "/*", ":*")
"""What may follow the ARN of a resource in those of the things that are in it."""


class TooMany(ValueError):
    """The requests differ in too many ways."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request that stands for others: for the actions of ``names`` on the resources of ``patterns``.

    Either is empty where it stands for all that is asked of them. Together, those that are ``whole`` stand for
    everything. ``refused``: a Deny singles it out. ``holder`` is the only principal that it is about: its name or tags
    are in the resource.
    """

    action: str
    resource: str
    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    whole: bool = False
    refused: bool = False
    holder: str | None = None


@dataclass
class Range:
    """The requests for all actions that a pattern matches on all resources that a pattern matches.

    ValueError where no documented action matches, TooMany (one too) where more than ``LIMIT`` samples are needed.
    """

    estate: Estate
    action: str
    resource: str = "*"

    @property
    def single(self) -> bool:
        """Whether it is one request: nothing in it is a wildcard, or its action is about no resource."""
        return is_literal(self.action) and (is_literal(self.resource) or self._targets(self.action) == ["*"])

    def samples(self) -> Sequence[Sample]:
        """The requests that stand for all of them, each once."""
        return self._samples

    @once
    def _samples(self) -> Sequence[Sample]:
        found: dict[Sample, None] = {}
        classes = list(self._classes())
        for names in classes:
            for sample in self._of(names[0], () if len(classes) == 1 else names):
                found[sample] = None
                self._check(len(found), "requests")
        return list(found)

    def personal(self) -> Iterator[Sample]:
        """Those on resources that a principal's name or tags are in, by policy variables, each once."""
        classes = [(names, self._targets(names[0])) for names in self._classes()]
        beside = [statement for statement in self._beside if _variable_patterns(statement)]
        for identity in (*self.estate.users.values(), *self.estate.roles.values()):
            account = self.estate.accounts.get(identity.account)
            statements = (*self._applying(identity, account), *beside)
            if not statements:
                continue
            context = personal_context(identity, account)
            for names, targets in classes:
                concerned = [statement for statement in statements if statement.concerns(names[0].lower())]
                for resource, pattern, refused in dict.fromkeys(self._put(concerned, context, targets)):
                    told = () if len(classes) == 1 else names
                    yield Sample(names[0], resource, told, (pattern,), refused=refused, holder=identity.arn)

    def _check(self, number: int, what: str) -> None:
        if number > LIMIT:
            raise TooMany(f"{self.action} on {self.resource} comes to more than {LIMIT} kinds of {what}")

    def _classes(self) -> Iterator[tuple[str, ...]]:
        """The actions, those together that the same statements concern and that are about the same resources."""
        if is_literal(self.action):
            yield (self.action,)
            return
        names = sorted(matching(self.action))
        if not names:
            raise ValueError(f"AWS documents no action that {self.action} matches")
        classes: dict[Hashable, list[str]] = defaultdict(list)
        for name in names:
            alone = name if name in SINGULAR else name in WITHIN_ACCOUNT
            concerned = (self._vocabulary.concerned(name) & self._touching).serialize()
            classes[service_of(name), formats(name), concerned, alone].append(actions()[name].name)
            self._check(len(classes), "actions")
        yield from map(tuple, classes.values())

    def _targets(self, action: str) -> list[str]:
        """Patterns of what is asked about that the action can be about."""
        if is_literal(self.resource):
            return [self.resource]
        found = (
            shared
            for kind in formats(action.lower())
            for shared in common(self.resource, kind)
            if glob(kind.replace("*", "?*"))(example(shared, self._partition))
        )
        return list(dict.fromkeys(found)) or [self.resource]

    def _of(self, action: str, names: tuple[str, ...]) -> Iterator[Sample]:
        targets = self._targets(action)
        for target in targets:
            general = example(target, self._partition)
            yield Sample(action, general, names, () if len(targets) == 1 else (target,), whole=True)
            if is_literal(target) or target == "*":
                continue
            for pattern, refused in self._singled_out(action, target):
                resource = example(pattern, self._partition)
                if resource != general:
                    yield Sample(action, resource, names, (pattern,), refused=refused)
            for resource, alike in self._own(action, target):
                if resource != general:
                    yield Sample(action, resource, names, alike)

    def _singled_out(self, action: str, target: str) -> Iterator[tuple[str, bool]]:
        """What of the target the patterns of policies single out, and whether a Deny does.

        What a policy that only limits, a boundary or an SCP, has in common with another is singled out by both.
        """
        found: dict[str, bool] = {}
        limits: dict[str, None] = {}
        for number in self._vocabulary.concerned(action.lower()) & self._touching:
            statement = self._vocabulary.statements[number]
            for pattern in statement.resources or ():
                if (has_variable(pattern) and statement.variables) or covers(pattern, target):
                    continue
                for shared in common(pattern, target):
                    found[shared] = found.get(shared, False) or _refuses(statement)
                    if number in self._limiting:
                        limits[shared] = None
        for limit in limits:
            for pattern in list(found):
                for both in common(limit, pattern):
                    found.setdefault(both, found[limit] or found[pattern])
            self._check(len(found), "resources")
        yield from found.items()

    def _own(self, action: str, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Requests about resources that say something themselves; one for all that say the same, with their ARNs.

        Nor may a pattern tell them apart: what takes in a part of a resource makes a request of its own.
        """
        patterns = self._wild(action, target)
        alike: dict[Hashable, list[str]] = defaultdict(list)
        for arn, said in self._speaking(action):
            shared = next(filter(None, (common(arn + inside, target) for inside in _INSIDE)), ())
            near = [p for p in patterns if _may_be_in(arn, p)]
            for pattern in dict.fromkeys((*shared, *(both for p in near for own in shared for both in common(p, own)))):
                taken = tuple(p for p in near if covers(p, pattern))
                alike[said, pattern.replace(arn, "{itself}"), taken].append(pattern)
        for found in alike.values():
            yield example(found[0], self._partition), tuple(dict.fromkeys(found))

    def _speaking(self, action: str) -> Iterator[tuple[str, Hashable]]:
        """The resources that let somebody in or keep somebody out, with what they say; roles, by their trust."""
        if action.lower() in ASSUMING:
            for role in self.estate.roles.values():
                if role.trust is not None:
                    tags = None if role.tags is None else tuple(sorted(role.tags.items()))
                    yield role.arn, (role.account, repr(role.trust.document).replace(role.arn, "{itself}"), tags)
            return
        for resource in self._resources.get(service_of(action), ()):
            yield resource.arn, _said(resource)

    def _wild(self, action: str, target: str) -> list[str]:
        """The patterns with wildcards of policies about the action that take in a part of the target."""
        concerned = self._vocabulary.concerned(action.lower()) & self._touching
        statements = (self._vocabulary.statements[number] for number in concerned)
        patterns = dict.fromkeys(pattern for s in statements for pattern in s.resources or ())
        return [p for p in patterns if not is_literal(p) and not covers(p, target)]

    def _put(
        self, statements: Iterable[Statement], context: Context, targets: Iterable[str]
    ) -> Iterator[tuple[str, str, bool]]:
        """What of the targets patterns with policy variables stand for, an example of it, and whether it is refused."""
        for statement in statements:
            for pattern in _variable_patterns(statement):
                try:
                    put = substitute(pattern, context)
                except Unresolved as missing:
                    if missing.absent:
                        continue
                    put = widest(pattern, context)
                for shared in (shared for target in targets for shared in common(put, target)):
                    yield example(shared, self._partition), shared, _refuses(statement)

    def _applying(self, identity: Identity, account: Account | None) -> Iterator[Statement]:
        """The statements with policy variables in all policies that apply to a user or role, as they are written."""
        scps = (id_ for level in (account.levels if account else ()) for id_ in level.service_control)
        for id_ in (*self._profiler.held(identity), *scps):
            yield from self._with_variables.get(id_, ())

    @once
    def _with_variables(self) -> Mapping[str, Sequence[Statement]]:
        """The statements with policy variables among their resources, of each policy that has some."""
        found = (
            (id_, [s for s in policy.document.statements if _variable_patterns(s)])
            for id_, policy in self.estate.policies.items()
        )
        return {id_: statements for id_, statements in found if statements}

    @once
    def _profiler(self) -> Profiler:
        return Profiler(self.estate, self.action.lower())

    @once
    def _vocabulary(self) -> Vocabulary:
        """The statements of all policies, and of the resources that are asked about."""
        vocabulary = Vocabulary()
        for policy in (*self.estate.policies.values(), *self._attached):
            vocabulary.document(policy.document)
        return vocabulary

    @once
    def _touching(self) -> BitMap:
        """The statements that take in, or leave out, something of what is asked about."""
        asked = self.resource
        return BitMap(
            number
            for number, statement in enumerate(self._vocabulary.statements)
            if statement.resources is None or any(_may_meet(pattern, asked) for pattern in statement.resources)
        )

    @once
    def _limiting(self) -> BitMap:
        """The statements of boundaries and of the organization's policies."""
        identities = (*self.estate.users.values(), *self.estate.roles.values())
        levels = [level for account in self.estate.accounts.values() for level in account.levels]
        ids = {identity.boundary for identity in identities if identity.boundary is not None}
        ids.update(id_ for level in levels for id_ in (*level.service_control, *level.resource_control))
        documents = (self.estate.policies[id_].document for id_ in ids if id_ in self.estate.policies)
        numbers = (self._vocabulary.document(document) for document in documents)
        return BitMap(statement for number in numbers for statement in self._vocabulary.contents[number])

    @once
    def _resources(self) -> Mapping[str, Sequence[Resource]]:
        """Resources that let somebody in or keep somebody out, by their service."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.estate.resources.values():
            own = resource.policies()
            if own.resource or own.unread:
                found[resource.arn.split(":")[2]].append(resource)
        return found

    @once
    def _attached(self) -> list[Policy]:
        return [policy for some in self._resources.values() for each in some for policy in each.policies().resource]

    @once
    def _beside(self) -> list[Statement]:
        return [statement for policy in self._attached for statement in policy.document.statements]

    @once
    def _partition(self) -> str:
        return next((account.partition for account in self.estate.accounts.values()), "aws")


def _said(resource: Resource) -> Hashable:
    """What a resource says, in terms of itself."""
    own = resource.policies()
    said = [repr((policy.document, resource.guarded)) for policy in own.resource]
    return resource.account, f"{said} {own.unread} {resource.tags_in_requests}".replace(resource.arn, "{itself}")


def _may_be_in(arn: str, pattern: str) -> bool:
    """Whether what is in a resource may match the pattern: a first, cheap look."""
    prefix = literal_prefix(pattern)
    return arn.startswith(prefix) or prefix.startswith(arn) or prefix.count(":") < _PLACED


def _refuses(statement: Statement) -> bool:
    """Whether it is a Deny on the side of principals. Those of single resources say nothing of the rest."""
    return statement.effect is Effect.DENY and statement.principal is None


def _may_meet(pattern: str, asked: str) -> bool:
    return asked == "*" or has_variable(pattern) or bool(common(pattern, asked))


def _variable_patterns(statement: Statement) -> list[str]:
    return [text for text in statement.resources or () if has_variable(text)] if statement.variables else []
