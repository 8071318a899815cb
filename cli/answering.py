"""Answers to lines that hold a request each: a decision, or what is wrong with the line."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from ..errors import MunimentError, UsageError
from .layouts import BUDGET, Layouts, loses_nothing

LONGEST: Final = 10_000_000
"""Bytes of the longest line that is read, its line feed included: all policies that can apply to one request are less
than a tenth of it."""

MOST_STRANGE: Final = 5
"""So many fields that no request has are told."""

_HINT = "Give a request as one JSON object a line; docs/permissions.md shows one."


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands for a line once nothing more can be made of it: what is wrong, and what to do.

    The error itself would hold the frames that it went through, and with them this, for good.
    """

    message: str
    hint: str


class Answering:
    """What was understood of the lines so far, how many they were, and of how many there was no decision."""

    def __init__(self, budget: int = BUDGET) -> None:
        from ..analysis.iam.simulate import FIELDS, POLICY_FIELDS, answer, asked, decided, understood

        self.lines = self.failed = 0
        self.strange: dict[str, int] = {}
        """Fields that no request has, and the line in which each came first; some of them, where they are many."""
        self._fields = FIELDS
        self._layouts = Layouts(POLICY_FIELDS, understood, budget)
        self._asked, self._decided, self._answer = asked, decided, answer

    def answers(self, lines: Sequence[bytes]) -> Iterator[bytes]:
        """The answer to each of the next lines, ended with a line feed; none to a blank one.

        Each step is taken for all of them before the next one is: the code of a step stays in the processor's caches.
        """
        if lines and not self.lines:
            lines = [lines[0].removeprefix(codecs.BOM_UTF8), *lines[1:]]
        given = _each(self._given, lines)
        questions = _each(self._asked, given)
        decisions = _each(self._decided, questions)
        for line, one, question, decision in zip(lines, given, questions, decisions, strict=True):
            self.lines += 1
            if type(one) is dict and not one.keys() <= self._fields:
                self._notice(one)
            if type(decision) is Wrong:
                self.failed += 1
                id_ = one.get("id") if isinstance(one, dict) else _id_of(line)
                yield encoded({"id": id_, "error": f"line {self.lines}: {decision.message}", "hint": decision.hint})
            elif decision is not None:
                yield encoded(self._answer(question, decision))

    def _notice(self, given: dict[str, object]) -> None:
        for name in given:
            if name not in self._fields and len(self.strange) < MOST_STRANGE:
                self.strange.setdefault(name, self.lines)

    def _given(self, line: bytes) -> dict[str, object] | None:
        """The object that a line holds; None for a blank one."""
        known = self._layouts.read(line) if len(line) <= LONGEST else None
        if known is not None:
            return known
        line = line.removesuffix(b"\n")
        if not line or line.isspace():
            return None
        given = with_care(decoded(line), line)
        self._layouts.learn(given)
        return given


def _each(step: Callable[[Any], object], found: Sequence[Any]) -> list[Any]:
    """What a step makes of each; what is blank or wrong stays so."""
    taken: list[Any] = []
    for one in found:
        if one is not None and type(one) is not Wrong:
            try:
                taken.append(step(one))
            except MunimentError as error:
                taken.append(Wrong(error.message, error.hint))
        else:
            taken.append(one)
    return taken


def decoded(line: bytes) -> dict[str, object]:
    """The object that a line holds; UsageError where it holds none."""
    if len(line) > LONGEST:
        raise UsageError(f"longer than {LONGEST:,} bytes", _HINT)
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"not JSON at column {error.colno}: {error.msg}", _HINT) from None
    if not isinstance(given, dict):
        raise UsageError("not a JSON object", _HINT)
    return given


def _id_of(line: bytes) -> object:
    """The id of a line that is not JSON but nearly is: a text of it breaks UTF-8, a number is none; else None."""
    try:
        id_ = json.loads(line[:LONGEST].decode(errors="surrogateescape"))["id"]
        orjson.dumps(id_)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return id_


def with_care(given: dict[str, object], line: bytes) -> dict[str, object]:
    """The object again where orjson may have lost some of it. UsageError where a name is given twice in an object."""
    try:
        again = orjson.dumps(given)
    except TypeError:
        raise UsageError("nested too deeply", _HINT) from None
    if loses_nothing(line, again):
        return given
    careful: dict[str, object] = json.loads(line, object_pairs_hook=_distinct)
    return careful


def _distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(members)
    if len(made) != len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"an object has {twice[:80]!r} twice", "A policy cannot have a key twice either.")
    return made


def encoded(answer: dict[str, object]) -> bytes:
    """One line of JSON; integers of any length, which an ``id`` may be, as they are, and halves of characters, which a
    policy in a text may have, as the escapes that they were."""
    try:
        return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(answer, separators=(",", ":")).encode() + b"\n"
