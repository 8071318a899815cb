"""One statement narrowed to what was used: fewer actions, everything else as it stands.

What a narrowed statement allows, the statement allowed: each pattern that takes a pattern's place is covered by it. All
is kept but what AWS reports as unused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..iam.conditions.patterns import action_glob, covers, is_literal, literal_prefix
from ..iam.policies.actions import matching, services
from .grants import Grant, written
from .use import Standing, Use

FEWEST = 3
"""Names with a beginning in common that become one pattern."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+|[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A statement after narrowing; ``raw`` is None where nothing of it was used."""

    raw: Mapping[str, Any] | None
    changed: bool
    dropped: frozenset[str] = frozenset()
    """Documented actions, in lower case, that it does not grant any more."""


def narrow(grant: Grant, use: Use) -> Narrowed:
    """The statement with the actions that were not used taken out. A Deny, or what is malformed, stays as it is."""
    if not grant.allows:
        return Narrowed(grant.raw, False)
    dropped = frozenset(action for action in grant.actions() if use.action(action) is Standing.UNUSED)
    patterns = tuple(_all_but(grant, use)) if grant.statement.not_actions else tuple(_of_each(grant, use))
    if not dropped and (grant.statement.not_actions or patterns == (grant.statement.actions or ())):
        return Narrowed(grant.raw, False)
    if not patterns:
        return Narrowed(None, True, dropped)
    kept = {name: value for name, value in grant.raw.items() if name not in ("Action", "NotAction")}
    ordered: dict[str, Any] = {name: kept.pop(name) for name in ("Sid", "Effect") if name in kept}
    return Narrowed({**ordered, "Action": list(dict.fromkeys(patterns)), **kept}, True, dropped)


def _of_each(grant: Grant, use: Use) -> Iterator[str]:
    """What stays of each pattern of Action."""
    for pattern in grant.statement.actions or ():
        yield from _kept(pattern, use)


def _kept(pattern: str, use: Use) -> Iterator[str]:
    lower = pattern.lower()
    if is_literal(lower):
        if use.action(lower) is not Standing.UNUSED:
            yield pattern
        return
    prefixes = _prefixes(lower, use)
    inside = {prefix: _known(prefix, use, action_glob(lower)) for prefix in prefixes}
    if not any(_unused(prefix, names, use) for prefix, names in inside.items()):
        yield pattern
        return
    for prefix in sorted(prefixes):
        yield from _of_service(prefix, inside[prefix], use, lambda wider: covers(lower, wider.lower()))


def _all_but(grant: Grant, use: Use) -> Iterator[str]:
    """What NotAction grants, as the actions that stay of it."""
    excluded = tuple(pattern.lower() for pattern in grant.statement.actions or ())
    matchers = [action_glob(pattern) for pattern in excluded]

    def inside(action: str) -> bool:
        return not any(matches(action) for matches in matchers)

    def apart(wider: str) -> bool:
        """Whether no excluded pattern can take in anything that the pattern does."""
        start = literal_prefix(wider.lower())
        return not any(_meet(start, literal_prefix(pattern)) for pattern in excluded)

    for prefix in sorted(_prefixes("*", use)):
        yield from _of_service(prefix, _known(prefix, use, inside), use, apart)


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _prefixes(pattern: str, use: Use) -> set[str]:
    """The services that a pattern of actions may be about."""
    service, colon, _ = pattern.partition(":")
    if colon and is_literal(service):
        return {service}
    return {action.partition(":")[0] for action in matching(pattern)} | {prefix.lower() for prefix in use.used}


def _known(prefix: str, use: Use, inside: Callable[[str], object]) -> dict[str, str]:
    """The actions of a service that AWS documents or tells of, if they are inside: as it writes them, by lower case."""
    told = use.told(prefix)
    names = {action: written(action) for action in services().get(prefix, ())}
    return {action: name for action, name in sorted({**told, **names}.items()) if inside(action)}


def _unused(prefix: str, names: Iterable[str], use: Use) -> bool:
    return use.service(prefix) is Standing.UNUSED or any(use.action(name) is Standing.UNUSED for name in names)


def _of_service(prefix: str, names: Mapping[str, str], use: Use, granted: Callable[[str], bool]) -> Iterator[str]:
    """Patterns for what stays of a service. ``granted`` tells whether all that a pattern takes in was granted."""
    kept = [name for action, name in names.items() if use.action(action) is not Standing.UNUSED]
    whole = f"{prefix}:*"
    if use.service(prefix) is Standing.UNUSED:
        yield from kept  # iam:PassRole, which no report tells of
        return
    unused = [action for action in use.told(prefix) if use.action(action) is Standing.UNUSED]
    if not unused and granted(whole):
        yield whole
        return
    yield from _gathered(prefix, kept, unused, granted)


def _gathered(prefix: str, kept: list[str], unused: list[str], granted: Callable[[str], bool]) -> Iterator[str]:
    """The names, those with a beginning in common as one pattern, where no unused action begins so."""
    left = sorted(kept)
    while left:
        first = left[0]
        taken, pattern = [first], first
        for start in _beginnings(first, prefix):
            alike = [name for name in left if name.startswith(start)]
            fits = not any(action.startswith(start.lower()) for action in unused) and granted(f"{start}*")
            if len(alike) >= FEWEST and fits:
                taken, pattern = alike, f"{start}*"
                break
        yield pattern
        left = [name for name in left if name not in taken]


def _beginnings(name: str, prefix: str) -> Iterator[str]:
    """``s3:Get``, ``s3:GetObject``, … for ``s3:GetObjectAcl``: the shortest first, each a whole number of words."""
    words = _WORDS.findall(name[len(prefix) + 1 :])
    start = f"{prefix}:"
    for word in words:
        start += word
        yield start
