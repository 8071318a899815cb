"""Wildcards as IAM matches them: ``*`` any run of characters, ``?`` exactly one.

Actions match without regard to case. Resources match with it, each of the six segments of an ARN by itself: a wildcard
in one of the first five does not reach past a colon, unless it is a ``*`` that ends the segment; and an ARN with fewer
segments is completed with ``*``.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

ARN_SEGMENTS = 6
ESCAPED = {"*": "\ue000", "?": "\ue001"}
"""How a pattern writes a plain star or question mark: private-use characters."""

_PLAIN = str.maketrans({stand_in: character for character, stand_in in ESCAPED.items()})

WILDCARDS = re.compile(r"[*?]")

Matcher = Callable[[str], object]


def is_literal(pattern: str) -> bool:
    """Whether the pattern has no wildcard."""
    return "*" not in pattern and "?" not in pattern


def literal_prefix(pattern: str) -> str:
    """What every text that matches the pattern begins with."""
    found = WILDCARDS.search(pattern)
    return pattern[: found.start()] if found else pattern


@lru_cache(maxsize=262144)
def glob(pattern: str) -> Matcher:
    """A function that is true for the texts that match the pattern as a whole, case and all."""
    if is_literal(pattern):
        return pattern.translate(_PLAIN).__eq__
    if pattern == "*":
        return _anything
    if pattern.endswith("*") and is_literal(pattern[:-1]):
        prefix = pattern[:-1].translate(_PLAIN)
        return lambda text: text.startswith(prefix)
    return re.compile(translate(pattern), re.DOTALL).fullmatch


@lru_cache(maxsize=262144)
def action_glob(pattern: str) -> Matcher:
    """As ``glob``, for an action in lower case, whatever the pattern's case is."""
    return glob(pattern.lower())


@lru_cache(maxsize=262144)
def arn_glob(pattern: str) -> Matcher:
    """A function that is true for the ARNs that match as a Resource does; the pattern ``*`` matches any text."""
    if pattern == "*":
        return _anything
    segments = complete(pattern.split(":", ARN_SEGMENTS - 1))
    whole = ":".join(segments)
    if is_literal(whole):
        return whole.translate(_PLAIN).__eq__
    if is_literal(whole[:-1]) and whole.endswith("*"):
        prefix = whole[:-1].translate(_PLAIN)
        return lambda text: text.startswith(prefix)
    expression = ":".join([*map(_translate_segment, segments[:-1]), translate(segments[-1])])
    return re.compile(expression, re.DOTALL).fullmatch


def any_action(patterns: Iterable[str]) -> tuple[Matcher, ...]:
    """Functions one of which is true for the actions, in lower case, that match any of the patterns.

    There are fewer of them than patterns: literal ones are looked up in a set, ``s3:Get*`` and its like by service.
    """
    literal: set[str] = set()
    beginnings: dict[str, list[str]] = {}
    others: list[Matcher] = []
    for pattern in dict.fromkeys(map(str.lower, patterns)):
        if is_literal(pattern):
            literal.add(pattern.translate(_PLAIN))
        elif pattern.endswith("*") and is_literal(pattern[:-1]) and ":" in pattern:
            beginning = pattern[:-1].translate(_PLAIN)
            beginnings.setdefault(service_of(beginning), []).append(beginning)
        else:
            others.append(glob(pattern))
    made: list[Matcher] = [literal.__contains__] if literal else []
    return (*made, *([_begins(beginnings)] if beginnings else ()), *others)


def _begins(by_service: Mapping[str, list[str]]) -> Matcher:
    beginnings = {service: tuple(texts) for service, texts in by_service.items()}

    def begins(action: str) -> bool:
        return action.startswith(beginnings.get(action.partition(":")[0], ()))

    return begins


def service_of(action: str) -> str:
    """The prefix of an action or of a pattern of actions: ``sts`` of ``sts:AssumeRole``; ``*`` of ``*``."""
    return action.partition(":")[0]


def _translate_segment(segment: str) -> str:
    if segment.endswith("*"):
        return translate(segment.rstrip("*"), "[^:]") + ".*"
    return translate(segment, "[^:]")


def complete(segments: Sequence[str]) -> list[str]:
    """The six segments of an ARN pattern, missing ones being ``*``."""
    return [*segments, *["*"] * (ARN_SEGMENTS - len(segments))]


def translate(pattern: str, character: str = ".") -> str:
    """The regular expression for a pattern, ``character`` being what a wildcard may stand for."""
    pieces = re.split(r"([*?])", re.sub(r"\*+", "*", pattern))
    return "".join(
        character + "*" if p == "*" else character if p == "?" else re.escape(p.translate(_PLAIN)) for p in pieces
    )


def covers(wider: str, narrower: str) -> bool:
    """Whether every text that matches ``narrower`` matches ``wider``; false where that is not plain to see.

    Wildcards of the narrower pattern count as characters, which is sound: only a ``*`` of the wider one can take in a
    ``*``, and only a wildcard a ``?``.
    """
    return wider in ("*", narrower) or re.fullmatch(_covering(wider), narrower, re.DOTALL) is not None


@lru_cache(maxsize=65536)
def _covering(pattern: str) -> str:
    pieces = re.split(r"([*?])", re.sub(r"\*+", "*", pattern))
    return "".join(".*" if p == "*" else "[^*]" if p == "?" else re.escape(p) for p in pieces)


def _anything(_: str) -> bool:
    return True
