"""Resources that the principal chooses: a function yet to be created may have any name that the policies let through.

To tell whether *some* name is let through, a few are tried: one of no meaning, and for each pattern that the policies
have for such resources, and each two of them, one that matches. What each comes to is for the evaluation to say, so a
name that was badly chosen can only fail to find a way, never invent one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from ..iam.evaluate import Policies
from ..iam.patterns import ARN_SEGMENTS, complete, is_literal
from ..iam.statements import Effect, Statement

ANY = "{any}"
ONE, SOME = "\ue100", "\ue101"
"""As ``?`` and ``*``, for the part of an ARN that the principal chooses, which has no colon."""
FILLING = "x"
"""What wildcards are filled with."""
MOST_PAIRS = 12
"""With more patterns than this, no two of them are tried together."""
REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""The region of what the principal chooses, where nothing points to another."""


def patterns(policies: Policies) -> tuple[str, ...]:
    """The patterns of resources that the policies let through: of Allow, and those that a Deny spares."""
    limits = (policy for _, attached in policies.service_control for policy in attached)
    statements = (s for p in (*policies.identity, *(policies.boundary or ()), *limits) for s in p.document.statements)
    found = (text for s in statements if _lets_through(s) for text in s.resources or () if text != "*")
    return tuple(dict.fromkeys(one for text in found for one in (text, _unqualified(text))))


def _unqualified(pattern: str) -> str:
    """The pattern without the version or alias that the ARN of a function may end with."""
    parts = pattern.split(":")
    return ":".join(parts[:7]) if parts[2:3] == ["lambda"] else pattern


def _lets_through(statement: Statement) -> bool:
    return statement.not_resources is (statement.effect is Effect.DENY)


def regions(found: Iterable[str], default: str) -> tuple[str, ...]:
    """The default, and the regions that patterns name."""
    named = (complete(pattern.split(":", ARN_SEGMENTS - 1))[3] for pattern in found)
    return tuple(dict.fromkeys([default, *(region for region in named if region and is_literal(region))]))


@lru_cache(maxsize=65536)
def names(template: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """ARNs to try for a template whose ``{any}`` is open: the plainest first."""
    return tuple(dict.fromkeys(_names(template, found)))


def _names(template: str, found: tuple[str, ...]) -> Iterator[str]:
    yield template.replace(ANY, FILLING * 8)
    wanted = template.replace(ANY, ONE + SOME)
    fitting = []
    for pattern in found:
        whole = ":".join(complete(pattern.split(":", ARN_SEGMENTS - 1)))
        meeting = meet((wanted, whole))
        if meeting is not None:
            fitting.append(whole)
            yield meeting
    for two in combinations(fitting, 2) if len(fitting) <= MOST_PAIRS else ():
        meeting = meet((wanted, *two))
        if meeting is not None:
            yield meeting


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
