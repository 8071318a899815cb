"""Lines of JSON whose policies recur, read without decoding those again.

Nine tenths of a request are its policies, and most lines have the policies of other lines. In what order a line has its
fields is learned from one that was decoded as a whole. In another of that layout the text of each field with policies
is cut out and looked up by its bytes; only the rest is decoded, with a mark in place of each text.

A line is read in this way only where that is sure to come to the same. Each text is JSON by itself, so that it can
stand where its mark stands; every mark is found at the field that its text was cut from, and nowhere else. Whatever is
not plain is left to those who decode the line as a whole, errors of all kinds among it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from ..errors import MunimentError

if TYPE_CHECKING:
    from ..analysis.iam.remembered import Generations

MOST: Final = 4
"""Layouts that are tried on a line, the one that was last met first."""

BUDGET: Final = 1 << 23
"""Bytes of texts that are remembered."""

MARK: Final = "<policies>"
_MARK: Final = orjson.dumps(MARK)

Understand = Callable[[str, object], object]
"""What takes the place of a field's policies, by its name and content; a MunimentError where they are of no use."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A field with policies: how its text begins, and how the field after it does; empty where there is none."""

    name: str
    opening: bytes
    following: bytes


class Layouts:
    """The layouts that were met, and what was understood of the texts in them."""

    def __init__(self, fields: frozenset[str], understand: Understand) -> None:
        self._fields = fields
        self._understand = understand
        self._met: list[tuple[Cut, ...]] = []
        from ..analysis.iam.remembered import Generations

        self._understood: Generations[tuple[str, bytes], object] = Generations(BUDGET, lambda key: len(key[1]))

    def learn(self, given: Mapping[str, object]) -> None:
        """Take in the layout of a line that was decoded as a whole."""
        cuts = tuple(self._cuts(list(given)))
        if cuts in self._met:
            self._met.remove(cuts)
        if cuts:
            self._met.insert(0, cuts)
            del self._met[MOST:]

    def _cuts(self, names: list[str]) -> Iterator[Cut]:
        opened = [orjson.dumps(name) + b":" for name in names]
        for name, opening, following in zip(names, opened, [*opened, b""][1:], strict=True):
            if name in self._fields:
                yield Cut(name, opening, following)

    def read(self, line: bytes) -> dict[str, object] | None:
        """The object that the line holds, its policies understood; None where it takes decoding the line to tell."""
        for cuts in self._met:
            parts = _cut(line, cuts)
            if parts is None:
                continue
            try:
                given = self._joined(*parts, cuts)
            except (ValueError, TypeError, MunimentError):
                continue  # Whoever decodes the line as a whole says what is wrong, if anything is.
            if given is not None:
                return given
        return None

    def _joined(self, rest: bytes, texts: list[bytes], cuts: tuple[Cut, ...]) -> dict[str, object] | None:
        given = orjson.loads(rest)
        again = orjson.dumps(given)
        if not (isinstance(given, dict) and loses_nothing(rest, again) and again.count(_MARK) == len(cuts)):
            return None
        for cut, text in zip(cuts, texts, strict=True):
            understood = self._of(cut.name, text)
            if understood is None or given.get(cut.name) != MARK:
                return None
            given[cut.name] = understood
        return given

    def _of(self, name: str, text: bytes) -> object | None:
        """What is understood of a text; None where it is not JSON by itself, or orjson lost some of it."""
        found = self._understood[name, text]
        if found is not None:
            return found
        content = orjson.loads(text)
        if not loses_nothing(b'{"":%b}' % text, orjson.dumps({"": content})):  # As deep as it is in its line.
            return None
        return self._understood.keep((name, text), self._understand(name, content))


def _cut(line: bytes, cuts: tuple[Cut, ...]) -> tuple[bytes, list[bytes]] | None:
    """The line with a mark in place of each text, and the texts; None where it has another layout."""
    pieces: list[bytes] = []
    texts: list[bytes] = []
    at = 0
    found = -1
    following = b""
    for cut in cuts:
        if cut.opening != following:
            found = line.find(cut.opening, at)
        if found < 0:
            return None
        start = found + len(cut.opening)
        following = cut.following
        if following:
            found = line.find(following, start)
            end = line.rfind(b",", start, found) if found > 0 else -1
        else:
            end = line.rfind(b"}", start)
        if end < 0:
            return None
        pieces += line[at:start], _MARK
        texts.append(line[start:end])
        at = end
    return b"".join((*pieces, line[at:])), texts


def loses_nothing(text: bytes, again: bytes) -> bool:
    """Whether orjson lost nothing of a text, which it decoded and encoded again.

    It keeps the last member of a name, and makes a floating-point number of an integer of more than 64 bits. A member
    that it dropped took its colon along; only where one is written as an escape does that not tell.
    """
    whole = text == again or (text.count(b":") == again.count(b":") and b"\\u003" not in text)
    return whole and b"e+" not in again
