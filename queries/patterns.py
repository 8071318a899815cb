"""The little language in which a question says how it is asked.

    who (can|may) {become} {target} [please]

Words match themselves, ``(a|b c|)`` one of several, ``[x]`` may be left out, ``{slot}`` takes one or more words for
the parameter of that name, and ``{slot:admin}`` only words that speak of administration. ``{become}`` and the other
names in ``PHRASES`` stand for common phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .principals import KINDS
from .question import Slot

PHRASES: Mapping[str, str] = {
    "become": "(assume|become|be|get|get to|get into|get in as|get access to|gain|gain access to|reach|take|take on"
    "|take over|use|switch to|switch into|log in as|login as|sign in as|act as|impersonate|escalate to|obtain|access"
    "|enter|go to|elevate to|acquire) [role]",
}

_SLOTS: Mapping[Slot, str] = {
    Slot.INTEGER: r"\d+ ",
    Slot.DAYS: r"\d+ ",
    Slot.ACTION: r"(?:[\w-]+:[\w*?]+ |\* )",
    Slot.RESOURCE: r"(?:\S+ ){1,4}?",
    Slot.PRINCIPAL: r"(?:\S+ ){1,5}?",
    Slot.KINDS: "(?:" + "|".join(f"{re.escape(word)} " for word in sorted(KINDS, key=len, reverse=True)) + ")",
}
_GROUP = re.compile(r"\(([^()\[\]{}]*)\)")
_PHRASE = re.compile(r"\{(\w+)\}")
_ANYTHING = r"(?:\S+ ){1,12}?"
_PARTS = re.compile(r"[()\[\]|]|\{[^}]*\}|[^\s()\[\]|{}]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to ask. ``literals`` are the words it knows, ``demands`` what a slot's words must speak of."""

    expression: re.Pattern[str]
    literals: frozenset[str]
    demands: Mapping[str, str]


def compiled(text: str, slots: Mapping[str, Slot]) -> Pattern:
    """Compile a pattern; ValueError where it is malformed or names an undeclared parameter."""
    literals: set[str] = set()
    demands: dict[str, str] = {}
    parts = _PARTS.findall(_GROUP.sub(_longest_first, _PHRASE.sub(_phrase, text)))
    expression = "".join(_piece(text, part, slots, literals, demands) for part in parts)
    try:
        return Pattern(re.compile(expression), frozenset(literals), demands)
    except re.error as error:
        raise ValueError(f"the pattern {text!r} is malformed: {error}") from error


def _phrase(found: re.Match[str]) -> str:
    return PHRASES.get(found[1], found[0])


def _longest_first(group: re.Match[str]) -> str:
    """``(get|get to)`` as ``(get to|get)``: else a slot behind it would take the ``to``."""
    return f"({'|'.join(sorted(group[1].split('|'), key=lambda way: -len(way.split())))})"


def _piece(text: str, part: str, slots: Mapping[str, Slot], literals: set[str], demands: dict[str, str]) -> str:
    if part in ("(", "["):
        return "(?:"
    if part in (")", "|"):
        return part
    if part == "]":
        return ")?"
    if not part.startswith("{"):
        literals.add(part)
        return re.escape(part) + " "
    name, _, demand = part[1:-1].partition(":")
    if name not in slots:
        raise ValueError(f"the pattern {text!r} names {name}, which is no parameter")
    if demand:
        demands[name] = demand
    return f"(?P<{name}>{_SLOTS.get(slots[name], _ANYTHING)})"
