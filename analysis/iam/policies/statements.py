"""Policy documents, statements, and what they say of a request. Raw JSON becomes these objects once, here.

A statement that breaks the grammar is kept, with what is wrong with it: what can be read of it still narrows down which
requests it may concern, and for those nobody can say what it does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from enum import StrEnum

from ..conditions.conditions import Conditions, Test
from ..conditions.context import Context
from ..conditions.formula import ALWAYS, NEVER, Formula, Holds, Unsure, both_of
from ..conditions.patterns import ActionPatterns, Matcher, arn_glob
from ..conditions.resource_variables import covered, resolved
from ..conditions.variables import has_variable
from ..immutable import immutable
from ..once import once
from .grammar import ELEMENTS, UNCONDITIONAL, actions_of, can_match, conditions_of, distinct, principals, resources_of
from .principals import PrincipalElement

VARIABLES_SINCE = "2012-10-17"
EVERYTHING = ("*",)
VERSIONS = ("2008-10-17", VARIABLES_SINCE)


class Effect(StrEnum):
    """What a statement does with the requests it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


@immutable(slots=False)
class Statement:
    """One statement. ``number`` counts from 1 in its document.

    ``effect`` is None where it cannot be read; ``flaw`` says what breaks the grammar. ``actions`` and ``resources`` are
    None where the statement has none, as a trust policy has no resources.
    """

    number: int
    effect: Effect | None
    sid: str = ""
    principal: PrincipalElement | None = None
    actions: tuple[str, ...] | None = None
    not_actions: bool = False
    resources: tuple[str, ...] | None = None
    not_resources: bool = False
    conditions: Conditions = UNCONDITIONAL
    variables: bool = False
    flaw: str | None = None
    plain: Conditions | None = field(init=False, repr=False, compare=False)
    """Its conditions, where they are all that tells whether it applies, once its action and principal do."""

    def __post_init__(self) -> None:
        plain = self.flaw is None and self.everywhere
        object.__setattr__(self, "plain", self.conditions if plain else None)

    @once
    def action_patterns(self) -> ActionPatterns:
        """What its Action or NotAction lists."""
        return ActionPatterns.of(self.actions or ())

    @once
    def services(self) -> frozenset[str] | None:
        """The services of all actions that it concerns; None where that may be any."""
        return None if self.actions is None or self.not_actions else self.action_patterns.services

    @property
    def takes_every_action(self) -> bool:
        """Whether there is no action that it does not concern, plainly."""
        return self.actions is not None and "*" in self.actions and not self.not_actions

    @once
    def resource_matchers(self) -> tuple[Matcher, ...] | None:
        """Functions one of which is true for the ARNs that its Resource or NotResource lists.

        None where a resource has a policy variable, so that it takes a request to tell.
        """
        resources = self.resources or ()
        if self.variables and any(map(has_variable, resources)):
            return None
        return tuple(map(arn_glob, resources))

    @once
    def everywhere(self) -> bool:
        """Whether it takes in every resource, whatever the request is."""
        return self.resources is None or (self.resources == EVERYTHING and not self.not_resources)

    @once
    def unconditional(self) -> bool:
        """Whether it takes in every request whose action it concerns, but for its principal."""
        return self.plain is not None and not self.plain.tests

    @property
    def concerning(self) -> Callable[[str], bool]:
        """Whether its Action or NotAction takes in an action, given in lower case."""
        if self.actions is None:
            return self._may_concern
        return self.action_patterns.leave_out if self.not_actions else self.action_patterns.takes_in

    def _may_concern(self, _action: str) -> bool:
        return self.flaw is not None

    def concerns(self, action: str) -> bool:
        """Whether its Action or NotAction takes in the action, given in lower case."""
        return self.concerning(action)

    def covers(self, resource: str, context: Context) -> Formula:
        """Whether its Resource or NotResource takes in the resource."""
        if self.everywhere:
            return ALWAYS
        if self.resource_matchers is not None:
            for matches in self.resource_matchers:
                if matches(resource):
                    return NEVER if self.not_resources else ALWAYS
            return ALWAYS if self.not_resources else NEVER
        return covered(self.resources or (), self.not_resources, resource, context)

    def applies(self, resource: str, context: Context) -> Formula:
        """Whether it takes in a request whose action it concerns, but for its principal."""
        if self.plain is not None:
            return self.plain.hold(context)
        covered = self.covers(resource, context)
        if covered is NEVER:
            return NEVER
        held = self.conditions.hold(context) if self.conditions.tests else ALWAYS
        if self.flaw is not None:
            return NEVER if held is NEVER else Unsure(self.flaw)
        return both_of(covered, held)

    def under(self, context: Context) -> Statement | None:
        """The statement with what a context settles already taken out; None where it can match nothing under it.

        Tests that hold go, as do resources whose variable has no value; what stays open stays.
        """
        tests: list[Test] = []
        for test in self.conditions.tests:
            held = test.holds(context)
            if held is NEVER:
                return None
            if held is not ALWAYS:
                settled = held.test if isinstance(held, Holds) else test
                left = settled if isinstance(settled, Test) else test
                tests.append(replace(left, denies=test.denies) if left.variables else left)
        with_variables = self.resources is not None and self.resource_matchers is None
        narrowed = self._with_variables_of(context) if with_variables else self
        if narrowed.resources == () and not narrowed.not_resources:
            return None
        if len(tests) == len(self.conditions.tests) and tests == [*self.conditions.tests]:
            return narrowed
        if not tests and narrowed is self:
            return self._without_conditions
        return replace(narrowed, conditions=Conditions(tuple(tests)))

    @once
    def _without_conditions(self) -> Statement:
        """The same object whenever all of its tests hold."""
        return replace(self, conditions=UNCONDITIONAL)

    def __hash__(self) -> int:
        return self._hash

    @once
    def _hash(self) -> int:
        """Of what tells statements apart most, once: they are looked for again and again."""
        return hash((self.effect, self.sid, self.actions, self.resources, self.conditions))

    def _with_variables_of(self, context: Context) -> Statement:
        kept, pending = resolved(self.resources or (), self.not_resources, context)
        return replace(self, resources=kept, variables=pending)

    @property
    def says(self) -> str:
        """The statement in a line: ``Allow sts:AssumeRole on * for ec2.amazonaws.com under conditions``."""
        said = f"{self.effect or 'malformed'} {_listed(self.actions, 'all actions but ' if self.not_actions else '')}"
        if self.resources:
            said += f" on {_listed(self.resources, 'all but ' if self.not_resources else '')}"
        if self.principal:
            names = tuple(text for _, text in self.principal.entries)
            said += f" for {_listed(names, 'all but ' if self.principal.negated else '')}"
        said += (" under conditions" if self.conditions.tests else "") + (f" ({self.sid})" if self.sid else "")
        return said if self.flaw is None else f"{said}, which may not hold: {self.flaw}"


def _listed(texts: tuple[str, ...] | None, before: str = "") -> str:
    if not texts:
        return "?"
    shown = ", ".join(texts[:4])
    return f"{before}{shown}" + (f" and {len(texts) - 4} more" if len(texts) > 4 else "")


@immutable()
class Document:
    """A policy document: its statements in order. ``flaw`` where the document as a whole cannot be understood."""

    statements: tuple[Statement, ...]
    flaw: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Document:
        """From JSON text or what it decodes to. Never raises: what is wrong is in the flaws."""
        if isinstance(raw, str | bytes):
            try:
                raw = json.loads(raw, object_pairs_hook=distinct)
            except ValueError as error:
                return cls.unreadable(f"not JSON: {error}")
            except RecursionError:
                return cls.unreadable("nested too deeply")
        if not isinstance(raw, dict):
            return cls.unreadable("the document is not an object")
        version = raw.get("Version", VERSIONS[0])
        statements = raw.get("Statement")
        if isinstance(statements, dict):
            statements = [statements]
        if not isinstance(statements, list | tuple):
            return cls.unreadable("the document has no statements")
        if version not in VERSIONS:
            return cls.unreadable(f"there is no policy version {version!r}")
        variables = version == VARIABLES_SINCE
        return cls(tuple(parse_statement(item, n, variables=variables) for n, item in enumerate(statements, 1)))

    @classmethod
    def unreadable(cls, flaw: str) -> Document:
        """A document of which nothing can be said: it may allow and deny anything."""
        return cls((Statement(0, None, flaw=flaw),), flaw)


@immutable()
class Policy:
    """A document as attached: ``id`` is that of the policy, or of what it is part of (``ROLE#trust``)."""

    id: str
    document: Document

    @classmethod
    def parse(cls, raw: object, id: str = "policy") -> Policy:  # noqa: A002
        """From JSON text or what it decodes to; see ``Document.parse``."""
        return cls(id, Document.parse(raw))


@immutable(slots=False)
class Reason:
    """What a decision rests on: a statement of a policy, or a remark about one (``note``)."""

    where: str
    statement: Statement | None = None
    note: str = ""

    def __str__(self) -> str:
        return self.text

    @once
    def text(self) -> str:
        """Where it stands and what it says, in a line."""
        if self.statement is None:
            return f"{self.where}: {self.note}"
        separator = "/" if self.where.endswith("#trust") else "#"
        return f"{self.where}{separator}{self.statement.number}: {self.note or self.statement.says}"


def parse_statement(raw: object, number: int = 1, *, variables: bool = True) -> Statement:
    """One statement from JSON; what breaks the grammar becomes its ``flaw``, and the rest is read all the same."""
    if not isinstance(raw, dict):
        return Statement(number, None, flaw="the statement is not an object")
    flaws: list[str] = []
    effect = _effect(raw, flaws)
    actions, not_actions = actions_of(raw, flaws)
    resources, not_resources = resources_of(raw, flaws, variables=variables)
    principal = principals(raw, flaws)
    if principal is not None and resources is not None:
        resources = tuple(filter(can_match, resources))
    if resources is None and not flaws and raw.keys().isdisjoint(("Principal", "NotPrincipal")):
        flaws.append("the statement has no resources")  # A trust policy has none: its resource is the role.
    if not ELEMENTS.issuperset(raw):
        flaws.append(f"there is no element {next(name for name in raw if name not in ELEMENTS)!r}")
    conditions = UNCONDITIONAL if raw.get("Condition") is None else conditions_of(raw, variables, flaws)
    if effect is Effect.DENY:
        conditions = conditions.of_a_deny
    sid = raw.get("Sid", "")
    return Statement(
        number,
        effect,
        sid if isinstance(sid, str) else "",
        principal,
        actions,
        not_actions,
        resources,
        not_resources,
        conditions,
        variables,
        "; ".join(flaws) or None,
    )


_EFFECTS: Mapping[str, Effect] = {effect.value: effect for effect in Effect}


def _effect(raw: Mapping[str, object], flaws: list[str]) -> Effect | None:
    value = raw.get("Effect")
    if isinstance(value, str) and value in _EFFECTS:
        return _EFFECTS[value]
    flaws.append(f"Effect is {value!r}")
    return None
