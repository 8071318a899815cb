"""The same question in other words, where no pattern takes the sentence as it stands.

A sentence and every way to ask a question are reduced to what they speak of: synonyms are one, words that say nothing
are left out, and order counts only where it turns the meaning round. The sentence asks a question when it says all that
one of its ways says, denies as often, and adds only words that other ways to ask the same question have as well. A word
that no way of it has (``yesterday``, ``both``, ``encrypted``) asks for something else, so nothing is guessed. Where two
questions fit equally well, neither is taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import TypeAlias

from .patterns import Pattern
from .question import Question, Slot
from .synonyms import BY, DIRECTED, NAME, NOT, concepts, spoken

_MOST = 3000
"""Ways to read one pattern that are gone through; one with more is left to itself."""
_NAMED = frozenset({Slot.TEXT, Slot.THING, Slot.PRINCIPAL})
"""What a name in a sentence may stand for. Roles in words, actions and resources are left to the patterns."""
_YES_OR_NO = frozenset({"is", "are", "was", "were", "do", "does", "did", "has", "have"})
"""Words that begin a way to ask whether, which is asked alike of a thing and of its opposite."""
_BIDDING = """
add assign attach block change close create deactivate delegate delete deny detach disable enable fix give grant kill
lock make reduce remove rename revoke rotate share stop suspend tag unlock update
"""
_ORDERS = frozenset(_BIDDING.split())
"""What a sentence begins with that wants something done."""
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_ONES = {"a": 1, "one": 1, "an": 1, "two": 2, "three": 3, "six": 6}
_SHORT_SPAN = re.compile(r"(?<!\S)(\d+) ?(d|w|y|mo) ")
_SPELLED = {"d": "days", "w": "weeks", "y": "years", "mo": "months"}
_SAID_SPAN = {
    "half a year ": "182 days ",
    "half year ": "182 days ",
    "since yesterday ": "in the last 1 days ",
    "fortnight ": "14 days ",
}
_SPAN = re.compile(
    r"(?<!\S)(?:(?:in|for|within|during|over|since|more than|at least|than) )*(?:the )*(?:(?:last|past) )?"
    r"(?:(\d+|a|an|one|two|three|six) )?(day|week|month|quarter|year)s? "
)
_PLACE = re.compile(
    r"(?<!\S)(?:in|of|for|from|within|across|about) (?:the |our |all )*"
    r"((?:\ue001\d+ |prod |production |prd |live |dev |development |test |staging |stage |sandbox |nonprod "
    r"|non-prod |non-production |qa |uat )+)(?:accounts? |environments? |env )?$"
)
_DAYS_OF_A_WAY = re.compile(r"(?:for |in |since )?(?:than )?(?:the )?(?:last |past )?(\{days\} )days ")
_SLOT = re.compile(r"\{(\w+)[^}]*\} ")
_NAME = re.compile(r"\ue001(\d+) ")
_LIKE_A_NAME = re.compile(r"(?=.*[a-z])(?:.*\w[-_/:@.]\w.*)|\d{12}|arn:.*")
_OTHER = re.compile(r"[^\w*\ue001:/'-]+")

Pair: TypeAlias = tuple[str, str]
"""A concept, and one behind it for which that matters."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What words speak of, how many of them deny, and what stands before what."""

    says: frozenset[str]
    denies: int
    order: frozenset[Pair]

    def within(self, other: _Words, vocabulary: frozenset[str]) -> bool:
        """Whether the other say all that these do, in the same direction, and beside that only known words."""
        return (
            self.says <= other.says
            and self.denies == other.denies
            and other.says - self.says <= vocabulary
            and self.order == {pair for pair in other.order if self.says.issuperset(pair)}
        )


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to ask: its words, and the parameters that they give beside those that must be given."""

    words: _Words
    slots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reduced:
    """A question as what its ways to ask speak of."""

    question: Question
    ways: frozenset[_Way]
    vocabulary: frozenset[str]

    def weights(self, said: _Words, given: Collection[str]) -> Iterator[int]:
        """How much of a sentence each way knows that says the same.

        Where a way that knows more of it denies more or less than it does, the sentence asks for the opposite.
        """
        known = [way for way in self.ways if way.words.says <= said.says]
        most = max((len(way.words.says) for way in known), default=0)
        for way in known:
            if len(way.words.says) == most and way.slots <= set(given) and way.words.within(said, self.vocabulary):
                weight = most + way.words.denies + len(way.slots)
                if weight > 1:
                    yield weight


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence: its words, the names among them, and the days and the place that it speaks of."""

    words: _Words
    names: tuple[str, ...]
    days: str
    place: str


def reduced(asked: Iterable[tuple[Question, Sequence[Pattern]]]) -> list[Reduced]:
    """Questions and their patterns as what they speak of."""
    return [_reduced(question, patterns) for question, patterns in asked]


def meant(words: Sequence[tuple[str, str]], asked: Iterable[Reduced]) -> list[tuple[Question, dict[str, str]]]:
    """The questions that a sentence, word by word as written and in small letters, asks; one where it is clear."""
    if words and words[0][0].casefold() in _ORDERS:
        return []
    said = _said(words)
    best: dict[str, tuple[int, Question, dict[str, str]]] = {}
    for one in asked:
        given = _given(said, one.question)
        if given is None:
            continue
        if weight := max(one.weights(said.words, given), default=0):
            best[one.question.id] = (weight, one.question, given)
    most = max((weight for weight, _, _ in best.values()), default=0)
    return [(question, given) for weight, question, given in best.values() if weight == most]


def _given(said: _Said, question: Question) -> dict[str, str] | None:
    """What the sentence gives for the parameters; None where it names what the question has no parameter for."""
    needed = [p for p in question.parameters.values() if p.default is None]
    slots = {p.slot: p.name for p in question.parameters.values() if p.default is not None}
    if any(p.slot not in _NAMED for p in needed) or len(said.names) != len(needed) or len(needed) > 1:
        return None
    given = {p.name: name for p, name in zip(needed, said.names, strict=True)}
    for slot, text in ((Slot.DAYS, said.days), (Slot.ACCOUNTS, said.place)):
        if text and slot not in slots:
            return None
        if text:
            given[slots[slot]] = text
    return given


def _said(words: Sequence[tuple[str, str]]) -> _Said:
    names: list[str] = []
    line = ""
    for written, folded in words:
        bare = _OTHER.sub(" ", folded).strip()
        if folded == "\ue000" or (bare not in concepts() and _LIKE_A_NAME.fullmatch(folded)):
            line += f"\ue001{len(names)} "
            names.append(written)
        else:
            line += "".join(f"{word} " for word in bare.split())
    place = ""
    if found := _PLACE.search(line):
        place = _NAME.sub(lambda name: f"{names[int(name[1])]} ", found[1]).strip()
        line = line[: found.start()]
    line = _SHORT_SPAN.sub(lambda found: f"{found[1]} {_SPELLED[found[2]]} ", line)
    for said, spelled in _SAID_SPAN.items():
        line = re.sub(rf"(?<!\S){said}", spelled, line)
    days = ""
    for span in _SPAN.finditer(line):
        count = span[1] or ("1" if re.search(r"\b(?:last|past|a) ", span[0]) else "")
        if count:
            days = str(int(_ONES.get(count, count)) * _DAYS[span[2]])
            line = line[: span.start()] + line[span.end() :]
            break
    kept = tuple(names[int(name[1])] for name in _NAME.finditer(line))
    return _Said(_words(_NAME.sub(f"{NAME} ", line)), kept, days, place)


def _words(line: str) -> _Words:
    """What a line speaks of. A word that is in no table stands for itself."""
    says = [*spoken(line.split())]
    denies = says.count(NOT)
    says = [*dict.fromkeys(concept for concept in says if concept != NOT)]
    directed = DIRECTED - {"use"} if denies else DIRECTED
    order = frozenset(
        (a, b) for a, b in combinations(says, 2) if a.removesuffix(BY) in directed or b.removesuffix(BY) in directed
    )
    return _Words(frozenset(says), denies, order)


def _reduced(question: Question, patterns: Sequence[Pattern]) -> Reduced:
    needed = {p.name for p in question.parameters.values() if p.default is None}
    given = {p.name for p in question.parameters.values() if p.slot in (Slot.DAYS, Slot.ACCOUNTS)}
    ways = frozenset(way for pattern in patterns for way in _ways(pattern, needed) if way.slots <= given)
    return Reduced(question, ways, frozenset().union(*(way.words.says for way in ways)))


def _ways(pattern: Pattern, needed: Collection[str]) -> Iterator[_Way]:
    if pattern.beginnings and pattern.beginnings <= _YES_OR_NO:
        return  # it asks whether, and means either
    for line in _lines(pattern.parts):
        line = _DAYS_OF_A_WAY.sub(r"\1", line)
        slots = frozenset(_SLOT.findall(line)) - set(needed)
        yield _Way(_words(_SLOT.sub(lambda slot: f"{NAME} " if slot[1] in needed else "", line)), slots)


@lru_cache(maxsize=8192)
def _said_by(line: str) -> tuple[_Words, tuple[str, ...]]:
    """What is alike in lines that say the same."""
    return _words(_SLOT.sub("", line)), tuple(_SLOT.findall(line))


def _lines(parts: Sequence[str]) -> set[str]:
    """The lines that a pattern stands for; none where they are too many."""
    try:
        return _alternatives(parts, 0)[0]
    except OverflowError:
        return set()


def _alternatives(parts: Sequence[str], at: int) -> tuple[set[str], int]:
    """The lines that a sequence from there stands for, and where it ends."""
    every: set[str] = set()
    lines = {""}
    while True:
        part = parts[at] if at < len(parts) else ""
        if part in ("", ")", "]"):
            return every | lines, at
        if part == "|":
            every |= lines
            lines = {""}
        elif part in ("(", "["):
            inner, at = _alternatives(parts, at + 1)
            inner = {*{_said_by(line): line for line in sorted(inner | ({""} if part == "[" else set()))}.values()}
            if len(lines) * len(inner) > _MOST:
                raise OverflowError
            lines = {a + b for a, b in product(lines, inner)}
        else:
            lines = {f"{line}{part} " for line in lines}
        at += 1
