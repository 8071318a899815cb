"""What two patterns have in common: a pattern whose every text matches both, and a text that stands for a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from .patterns import ARN_SEGMENTS, ESCAPED, complete, covers

FILLING = "…"
"""What wildcards are filled with: a name that no policy has."""
LENGTH = 3
"""How often, for a ``*``: no policy tells it by its length, but for such as have as many question marks."""
MOST = 16
"""So many patterns are kept of what two have in common. Those that people write have one or two."""

_PLAIN = str.maketrans({stand_in: character for character, stand_in in ESCAPED.items()})


@lru_cache(maxsize=262144)
def common(one: str, other: str) -> tuple[str, ...]:
    """ARN patterns that together match what both of two do, segment by segment; none where no text matches both."""
    if one == "*" or other == "*":
        return (other if one == "*" else one,)
    mine, theirs = (complete(text.split(":", ARN_SEGMENTS - 1)) for text in (one, other))
    segments = []
    for a, b in zip(mine, theirs, strict=True):
        found = meet(a, b)
        if not found:
            return ()
        segments.append(found)
    return tuple(":".join(each) for each in islice(product(*segments), MOST))


def meet(one: str, other: str) -> tuple[str, ...]:
    """Patterns that together match what both patterns do, none of them in another."""
    known: dict[tuple[int, int], tuple[str, ...]] = {}

    def rest(i: int, j: int) -> tuple[str, ...]:
        if i == len(one) and j == len(other):
            return ("",)
        if (i, j) not in known:
            found: dict[str, None] = {}
            for by, beside, text in _steps(one[i : i + 1], other[j : j + 1]):
                for after in rest(i + by, j + beside):
                    found["*" + after.lstrip("*") if text == "*" else text + after] = None
            known[i, j] = _widest(found)
        return known[i, j]

    return rest(0, 0)


def _widest(patterns: Iterable[str]) -> tuple[str, ...]:
    """Those that are in none of the others."""
    kept: list[str] = []
    for pattern in sorted(patterns, key=len):
        if not any(covers(wider, pattern) for wider in kept):
            kept = [*(narrower for narrower in kept if not covers(pattern, narrower)), pattern]
    return tuple(kept[:MOST])


def _steps(a: str, b: str) -> Iterator[tuple[int, int, str]]:
    """How far both go on by one step, and what that adds; a star that takes a step may take more."""
    if a == "*" and b == "*":
        yield 1, 0, "*"
        yield 0, 1, "*"
    elif a == "*":
        if b:
            yield 0, 1, b
        yield 1, 0, ""
    elif b == "*":
        if a:
            yield 1, 0, a
        yield 0, 1, ""
    elif a and b and (a == b or "?" in (a, b)):
        yield 1, 1, b if a == "?" else a


def example(pattern: str, partition: str = "aws") -> str:
    """A text that stands for an ARN pattern, and matches it. ``*`` stands for itself."""
    if pattern == "*":
        return pattern
    segments = complete(pattern.split(":", ARN_SEGMENTS - 1))
    segments[1] = partition if segments[1] == "*" else segments[1]
    return ":".join(segments).replace("*", FILLING * LENGTH).replace("?", FILLING).translate(_PLAIN)
