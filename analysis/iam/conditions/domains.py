"""Whether the values of a condition key can meet several tests at once.

A key is missing, or has one value, or, for tests with a set operator, many: each value is then weighed by itself.
Numbers, dates and addresses are weighed as intervals, texts by walking the wildcard patterns side by side. A test
against a policy variable is taken for one that any value meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from heapq import heappop, heappush
from typing import TypeAlias

from .comparisons import Incomparable, Operator, binary, folded, moment, network, number, truth
from .conditions import Quantifier, Test
from .context import Context
from .formula import ALWAYS, Holds, Unsure
from .patterns import ARN_SEGMENTS, ESCAPED, units

MOST_STATES = 4096
"""Walks longer than this end with "possible"."""

ANY_IN_SEGMENT, ONE_IN_SEGMENT = "\ufdd2", "\ufdd3"
"""How the walk writes the wildcards of an ARN that do not reach beyond a colon: noncharacters, as ``ESCAPED``."""

WILD = frozenset(("*", "?", ANY_IN_SEGMENT, ONE_IN_SEGMENT))

Weighed: TypeAlias = tuple[Test, bool]
"""A test, and whether it must not hold."""


def possible(parts: tuple[Holds, ...]) -> bool:
    """Whether the key of these tests can be missing, or have such values, that all of them hold."""
    tests = [(part.test, part.negated) for part in parts if isinstance(part.test, Test)]
    if all(missing_meets(test) is not negated for test, negated in tests):
        return True
    if any(t.operator is Operator.NULL and _wants(t, missing=False) is negated for t, negated in tests):
        return False
    valued = [(test, negated) for test, negated in tests if _weighable(test)]
    if all(test.quantifier is Quantifier.NONE for test, _ in valued):
        return _value_possible(valued)
    return _values_possible(valued)


def missing_meets(test: Test) -> bool:
    """Whether a missing key meets the test."""
    if test.operator is Operator.NULL:
        return _wants(test, missing=True)
    if test.if_exists or test.quantifier is Quantifier.ALL:
        return True
    return bool(test.operator and test.operator.negative) and test.quantifier is Quantifier.NONE


def _values_possible(tests: list[Weighed]) -> bool:
    """Whether a key can have values of which each meets what every value must, and some one whatever one must.

    Set operators leave empty texts out, so that a key of nothing else meets what every value must.
    """
    single: list[Weighed] = []
    every: list[Weighed] = []
    some: list[Weighed] = []
    for test, negated in tests:
        if test.quantifier is Quantifier.NONE:
            single.append((test, negated))
        else:
            of_one = replace(test, quantifier=Quantifier.NONE, if_exists=False), negated
            (every if (test.quantifier is Quantifier.ALL) is not negated else some).append(of_one)
    if all(negated for _, negated in single):
        # Many values meet no operator without a set operator, which is what is wanted of these.
        return not some or all(_value_possible([one, *every]) for one in some)
    return _value_possible([*single, *every, *some]) or (
        not some and all(_may_meet(test, "", negated) for test, negated in single)
    )


def _value_possible(valued: list[Weighed]) -> bool:
    """Whether one value can meet them all."""
    if not valued:
        return True
    families = {_family(test) for test, _ in valued}
    if families == {"arn", "text"}:
        return walk([*_wanted_texts(t for t in valued if _family(t[0]) == "text"), *_wanted_arns(valued)])
    if len(families) > 1:
        return _by_candidates(valued)
    family = families.pop()
    try:
        if family == "Bool":
            return any(all((value in map(truth, t.values)) is not n for t, n in valued) for value in (True, False))
        if family == "text":
            return walk(list(_wanted_texts(valued)))
        if family == "arn":
            return walk(list(_wanted_arns(valued)))
        if family == "Binary":
            return walk(list(_wanted_bytes(valued)))
        return _ranges_possible(valued, family)
    except Incomparable:
        return True


def _weighable(test: Test) -> bool:
    return test.operator is not Operator.NULL and not any("${" in value for value in test.values)


def _wants(test: Test, *, missing: bool) -> bool:
    """Whether a Null wants the key missing, or wants it there; with several values it can be both."""
    return missing in map(truth, test.values)


def _family(test: Test) -> str:
    assert test.operator is not None
    name = test.operator.value
    if name.startswith("String"):
        return "text"
    if name.startswith("Arn"):
        return "arn"
    if name == "Bool":
        return name
    if name == "BinaryEquals":
        return "Binary"
    return "ip" if "Ip" in name else name[:4]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Texts that match any of the patterns, or, where ``negated``, none of them."""

    patterns: tuple[tuple[str, ...], ...]
    """Each a tuple of single characters; ``*`` and ``?`` are wildcards."""
    negated: bool
    fold: bool = False


def _wanted_texts(valued: Iterable[Weighed]) -> Iterator[_Wanted]:
    for test, negated in valued:
        assert test.operator is not None
        fold = "IgnoreCase" in test.operator
        wild = test.operator.takes_wildcards
        patterns = tuple(_characters(folded(value) if fold else value, wild) for value in test.values)
        yield _Wanted(patterns, test.operator.negative is not negated, fold)


def _wanted_arns(valued: Iterable[Weighed]) -> Iterator[_Wanted]:
    for test, negated in valued:
        assert test.operator is not None
        if _family(test) == "arn":
            yield _Wanted(tuple(map(_of_arn, test.values)), test.operator.negative is not negated)


def _of_arn(pattern: str) -> tuple[str, ...]:
    """The pattern, in which wildcards before the last segment stay within theirs."""
    segments = units(pattern).split(":", ARN_SEGMENTS - 1)
    within = [part.replace("*", ANY_IN_SEGMENT).replace("?", ONE_IN_SEGMENT) for part in segments[:-1]]
    return tuple(":".join([*within, segments[-1]]))


def _wanted_bytes(valued: Iterable[Weighed]) -> Iterator[_Wanted]:
    for test, negated in valued:
        yield _Wanted(tuple(tuple(binary(value).decode("latin-1")) for value in test.values), negated)


def _by_candidates(valued: list[Weighed]) -> bool:
    """Whether a text that one of the tests asks for by name meets all of them, of whatever types they are; true where
    none asks for texts by name."""
    for test, negated in valued:
        if (test.operator, negated) in _BY_NAME:
            return any(all(_may_meet(one, value, but) for one, but in valued) for value in test.values)
    return True


_BY_NAME = ((Operator.STRING_EQUALS, False), (Operator.STRING_NOT_EQUALS, True))


def _may_meet(test: Test, value: str, negated: bool) -> bool:
    held = test.holds(Context({test.key.lower(): (value,)}, closed=True))
    return isinstance(held, Unsure) or (held is ALWAYS) is not negated


def _characters(text: str, wild: bool) -> tuple[str, ...]:
    if wild:
        return tuple(units(text))
    return tuple(ESCAPED.get(character, character) for character in units(text))


def walk(wanted: list[_Wanted]) -> bool:
    """Whether some text meets all of them."""
    plain = _plainly(wanted)
    return _walk(tuple(wanted)) if plain is None else plain


def _plainly(wanted: list[_Wanted]) -> bool | None:
    """The answer where policies ask for texts by name or by one pattern, as nearly all do; None elsewhere."""
    for one in wanted:
        if not one.negated and not one.fold and not any(map(_is_wild, one.patterns)):
            # Only these very texts will do: look at each.
            others = _Positions(other for other in wanted if other is not one)
            return any(others.met_by(text) for text in one.patterns)
    positive = [one for one in wanted if not one.negated]
    if not positive and all(set(p) - WILD for one in wanted for p in one.patterns):
        return True  # A text of a character that no pattern mentions.
    if len(wanted) == 1 and positive:
        return bool(positive[0].patterns)
    return None


def _is_wild(pattern: tuple[str, ...]) -> bool:
    return not WILD.isdisjoint(pattern)


@lru_cache(maxsize=65536)
def _walk(wanted: tuple[_Wanted, ...]) -> bool:
    """A walk over the positions in every pattern at once, along the texts that have come nearest to what is wanted.

    The same tests meet in alternative after alternative of one formula, and in that of many requests.
    """
    positions = _Positions(wanted)
    fold = any(w.fold for w in wanted)
    mentioned = {c for w in wanted for p in w.patterns for c in p} - WILD
    alphabet = [*sorted(mentioned | ({c.upper() for c in mentioned} if fold else set())), "\uffff"]
    seen = {positions.start}
    queue = [(positions.farness(positions.start), positions.start)]
    while queue:
        _, reached = heappop(queue)
        if positions.meet(reached):
            return True
        if len(seen) > MOST_STATES:
            return True
        for character in alphabet:
            after = positions.after(reached, character)
            if after not in seen and not positions.hopeless(after):
                seen.add(after)
                heappush(queue, (positions.farness(after), after))
    return False


class _Positions:
    """Where in every pattern a text can have come to, as one number: a bit for each character of each, and one for its
    end."""

    def __init__(self, wanted: Iterable[_Wanted]) -> None:
        self._wanted = tuple(wanted)
        self._stars = self._sought = self.start = 0
        self._steps: dict[str, tuple[int, int]] = {}
        self._sinks = 0
        """Stars that end a pattern of what is negated: they match whatever comes."""
        self._anchored: list[int] = []
        """All positions in each of what is not negated, where it can be lost: no pattern of it begins with a star."""
        self._ends: list[tuple[bool, int]] = []
        at = 0
        for one in self._wanted:
            begin, ends = at, 0
            for pattern in one.patterns:
                self.start |= 1 << at
                for n, character in enumerate(pattern):
                    if character in ("*", ANY_IN_SEGMENT):
                        self._stars |= 1 << at + n
                after = at + len(pattern) + 1
                ends |= 1 << after - 1
                if one.negated and pattern[-1:] == ("*",):
                    self._sinks |= 1 << after - 2
                at = after
            self._ends.append((one.negated, ends))
            if not one.negated:
                whole = (1 << at) - (1 << begin)
                self._sought |= whole
                if all(pattern[:1] != ("*",) for pattern in one.patterns):
                    self._anchored.append(whole)
        self.start = self._closed(self.start)

    def _closed(self, reached: int) -> int:
        """With every position that a star lets it skip to."""
        while True:
            closed = reached | (reached & self._stars) << 1
            if closed == reached:
                return reached
            reached = closed

    def after(self, reached: int, character: str) -> int:
        """Where one more character leads."""
        step = self._steps.get(character)
        if step is None:
            step = self._steps[character] = self._read(character)
        ones, stays = step
        return self._closed((reached & ones) << 1 | reached & stays)

    def _read(self, character: str) -> tuple[int, int]:
        """The positions from which the character leads to the next, and those at which it may stay."""
        ones = stays = at = 0
        for wanted in self._wanted:
            read = character.lower() if wanted.fold else character
            for pattern in wanted.patterns:
                for here in pattern:
                    if here == "*" or (here == ANY_IN_SEGMENT and read != ":"):
                        stays |= 1 << at
                    elif here in ("?", read) or (here == ONE_IN_SEGMENT and read != ":"):
                        ones |= 1 << at
                    at += 1
                at += 1
        return ones, stays

    def meet(self, reached: int) -> bool:
        """Whether a text that ends here meets all that is wanted."""
        return all((reached & ends != 0) is not negated for negated, ends in self._ends)

    def met_by(self, text: Iterable[str]) -> bool:
        """Whether the text does."""
        reached = self.start
        for character in text:
            reached = self.after(reached, character)
        return self.meet(reached)

    def hopeless(self, reached: int) -> bool:
        """Whether no text that goes on from here does."""
        if reached & self._sinks:
            return True
        return any(reached & whole == 0 for whole in self._anchored)

    def farness(self, reached: int) -> tuple[int, int]:
        """How far from what is wanted it is, to compare: every star that was come by in what is not negated is behind
        for good, and within the text after it the last position counts."""
        return -(reached & self._sought).bit_count(), -reached


Range = tuple[Decimal, Decimal]
"""A closed interval. Numbers are taken as if they came in steps of 10^-9, addresses as whole numbers."""

STEP = Decimal(1).scaleb(-9)
LOWEST, HIGHEST = Decimal(-1).scaleb(30), Decimal(1).scaleb(30)
FAMILY_OFFSET = Decimal(2) ** 130
"""Added to IPv6 addresses, so that both families lie on one line without touching."""


def _ranges_possible(valued: list[Weighed], family: str) -> bool:
    left = [(Decimal(0), Decimal(2) ** 32 - 1), (FAMILY_OFFSET, FAMILY_OFFSET + Decimal(2) ** 128 - 1)]
    left = left if family == "ip" else [(LOWEST, HIGHEST)]
    for test, negated in valued:
        assert test.operator is not None
        wanted = list(_ranges(test, family))
        if test.operator.negative is not negated:
            left = _without(left, wanted, Decimal(1) if family == "ip" else STEP)
        else:
            left = list(_common(left, wanted))
    return bool(left)


def _ranges(test: Test, family: str) -> Iterator[Range]:
    for value in test.values:
        if family == "ip":
            net = network(value)
            if net is None:
                continue
            offset = FAMILY_OFFSET if net.version == 6 else Decimal(0)
            yield int(net.network_address) + offset, int(net.broadcast_address) + offset
        else:
            parse: Callable[[str], Decimal] = number if family == "Nume" else moment
            yield _range(str(test.operator), parse(value))


def _range(operator: str, at: Decimal) -> Range:
    if operator.endswith("LessThan"):
        return LOWEST, at - STEP
    if operator.endswith("LessThanEquals"):
        return LOWEST, at
    if operator.endswith("GreaterThan"):
        return at + STEP, HIGHEST
    if operator.endswith("GreaterThanEquals"):
        return at, HIGHEST
    return at, at


def _common(left: list[Range], wanted: list[Range]) -> Iterator[Range]:
    for low, high in left:
        for other_low, other_high in wanted:
            both = max(low, other_low), min(high, other_high)
            if both[0] <= both[1]:
                yield both


def _without(left: list[Range], unwanted: list[Range], step: Decimal) -> list[Range]:
    for cut_low, cut_high in unwanted:
        pieces: list[Range] = []
        for low, high in left:
            if cut_high < low or cut_low > high:
                pieces.append((low, high))
                continue
            if low < cut_low:
                pieces.append((low, cut_low - step))
            if high > cut_high:
                pieces.append((cut_high + step, high))
        left = pieces
    return left
