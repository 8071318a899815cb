"""A narrower policy for a principal, from what it used.

It never allows what its policies do not allow, and keeps all that was used and all of which that is not known. Denies,
resources and conditions stay. What it cannot know it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .fitting import LARGEST, documents, size
from .grants import Holding, by_service, written
from .narrowing import narrow
from .use import NEVER_TRACKED, TRACKING_DAYS, Standing, Use

MOST_NAMED = 12
"""Services that a sentence names."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Documents to take the place of all policies of a principal, and what is to know of them."""

    documents: tuple[Mapping[str, Any], ...]
    dropped: Mapping[str, tuple[str, ...]]
    """Actions that are no longer granted, as AWS writes them, by service."""
    limits: tuple[str, ...]
    """What the proposal cannot know, as sentences."""

    @property
    def oversized(self) -> bool:
        """Whether a document is longer than a managed policy may be."""
        return any(size(document) > LARGEST for document in self.documents)


def propose(holding: Holding, use: Use) -> Proposal:
    """The narrower policy. Policies that could not be understood are no part of it, and said so."""
    use = use.needing(holding.granted, perhaps=True)
    statements: list[tuple[str, Mapping[str, Any]]] = []
    for grant in holding.grants:
        raw = narrow(grant, use).raw
        if raw:
            statements.append((grant.version, raw))
    dropped = [action for action in holding.granted if use.action(action) is Standing.UNUSED]
    return Proposal(
        tuple(documents(statements)),
        {service: tuple(map(written, names)) for service, names in by_service(dropped).items()},
        tuple(_limits(holding, use)),
    )


def _limits(holding: Holding, use: Use) -> Iterator[str]:
    granted = by_service(holding.granted)
    yield (
        f"AWS tells of the last {TRACKING_DAYS} days, of what it came to track later of fewer, and of the last hours "
        "late: what is done once a year may be missing"
    )
    untold = [service for service in granted if use.service(service) is Standing.USED and not use.used[service].tracked]
    if untold:
        yield f"which actions of {_named(untold)} were used is not told: all that are granted stay"
    told = [service for service in granted if use.service(service) is Standing.USED and use.used[service].tracked]
    if told:
        yield (
            f"of {_named(told)} only some actions are tracked; the others, such as those on data, stay wherever they "
            "are granted"
        )
    unknown = [service for service in granted if use.service(service) is Standing.UNKNOWN]
    if unknown:
        yield f"AWS reports nothing on {_named(unknown)}: what is granted of it stays"
    alone = replace(use, needed=frozenset())
    needed = sorted(use.needed & set(holding.granted) - NEVER_TRACKED)
    kept = [written(action) for action in needed if alone.action(action) is Standing.UNUSED]
    if kept:
        yield f"what was used, or may have been, may need {', '.join(kept)} without a request of its own: that stays"
    for action in sorted(NEVER_TRACKED & set(holding.granted)):
        yield f"{written(action)} is not tracked: it stays"
    yield "actions newer than the service data of this release are kept only where a pattern takes them in"
    for policy, flaw in holding.unreadable.items():
        yield f"{policy} is no part of it: {flaw}"


def _named(services: list[str]) -> str:
    shown = ", ".join(services[:MOST_NAMED])
    return f"{shown} and {len(services) - MOST_NAMED} more services" if len(services) > MOST_NAMED else shown
