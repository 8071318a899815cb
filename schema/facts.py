"""What a source states: nodes and relationships, not yet in any database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import TypeAlias

import orjson

from .identifiers import ScopeId

Value: TypeAlias = str | int | float | bool | Sequence[str]
Properties: TypeAlias = Mapping[str, Value | None]


class Ownership(StrEnum):
    """Whose listing decides that a node exists."""

    SCOPE = "scope"
    """The scope that lists it: gone from a complete listing means gone."""
    SHARED = "shared"
    """No single scope: several may state it (an AWS managed policy), and it goes when nothing refers to it."""
    REFERENCE = "reference"
    """Only named by others (a trusted principal of an account that is not read): made if absent, never altered,
    and it goes when nothing refers to it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One asset. ``properties`` holds declared fields of its kind other than ``id``; None means absent."""

    kind: str
    id: str
    properties: Properties = field(default_factory=dict)
    ownership: Ownership = Ownership.SCOPE


@dataclass(frozen=True, slots=True)
class Edge:
    """One relationship. ``key`` tells apart several of one type between the same two nodes.

    Both ends must exist, be listed beside it, or be listed as references: a relationship is never dropped in silence.
    """

    type: str
    start: str
    end: str
    properties: Properties = field(default_factory=dict)
    key: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same relationship from one run to the next."""
        return (self.type, self.start, self.end, self.key)


class Status(StrEnum):
    """How completely a scope was read."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    """Some calls answered, some did not."""
    DENIED = "denied"
    """Every call was refused for want of rights."""
    FAILED = "failed"
    """The network, the service or the credentials failed."""


NEVER_READ = "never read"
"""What stands for a status while no run has come to a scope."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that did not answer: ``iam:GetCredentialReport``, ``AccessDenied``, and what the service said."""

    action: str
    code: str
    message: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.action}" + (f" ({self.message})" if self.message else "")


@dataclass(frozen=True, slots=True)
class Listing:
    """All that one scope states, and how completely it was read."""

    scope: ScopeId
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    status: Status = Status.COMPLETE
    refusals: Sequence[Refusal] = ()
    calls: int = 0
    started_at: str = ""
    finished_at: str = ""


def content_hash(kind: str, properties: Properties) -> str:
    """A short hash of what is stated, the same whatever order it is stated in. 32 hexadecimal digits."""
    stated = {name: value for name, value in properties.items() if value is not None}
    document = orjson.dumps([kind, stated], option=orjson.OPT_SORT_KEYS)
    return blake2b(document, digest_size=16).hexdigest()
