"""Resources that the principal chooses: a function yet to be created may have any name that the policies let through.

To tell whether *some* name is let through, a few are tried: two of no meaning, and for each pattern that the policies
have for such resources, and for several of them together, one that matches. What each comes to is for the evaluation to
say, so a name that was badly chosen can only fail to find a way, never invent one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

from ..iam.conditions.patterns import ARN_SEGMENTS, complete, glob, is_literal
from ..iam.evaluation.evaluate import Policies
from ..iam.policies.statements import Effect, Statement

ANY = "{any}"
ONE, SOME = "\ue100", "\ue101"
"""As ``?`` and ``*``, for the part of an ARN that the principal chooses, which has no colon."""
FILLING = "x"
"""What wildcards are filled with."""
PLAIN = ("xxxxxxxx", "q7q7q7q7")
"""Names of no meaning, with nothing in common, so that a Deny of the one spares the other."""
MOST_TOGETHER = 4
"""No more patterns than this are met by one name: one for each of two actions, and those of a boundary and an SCP."""
MOST_MEETINGS = 200
"""With more patterns than leave so many choices of some of them, no name is tried for all of those."""
REGIONS = {
    "aws": (
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1"),
        *("ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2"),
        *("ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1"),
        *("ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1"),
        *("eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"),
    ),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
}
"""The regions of each partition; the first is where the principal makes things, if nothing points to another.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""


def patterns(policies: Policies) -> tuple[str, ...]:
    """The patterns of resources that the policies let through: of Allow, and those that a Deny spares."""
    found = (text for s in _statements(policies) if _lets_through(s) for text in s.resources or () if text != "*")
    return tuple(dict.fromkeys(one for text in found for one in (text, _unqualified(text))))


def told(policies: Policies, key: str) -> tuple[str, ...]:
    """The patterns of a condition key, in lower case, that tells which resource is meant."""
    tests = (test for s in _statements(policies) for test in s.conditions.tests if test.key.lower() == key)
    return tuple(dict.fromkeys(one for test in tests for text in test.values for one in (text, _unqualified(text))))


def _statements(policies: Policies) -> Iterator[Statement]:
    limits = (policy for _, attached in policies.service_control for policy in attached)
    return (s for p in (*policies.identity, *(policies.boundary or ()), *limits) for s in p.document.statements)


def _unqualified(pattern: str) -> str:
    """The pattern without the version or alias that the ARN of a function may end with."""
    parts = pattern.split(":")
    return ":".join(parts[:7]) if parts[2:3] == ["lambda"] else pattern


def _lets_through(statement: Statement) -> bool:
    return statement.not_resources is (statement.effect is Effect.DENY)


def regions(found: Iterable[str], partition: str) -> tuple[str, ...]:
    """The regions to try: the first of the partition, those that patterns name, and those that they may mean."""
    known = REGIONS.get(partition, REGIONS["aws"])
    stated = {complete(pattern.split(":", ARN_SEGMENTS - 1))[3] for pattern in found} - {"", "*"}
    named = sorted(region for region in stated if is_literal(region))
    meant = {glob(region) for region in stated if not is_literal(region)}
    return tuple(dict.fromkeys([known[0], *named, *(one for one in known if any(match(one) for match in meant))]))


@dataclass(frozen=True)
class Names:
    """ARNs to try for a template, the plainest first. ``all`` where every choice of patterns is met by one of them."""

    arns: tuple[str, ...]
    all: bool


@lru_cache(maxsize=65536)
def names(template: str, found: tuple[str, ...]) -> Names:
    """ARNs to try for a template, of which ``{any}`` in its last segment is open."""
    *head, resource = template.split(":", ARN_SEGMENTS - 1)
    wanted = resource.replace(ANY, ONE + SOME)
    fitting = [one for one in _resources(head, found) if meet((wanted, one)) is not None]
    together = [n for n in range(1, MOST_TOGETHER + 1) if comb(len(fitting), n) <= MOST_MEETINGS]
    met = (meet((wanted, *some)) for n in together for some in combinations(fitting, n))
    plain = (resource.replace(ANY, name) for name in PLAIN)
    arns = (":".join([*head, one]) for one in dict.fromkeys([*plain, *met]) if one is not None)
    return Names(tuple(arns), all=len(together) >= min(len(fitting), MOST_TOGETHER))


def _resources(head: list[str], found: Iterable[str]) -> dict[str, None]:
    """What the patterns, whose wildcards may go over several segments, ask of the last segment after the others."""
    before = ":".join([*head, ""])
    whole = (":".join(complete(pattern.split(":", ARN_SEGMENTS - 1))) for pattern in found)
    return {rest: None for pattern in whole for rest in _after(pattern, before)}


def _after(pattern: str, text: str) -> list[str]:
    """What of a pattern may be left after a text that it begins with."""
    at = {0}
    for character in text:
        at = {n if pattern[n] == "*" else n + 1 for n in _open(pattern, at) if pattern[n] in ("*", "?", character)}
    return [pattern[n:] for n in sorted(at)]


def _open(pattern: str, at: Iterable[int]) -> Iterator[int]:
    """The positions, and those after each ``*`` at one of them, as far as there is more of the pattern."""
    for start in at:
        n = start
        while n < len(pattern) and pattern[n] == "*":
            yield n
            n += 1
        if n < len(pattern):
            yield n


@lru_cache(maxsize=65536)
def meet(globs: tuple[str, ...]) -> str | None:
    """A shortest text that matches all the patterns; None where there is none.

    A breadth-first walk over positions in all patterns at once; a ``*`` may be left without a character or with one.
    """
    start = tuple(0 for _ in globs)
    seen = {start}
    queue: deque[tuple[tuple[int, ...], str]] = deque([(start, "")])
    while queue:
        at, text = queue.popleft()
        for after in _skipped(globs, at):
            if all(position == len(pattern) for position, pattern in zip(after, globs, strict=True)):
                return text
            step = _step(globs, after)
            if step is not None and step[0] not in seen:
                seen.add(step[0])
                queue.append((step[0], text + step[1]))
    return None


def _skipped(globs: tuple[str, ...], at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The positions, and all that follow from passing over a ``*`` at one or more of them."""
    pending, known = [at], {at}
    while pending:
        here = pending.pop()
        yield here
        for n, position in enumerate(here):
            if position < len(globs[n]) and globs[n][position] in ("*", SOME):
                onward = (*here[:n], position + 1, *here[n + 1 :])
                if onward not in known:
                    known.add(onward)
                    pending.append(onward)


def _step(globs: tuple[str, ...], at: tuple[int, ...]) -> tuple[tuple[int, ...], str] | None:
    """The positions after one character that all patterns take, and the character; None where there is none."""
    if any(position == len(pattern) for position, pattern in zip(at, globs, strict=True)):
        return None
    here = [pattern[position] for position, pattern in zip(at, globs, strict=True)]
    wanted = set(here) - {"*", "?", ONE, SOME}
    if len(wanted) > 1 or (":" in wanted and not {ONE, SOME}.isdisjoint(here)):
        return None
    character = wanted.pop() if wanted else FILLING
    after = (position if one in ("*", SOME) else position + 1 for position, one in zip(at, here, strict=True))
    return tuple(after), character
