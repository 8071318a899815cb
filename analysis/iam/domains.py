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
from typing import TypeAlias

from .comparisons import Incomparable, Operator, binary, moment, network, number
from .conditions import Quantifier, Test
from .context import Context
from .formula import ALWAYS, Holds, Unsure
from .patterns import ARN_SEGMENTS, ESCAPED

MOST_STATES = 4096
"""Walks longer than this end with "possible"."""

ANY_IN_SEGMENT, ONE_IN_SEGMENT = "\ue002", "\ue003"
"""How the walk writes the wildcards of an ARN that do not reach beyond a colon: private-use characters."""

WILD = frozenset(("*", "?", ANY_IN_SEGMENT, ONE_IN_SEGMENT))

Weighed: TypeAlias = tuple[Test, bool]
"""A test, and whether it must not hold."""


def possible(parts: tuple[Holds, ...]) -> bool:
    """Whether the key of these tests can be missing, or have such values, that all of them hold."""
    tests = [(part.test, part.negated) for part in parts if isinstance(part.test, Test)]
    if all(missing_meets(test) is not negated for test, negated in tests):
        return True
    if any(t.operator is Operator.NULL and ("false" in _folded(t.values)) is negated for t, negated in tests):
        return False
    valued = [(test, negated) for test, negated in tests if _weighable(test)]
    if all(test.quantifier is Quantifier.NONE for test, _ in valued):
        return _value_possible(valued)
    return _values_possible(valued)


def missing_meets(test: Test) -> bool:
    """Whether a missing key meets the test."""
    if test.operator is Operator.NULL:
        return "true" in _folded(test.values)
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
    if all(test.operator and test.operator.negative is not negated for test, negated in single):
        # Many values are no contradiction: what negated operators make of them without a set operator is not known.
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
            return any(all(_bool(t, value) is not n for t, n in valued) for value in ("true", "false"))
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


def _folded(values: Iterable[str]) -> set[str]:
    return {value.lower() for value in values}


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


def _bool(test: Test, value: str) -> bool:
    return value in _folded(test.values)


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
        patterns = tuple(_characters(value.lower() if fold else value, wild) for value in test.values)
        yield _Wanted(patterns, test.operator.negative is not negated, fold)


def _wanted_arns(valued: Iterable[Weighed]) -> Iterator[_Wanted]:
    for test, negated in valued:
        assert test.operator is not None
        if _family(test) == "arn":
            yield _Wanted(tuple(map(_of_arn, test.values)), test.operator.negative is not negated)


def _of_arn(pattern: str) -> tuple[str, ...]:
    """The pattern, in which wildcards before the last segment stay within theirs."""
    segments = pattern.split(":", ARN_SEGMENTS - 1)
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
        return tuple(text)
    return tuple(ESCAPED.get(character, character) for character in text)


State = tuple[frozenset[int], ...]


def walk(wanted: list[_Wanted]) -> bool:
    """Whether some text meets all of them."""
    plain = _plainly(wanted)
    return _walk(tuple(wanted)) if plain is None else plain


def _plainly(wanted: list[_Wanted]) -> bool | None:
    """The answer where policies ask for texts by name or by one pattern, as nearly all do; None elsewhere."""
    for one in wanted:
        if not one.negated and not one.fold and not any(map(_is_wild, one.patterns)):
            # Only these very texts will do: look at each.
            others = [other for other in wanted if other is not one]
            return any(all(_meets(other, text) for other in others) for text in one.patterns)
    positive = [one for one in wanted if not one.negated]
    if not positive and all(set(p) - WILD for one in wanted for p in one.patterns):
        return True  # A text of a character that no pattern mentions.
    if len(wanted) == 1 and positive:
        return bool(positive[0].patterns)
    return None


def _is_wild(pattern: tuple[str, ...]) -> bool:
    return not WILD.isdisjoint(pattern)


def _meets(wanted: _Wanted, text: tuple[str, ...]) -> bool:
    states: State = tuple(_closed(pattern, {0}) for pattern in wanted.patterns)
    for character in text:
        states = _advance(wanted, states, character)
    return _accepts(wanted, states)


@lru_cache(maxsize=65536)
def _walk(wanted: tuple[_Wanted, ...]) -> bool:
    """A breadth-first walk over the states of every pattern's automaton at once.

    The same tests meet in alternative after alternative of one formula, and in that of many requests.
    """
    fold = any(w.fold for w in wanted)
    mentioned = {c for w in wanted for p in w.patterns for c in p} - WILD
    alphabet = [*sorted(mentioned | ({c.upper() for c in mentioned} if fold else set())), "\uffff"]
    start = tuple(tuple(_closed(p, {0}) for p in w.patterns) for w in wanted)
    seen = {start}
    queue = [start]
    while queue:
        state = queue.pop()
        if all(_accepts(w, s) for w, s in zip(wanted, state, strict=True)):
            return True
        if len(seen) > MOST_STATES:
            return True
        for character in alphabet:
            after = tuple(_advance(w, states, character) for w, states in zip(wanted, state, strict=True))
            if after not in seen and not _hopeless(wanted, after):
                seen.add(after)
                queue.append(after)
    return False


def _advance(wanted: _Wanted, states: State, character: str) -> State:
    read = character.lower() if wanted.fold else character
    return tuple(_step(pattern, state, read) for pattern, state in zip(wanted.patterns, states, strict=True))


def _hopeless(wanted: tuple[_Wanted, ...], state: tuple[State, ...]) -> bool:
    return any(not w.negated and not any(s) for w, s in zip(wanted, state, strict=True))


def _accepts(wanted: _Wanted, states: State) -> bool:
    matched = any(len(p) in s for p, s in zip(wanted.patterns, states, strict=True))
    return matched is not wanted.negated


def _closed(pattern: tuple[str, ...], states: set[int]) -> frozenset[int]:
    """With every position that a ``*`` lets it skip to."""
    closed = set(states)
    for position in sorted(states):
        while position < len(pattern) and pattern[position] in ("*", ANY_IN_SEGMENT):
            position += 1
            closed.add(position)
    return frozenset(closed)


def _step(pattern: tuple[str, ...], states: frozenset[int], character: str) -> frozenset[int]:
    after: set[int] = set()
    for position in states:
        if position < len(pattern):
            wanted = pattern[position]
            if wanted == "*" or (wanted == ANY_IN_SEGMENT and character != ":"):
                after.add(position)
            elif wanted in ("?", character) or (wanted == ONE_IN_SEGMENT and character != ":"):
                after.add(position + 1)
    return _closed(pattern, after)


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
