"""What policies grant: their statements, with the text that stands in the policy and the actions it comes to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from ..iam.conditions.patterns import is_literal
from ..iam.policies.actions import actions, matching
from ..iam.policies.statements import VERSIONS, Document, Effect, Statement


class Breadth(StrEnum):
    """Why a grant is wider than it need be."""

    ADMIN = "admin grant"
    """Every action on every resource."""
    WILDCARD = "wildcard grant"
    """Every action of a service."""
    NOT_ACTION = "grant of all actions but some"
    NOT_RESOURCE = "grant on all resources but some"


@dataclass(frozen=True, slots=True)
class Grant:
    """One statement of one policy: as it stands (``raw``), and as it is understood."""

    policy: str
    version: str
    raw: Mapping[str, Any]
    statement: Statement

    @property
    def id(self) -> str:
        """The statement's id: ``POLICY#N``."""
        return f"{self.policy}#{self.statement.number}"

    @property
    def allows(self) -> bool:
        """Whether it is an Allow that can be understood."""
        return self.statement.effect is Effect.ALLOW and self.statement.flaw is None

    @property
    def forbids_everywhere(self) -> bool:
        """Whether it is a Deny without condition on every resource."""
        statement = self.statement
        everywhere = "*" in (statement.resources or ()) and not statement.not_resources
        return (
            statement.effect is Effect.DENY and statement.flaw is None and everywhere and not statement.conditions.tests
        )

    @property
    def breadth(self) -> Iterator[Breadth]:
        """In which ways it is wide, if it allows."""
        if not self.allows:
            return
        patterns = self.statement.actions or ()
        everywhere = "*" in (self.statement.resources or ()) and not self.statement.not_resources
        if self.statement.not_actions:
            yield Breadth.NOT_ACTION
        elif any(pattern.strip("*") in ("", ":") for pattern in patterns):
            yield Breadth.ADMIN if everywhere else Breadth.WILDCARD
        elif any(":" in pattern and pattern.rstrip("*").endswith(":") for pattern in patterns):
            yield Breadth.WILDCARD
        if self.statement.not_resources:
            yield Breadth.NOT_RESOURCE

    def actions(self) -> frozenset[str]:
        """The actions it takes in, in lower case: documented ones, and those that it names itself."""
        return covered(self.statement)


@dataclass(frozen=True)
class Holding:
    """The policies of a principal: statements in order, and policies that could not be understood, with the reason."""

    grants: tuple[Grant, ...]
    unreadable: Mapping[str, str]

    @classmethod
    def of(cls, documents: Mapping[str, str | None]) -> Holding:
        """From documents as JSON text, by policy; None where a document was never read."""
        grants: list[Grant] = []
        unreadable: dict[str, str] = {}
        for policy, text in documents.items():
            document = Document.unreadable("it was not read") if text is None else Document.parse(text)
            if document.flaw is not None or text is None:
                unreadable[policy] = str(document.flaw)
                continue
            grants += _grants(policy, json.loads(text), document)
        return cls(tuple(grants), unreadable)

    @cached_property
    def granted(self) -> Mapping[str, list[Grant]]:
        """The statements that grant each action, by its name in lower case; not what is denied everywhere."""
        denied = frozenset[str]().union(*(grant.actions() for grant in self.grants if grant.forbids_everywhere))
        found: dict[str, list[Grant]] = {}
        for grant in self.grants:
            if grant.allows:
                for action in grant.actions() - denied:
                    found.setdefault(action, []).append(grant)
        return found


def by_service(granted: Iterable[str]) -> dict[str, list[str]]:
    """Actions by their service's prefix, sorted."""
    found: dict[str, list[str]] = {}
    for action in sorted(granted):
        found.setdefault(action.partition(":")[0], []).append(action)
    return found


def written(action: str) -> str:
    """An action in lower case as AWS writes it."""
    known = actions().get(action)
    return known.name if known else action


def covered(statement: Statement) -> frozenset[str]:
    """The actions that a statement's Action or NotAction takes in."""
    patterns = tuple(pattern.lower() for pattern in statement.actions or ())
    documented = frozenset[str]().union(*map(matching, patterns))
    if statement.not_actions:
        return frozenset(actions()) - documented
    return documented | {pattern for pattern in patterns if is_literal(pattern) and ":" in pattern}


def _grants(policy: str, raw: Mapping[str, Any], document: Document) -> Iterator[Grant]:
    version = str(raw.get("Version", VERSIONS[0]))
    listed = raw["Statement"]
    statements = [listed] if isinstance(listed, Mapping) else listed
    for stated, statement in zip(statements, document.statements, strict=True):
        yield Grant(policy, version, stated if isinstance(stated, Mapping) else {}, statement)
