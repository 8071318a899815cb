"""Policies cut down to one question, and brought into one form, so that equal meanings compare equal.

The question is always about roles: may this principal assume them? Resource patterns that no role can match go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from ..conditions.context import Context
from ..conditions.patterns import ARN_SEGMENTS, complete, covers, glob, is_literal, literal_prefix
from .statements import EVERYTHING, Document, Effect, Policy, Statement

ASSUME_ROLE = "sts:AssumeRole"
ACTIONS = (ASSUME_ROLE,)

Canonical: TypeAlias = tuple[Statement, ...]


def concerning(policy: Policy, action: str) -> Policy | None:
    """The policy cut down to the statements that concern the action; None where there are none."""
    kept = tuple(statement for statement in policy.document.statements if statement.concerns(action))
    return Policy(policy.id, Document(kept)) if kept else None


def narrowed(policies: Iterable[Policy], context: Context) -> tuple[Policy, ...]:
    """The policies with all taken out that the context settles, and without those of which nothing is left."""
    return tuple(_narrowed(policies, context))


def _narrowed(policies: Iterable[Policy], context: Context) -> Iterator[Policy]:
    for policy in policies:
        statements = policy.document.statements
        kept = tuple(left for statement in statements if (left := statement.under(context)) is not None)
        if len(kept) == len(statements) and all(a is b for a, b in zip(kept, statements, strict=True)):
            yield policy
        elif kept:
            yield Policy(policy.id, Document(kept))


def canonical(policies: Iterable[Policy]) -> Canonical:
    """The statements in one order, each once; unconditional ones of one effect are joined into one."""
    plain: dict[Effect, list[str]] = {}
    special: dict[str, Statement] = {}
    for policy in policies:
        for statement in policy.document.statements:
            if statement.effect is not None and is_plain(statement):
                plain.setdefault(statement.effect, []).extend(statement.resources or ("*",))
            else:
                special[repr(spelled(statement))] = statement
    joined = [(effect, patterns) for effect, texts in sorted(plain.items()) if (patterns := minimal(texts))]
    rest = [special[key] for key in sorted(special)]
    if (Effect.ALLOW, EVERYTHING) in joined:
        rest = [s for s in rest if s.effect is not Effect.ALLOW]
    of_patterns = (_plain(n, effect, patterns) for n, (effect, patterns) in enumerate(joined, 1))
    return (*of_patterns, *(_anonymous(n, s) for n, s in enumerate(rest, len(joined) + 1)))


def spelled(statement: Statement) -> object:
    """All that tells one statement from another in what it says, but for its actions."""
    resources = None if statement.resources is None else sorted(statement.resources)
    tests = sorted(repr(test) for test in statement.conditions.tests)
    return [str(statement.effect), statement.not_resources, resources, tests, statement.flaw]


def unrestricting(statements: Canonical) -> bool:
    """Whether they allow everything and deny nothing."""
    return len(statements) == 1 and statements[0].effect is Effect.ALLOW and statements[0].resources == ("*",)


def is_plain(statement: Statement) -> bool:
    """Whether it says nothing but what its effect is on which resources."""
    return (
        not statement.not_resources
        and not statement.conditions.tests
        and statement.flaw is None
        and statement.resource_matchers is not None
        and statement.principal is None
    )


def _anonymous(number: int, statement: Statement) -> Statement:
    return replace(statement, number=number, sid="", actions=ACTIONS, not_actions=False)


def _plain(number: int, effect: Effect, patterns: tuple[str, ...]) -> Statement:
    return Statement(number, effect, actions=ACTIONS, resources=patterns)


def minimal(texts: Iterable[str]) -> tuple[str, ...]:
    """The patterns that can match a role, sorted, none covered by another; ``*`` for one that takes in every role."""
    kept = sorted({text for text in texts if can_match_role(text)})
    if any(takes_in_every_role(text) for text in kept):
        return ("*",)
    wide = [text for text in kept if not is_literal(text)]
    return tuple(text for text in kept if not any(other != text and arn_covers(other, text) for other in wide))


def takes_in_every_role(pattern: str) -> bool:
    """Whether the pattern matches every role of its partition."""
    if pattern == "*":
        return True
    partition, service, region, account, resource = complete(pattern.split(":", ARN_SEGMENTS - 1))[1:]
    return bool(
        partition and glob(service)("iam") and glob(region)("") and account == "*" and covers(resource, "role/*")
    )


def can_match_role(pattern: str) -> bool:
    """Whether the pattern matches the ARN of any role that could be."""
    if pattern == "*":
        return True
    arn, _, service, region, _, resource = complete(pattern.split(":", ARN_SEGMENTS - 1))
    prefix = literal_prefix(resource)
    named = prefix.startswith("role/") if len(prefix) >= 5 else "role/".startswith(prefix) and prefix != resource
    return bool(arn == "arn" and glob(service)("iam") and glob(region)("") and named)


def arn_covers(wider: str, narrower: str) -> bool:
    """Whether every ARN that matches ``narrower`` matches ``wider``; false where that is not plain to see."""
    pairs = zip(complete(wider.split(":", 5)), complete(narrower.split(":", 5)), strict=True)
    return narrower != "*" and all(covers(w, n) for w, n in pairs)
