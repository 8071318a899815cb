"""What a webhook was told, in pages: an announcement writes the pages that differ, not a million facts for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

DIGITS = 2
"""How many digits of a hash name its page: 256 pages of four thousand facts each where there are a million."""

Told: TypeAlias = Mapping[str, int]
"""How sure each fact was when it was told, by its hash."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a webhook was told of some kinds of event. ``version`` counts its announcements."""

    version: int = 0
    events: frozenset[str] = frozenset()
    """All kinds of event that it was told of."""
    told: Mapping[str, Told] = field(default_factory=dict)
    """By kind of event: those that were asked for."""


def pages(event: str, told: Told) -> dict[str, str]:
    """The pages of what was told of one kind of event, each as text, by ``EVENT/PAGE``.

    >>> pages("new-exposure", {"3f00": 2, "3f01": 1, "a000": 2})
    {'new-exposure/3f': '3f00:2 3f01:1', 'new-exposure/a0': 'a000:2'}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for digest in sorted(told):
        found[digest[:DIGITS]].append(f"{digest}:{told[digest]}")
    return {f"{event}/{page}": " ".join(facts) for page, facts in found.items()}


def facts(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The facts of pages, each with how sure it was."""
    for text in texts:
        for one in text.split():
            digest, _, sure = one.partition(":")
            yield digest, int(sure)
