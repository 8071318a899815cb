"""What a request is about: the resource itself, something in it, or something that it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..iam.conditions.patterns import arn_glob, literal_prefix
from ..iam.evaluation.resources import Resource
from .families import BY_PATH, Family, Mask, Part

ANY_PART = "any-of-them-whatever-its-name"
PUNCTUATION = re.compile(r"[:/]")
FILLING = "x"
"""What wildcards are filled with."""


def asked_about(family: Family, one: Mask, resource: Resource, patterns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What requests for an action, the only one or the first of ``one``, are about: each an ARN, and the pattern that
    confines them to it, empty where none does.

    ``patterns`` are those of policies. The resource itself is first, or anything in it where an action is about that.
    """
    action = one & -one
    whole = resource.arn
    if action & ~family.on_whole and family.part is not None:
        whole = f"{resource.arn}{family.part.after}{ANY_PART}"
    yield "", whole
    if action & family.mask(BY_PATH):
        yield from (("", above) for above in above(resource.arn))
    if action & family.on_parts and family.part is not None:
        for pattern in dict.fromkeys(patterns):
            inside = within(pattern, resource.arn, family.part)
            if inside is not None and not arn_glob(pattern)(whole):
                yield pattern, inside


@lru_cache(maxsize=65536)
def within(pattern: str, arn: str, part: Part) -> str | None:
    """Something in a resource that the pattern matches; None where it matches nothing there."""
    start = f"{arn}{part.after}"
    prefix = literal_prefix(pattern)
    if not (start.startswith(prefix) or prefix.startswith(start)):
        return None
    ends = (pattern[found.end() :] for found in re.finditer(f"[*?]|{re.escape(part.after[0])}", pattern))
    tries = (
        start + end.replace("*", FILLING).replace("?", FILLING)
        for end in (*ends, FILLING)
        if end and not (part.plain and PUNCTUATION.search(end))
    )
    matches = arn_glob(pattern)
    return next((text for text in tries if matches(text)), None)


def above(arn: str) -> Iterator[str]:
    """The paths that a parameter is below, the nearest first: ``parameter/a`` of ``parameter/a/b``."""
    beginning, _, path = arn.partition(":parameter/")
    outer = path.rpartition("/")[0]
    while outer:
        yield f"{beginning}:parameter/{outer}"
        outer = outer.rpartition("/")[0]
    yield f"{beginning}:parameter/"
