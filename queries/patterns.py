"""The little language in which a question says how it is asked.

    who (can|may) {become} {target} [please]

Words match themselves, ``(a|b c|)`` one of several, ``[x]`` may be left out, ``{slot}`` takes one or more words for
the parameter of that name, and ``{slot:admin}`` only words that speak of administration. ``{become}`` and the other
names in ``PHRASES`` stand for common phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .principals import KINDS
from .question import Slot

_ASSUME = (
    "assume|get|get to|get into|get in as|get access to|gain access to|reach|take|take on|use|switch to|switch into"
    "|log in as|login as|sign in as|act as|impersonate|access|enter|go to"
)
_ESCALATE = "become|be|gain|obtain|acquire|take over|escalate to|elevate to|turn into|get control of|gain control of"
PHRASES: Mapping[str, str] = {
    "assume": f"({_ASSUME}) [role]",
    "escalate": f"({_ESCALATE}) [role]",
    "become": f"({_ASSUME}|{_ESCALATE}) [role]",
    "without": "(without|without any|without a|with no|who have no|that have no|have no|has no|having no|lacking|lack"
    "|who lack|that lack|missing|missing a|that are missing|do not have|does not have|don't have|doesn't have"
    "|that do not have|who do not have|that don't have|who don't have)",
    "unused": "(unused|stale|idle|dormant|inactive|not used|unneeded)",
}
"""``{assume}`` speaks of using roles as they are meant to be used, ``{escalate}`` of whatever leads there."""

FINDERS = re.compile(
    r"(?:(?:which are|which|what are|what|list all|list|show me|show us|show all|show|find all|find|give me|get me|get"
    r"|display|see|are there any|are there|do we have any|do we have|have we got|any|all|provide me with|provide"
    r"|send me|print|enumerate|i need|we need|i want to see|i want|can i see|can we see|could i see|can i get"
    r"|can i have|could i get|may i have|may i see|a list of|the list of|list of|an overview of|overview of) )+"
)
"""Words that ask for a list. A pattern that begins with such a group may be asked by any of them, or by none."""
FILLING = re.compile(r"(?:(?:all|any|of|the|our|my) )+")
"""Words that may stand behind them and say nothing."""

_SLOTS: Mapping[Slot, str] = {
    Slot.INTEGER: r"\d+ ",
    Slot.DAYS: r"\d+ ",
    Slot.ACTION: r"(?:[\w-]+:[\w*?]+ |\* )",
    Slot.RESOURCE: r"(?:\S+ ){1,4}?",
    Slot.PRINCIPAL: r"(?:\S+ ){1,5}?",
    Slot.KINDS: "(?:" + "|".join(f"{re.escape(word)} " for word in sorted(KINDS, key=len, reverse=True)) + ")",
}
_MARKS = re.compile(r"[,?.!]")
_GROUP = re.compile(r"\(([^()\[\]{}]*)\)")
_DEMAND = re.compile(r"\{(\w+):(\w+)\}")
_PHRASE = re.compile(r"\{(\w+)\}")
_ANYTHING = r"(?:\S+ ){1,12}?"
_SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
_INNERMOST = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_PARTS = re.compile(r"[()\[\]|]|\{[^}]*\}|[^\s()\[\]|{}]+")


@dataclass(frozen=True)
class Pattern:
    """One way to ask. It is taken apart at once but compiled only when it is tried, for there are many."""

    text: str
    slots: Mapping[str, Slot]
    finds: bool = False
    """Whether words that ask for a list may come before it."""

    @classmethod
    def of(cls, text: str, slots: Mapping[str, Slot]) -> Pattern:
        """The pattern, without the words that ask for a list where it begins with these."""
        group = _GROUP.match(text)
        finds = group is not None and all(FINDERS.fullmatch(f"{way} ") for way in group[1].split("|"))
        return cls(text[group.end() :].lstrip() if group and finds else text, slots, finds)

    @cached_property
    def parts(self) -> list[str]:
        """Words, brackets, bars and slots."""
        return _PARTS.findall(_GROUP.sub(_longest_first, _PHRASE.sub(_phrase, self.text)))

    @cached_property
    def literals(self) -> frozenset[str]:
        """The words that it knows."""
        return frozenset(part for part in self.parts if part not in "()[]|" and not part.startswith("{"))

    @cached_property
    def beginnings(self) -> frozenset[str] | None:
        """The words that a sentence must begin with to match; None where it may begin with anything."""
        words, _, _ = _first(self.parts, 0)
        return None if words is None else frozenset(words)

    @cached_property
    def demands(self) -> dict[str, str]:
        """What the words of a slot must speak of."""
        return dict(_DEMAND.findall(self.text))

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """It as a regular expression; ValueError where it is malformed or names an undeclared parameter."""
        expression = "".join(_piece(self.text, part, self.slots) for part in self.parts)
        try:
            return re.compile(expression)
        except re.error as error:
            raise ValueError(f"the pattern {self.text!r} is malformed: {error}") from error


def example(text: str) -> str:
    """A pattern as one would say it: the first of several ways, and what may be left out only where it is a parameter.

    >>> example("(who|which people) (can|may) {escalate} {target} [please] [in {accounts}]")
    'who can become <target> [in <accounts>]'
    """
    said, before = _PHRASE.sub(_phrase, text), ""
    while said != before:
        said, before = _INNERMOST.sub(_simplest, said), said
    return " ".join(_SLOT.sub(r"<\1>", said).split()).translate(_BRACKETS)


_BRACKETS = {ord("\N{LEFT WHITE SQUARE BRACKET}"): "[", ord("\N{RIGHT WHITE SQUARE BRACKET}"): "]"}


def _simplest(group: re.Match[str]) -> str:
    if group[1] is not None:
        ways = group[1].split("|")
        return "" if "" in ways else ways[0]
    left_out = group[2].partition("|")[0]
    return f"\N{LEFT WHITE SQUARE BRACKET}{left_out}\N{RIGHT WHITE SQUARE BRACKET}" if "{" in left_out else ""


def as_pattern(question: str) -> str:
    """A question as it is written, as a way to ask it."""
    return _MARKS.sub("", question.casefold())


def _first(parts: Sequence[str], at: int) -> tuple[set[str] | None, bool, int]:
    """The words that a sequence from there may begin with, whether it may be empty, and where it ends."""
    words: set[str] | None = set()
    may_be_empty, open_ = False, True
    while True:
        part = parts[at] if at < len(parts) else ""
        if part in ("", ")", "]", "|"):
            may_be_empty = may_be_empty or open_
            open_ = True
            if part != "|":
                return words, may_be_empty, at
            at += 1
            continue
        if part in ("(", "["):
            inner, empty, at = _first(parts, at + 1)
            empty = empty or part == "["
        else:
            inner, empty = (None if part.startswith("{") else {part}), False
        at += 1
        if open_:
            words = None if words is None or inner is None else words | inner
            open_ = empty


def _phrase(found: re.Match[str]) -> str:
    return PHRASES.get(found[1], found[0])


def _longest_first(group: re.Match[str]) -> str:
    """``(get|get to)`` as ``(get to|get)``: else a slot behind it would take the ``to``."""
    return f"({'|'.join(sorted(group[1].split('|'), key=lambda way: -len(way.split())))})"


def _piece(text: str, part: str, slots: Mapping[str, Slot]) -> str:
    if part in ("(", "["):
        return "(?:"
    if part in (")", "|"):
        return part
    if part == "]":
        return ")?"
    if not part.startswith("{"):
        return re.escape(part) + " "
    name = part[1:-1].partition(":")[0]
    if name not in slots:
        raise ValueError(f"the pattern {text!r} names {name}, which is no parameter")
    return f"(?P<{name}>{_SLOTS.get(slots[name], _ANYTHING)})"
