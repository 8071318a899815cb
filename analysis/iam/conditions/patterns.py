"""Wildcards as IAM matches them: ``*`` any run of characters, ``?`` exactly one, a character beyond U+FFFF being two.

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

from ..remembered import Generations

ARN_SEGMENTS = 6
ESCAPED = {"*": "\ufdd0", "?": "\ufdd1"}
"""How a pattern writes a plain star or question mark: by noncharacters, which no text has that is meant for others."""

_PLAIN = str.maketrans({stand_in: character for character, stand_in in ESCAPED.items()})

WILDCARDS = re.compile(r"[*?]")

BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
"""Characters that are two in UTF-16, which is what AWS counts in."""

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
    if "?" not in pattern:
        return _in_order(pattern)
    return _of_units(translate(units(pattern)))


def units(text: str) -> str:
    """The text with each UTF-16 unit a character."""
    return text if text.isascii() else BEYOND_BMP.sub(_surrogates, text)


def _surrogates(found: re.Match[str]) -> str:
    high, low = divmod(ord(found[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _of_units(expression: str) -> Matcher:
    """A function that is true for the texts whose UTF-16 units match."""
    matches = re.compile(expression, re.DOTALL).fullmatch
    return lambda text: matches(units(text))


@lru_cache(maxsize=262144)
def action_glob(pattern: str) -> Matcher:
    """As ``glob``, for an action in lower case, whatever the pattern's case is."""
    return glob(pattern.lower())


@lru_cache(maxsize=262144)
def arn_glob(pattern: str) -> Matcher:
    """A function that is true for the ARNs that match as a Resource does; the pattern ``*`` matches any text, as ``**``
    does."""
    if pattern and not pattern.strip("*"):
        return _anything
    segments = complete(pattern.split(":", ARN_SEGMENTS - 1))
    whole = ":".join(segments)
    if is_literal(whole):
        return whole.translate(_PLAIN).__eq__
    if "?" not in whole and all("*" not in segment.rstrip("*") for segment in segments[:-1]):
        return _in_order(whole)  # Every star may stand for a colon.
    segments = units(whole).split(":", ARN_SEGMENTS - 1)
    return _of_units(":".join([*map(_translate_segment, segments[:-1]), translate(segments[-1])]))


def _in_order(pattern: str) -> Matcher:
    """A function that is true for texts that match a pattern of stars: what is between them comes in this order.

    Nearly all patterns are of this kind; to compile a regular expression for one takes as long as to match it a
    thousand times, and most are matched once or twice.
    """
    first, *middle, last = (piece.translate(_PLAIN) for piece in re.split(r"\*+", pattern))
    if not middle and not last:
        return lambda text: text.startswith(first)

    def matches(text: str) -> bool:
        if not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return at <= end

    return matches


class ActionPatterns:
    """What an Action or NotAction lists, those with wildcards by service: most are about others than is asked."""

    __slots__ = ("_by_service", "_literal", "_of_any_service", "services")

    @staticmethod
    def of(patterns: tuple[str, ...]) -> ActionPatterns:
        """The same for equal patterns, which stand in many statements that differ in all else."""
        found = _LISTED[patterns]
        return _LISTED.keep(patterns, ActionPatterns(patterns)) if found is None else found

    def __init__(self, patterns: Iterable[str]) -> None:
        folded = list(map(str.lower, patterns))
        self._literal = frozenset(folded)
        self._of_any_service: list[str] = []
        self._by_service: dict[str, list[str]] = {}
        for pattern in folded:
            if "*" in pattern or "?" in pattern:
                service = service_of(pattern)
                if is_literal(service):
                    self._by_service.setdefault(service, []).append(pattern)
                else:
                    self._of_any_service.append(pattern)
        self.services = None if self._of_any_service else frozenset(map(service_of, self._literal))
        """Those of whose actions it can take in any; None where that is open."""

    @property
    def takes_in(self) -> Callable[[str], bool]:
        """``take_in``, or what is faster where no pattern has a wildcard, or one is nothing else."""
        if "*" in self._literal:
            return _anything
        return self.take_in if self._of_any_service or self._by_service else self._literal.__contains__

    def take_in(self, action: str) -> bool:
        """Whether any of the patterns matches the action, given in lower case."""
        if action in self._literal:
            return True
        for pattern in self._of_any_service:
            if glob(pattern)(action):
                return True
        if self._by_service:
            for pattern in self._by_service.get(service_of(action), ()):
                if glob(pattern)(action):
                    return True
        return False

    def leave_out(self, action: str) -> bool:
        """Whether none of them does."""
        return not self.take_in(action)


_LISTED: Generations[tuple[str, ...], ActionPatterns] = Generations(1 << 17, lambda patterns: len(patterns) + 1)


def service_of(action: str) -> str:
    """The prefix of an action or of a pattern of actions: ``sts`` of ``sts:AssumeRole``; ``*`` of ``*``."""
    return action.partition(":")[0]


def _translate_segment(segment: str) -> str:
    """One of the first five: a star that ends it may stand for a colon."""
    return translate(segment, "[^:]", last=".")


def complete(segments: Sequence[str]) -> list[str]:
    """The six segments of an ARN pattern, missing ones being ``*``."""
    return [*segments, *["*"] * (ARN_SEGMENTS - len(segments))]


def translate(pattern: str, character: str = ".", last: str = "") -> str:
    """The regular expression for a pattern, ``character`` being what a wildcard may stand for, but for a star that ends
    it, which stands for ``last`` ones."""
    return _starred([_fixed(piece, character, _PLAIN) for piece in _between_stars(pattern)], character, last)


def _between_stars(pattern: str) -> list[str]:
    return re.split(r"\*+", pattern)


def _fixed(piece: str, character: str, plain: Mapping[int, str]) -> str:
    return "".join(character if p == "?" else re.escape(p.translate(plain)) for p in re.split(r"(\?)", piece))


def _starred(expressions: Sequence[str], character: str, last: str = "") -> str:
    """Expressions, each of one length, with a star between them.

    What is between two stars is where it comes first, and no further on: to look for each there as well would take,
    with twenty stars, longer than anybody waits.
    """
    first, *middle = expressions
    if not middle:
        return first
    end = middle.pop()
    firsts = "".join(f"(?>{character}*?{piece})" for piece in middle)
    return f"{first}{firsts}{character}*{end}" if end else f"{first}{firsts}{last or character}*"


def covers(wider: str, narrower: str) -> bool:
    """Whether every text that matches ``narrower`` matches ``wider``; false where that is not plain to see.

    Wildcards of the narrower pattern count as characters, which is sound: only a ``*`` of the wider one can take in a
    ``*``, and only a wildcard a ``?``.
    """
    return wider in ("*", narrower) or re.fullmatch(_covering(units(wider)), units(narrower), re.DOTALL) is not None


@lru_cache(maxsize=65536)
def _covering(pattern: str) -> str:
    return _starred([_fixed(piece, "[^*]", {}) for piece in _between_stars(pattern)], ".")


def _anything(_: str) -> bool:
    return True
