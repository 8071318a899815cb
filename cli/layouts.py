"""Lines of JSON whose policies recur, read without decoding those again.

Nine tenths of a request are its policies, and most lines have the policies of other lines. In what order a line has its
fields is learned from one that was decoded as a whole. Another of that layout is read piece by piece: each field with
policies is a piece, and so is what stands before, between and after them. Which policies come next is guessed from what
came after the same ones, or after the same principal, in an earlier line, so that the text need only be compared. Where
the guess is wrong the piece is cut out and looked up by its bytes.

A line is read in this way only where that is sure to come to the same: each piece, with a brace on both sides, is an
object by itself, and no two have a member of the same name. Then the pieces one after another are an object too.
Whatever is not plain is left to those who decode the line as a whole, errors of all kinds among it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from ..errors import MunimentError

MOST: Final = 4
"""Layouts that are tried on a line, the one that was last met first."""

BUDGET: Final = 1 << 23
"""Bytes of texts that are remembered."""

GUESSES: Final = 1 << 16
"""Texts that others are known to come after."""

ENDS: Final = (b"}\n", b"}")
"""How a line ends after its last member, most often."""

WHITESPACE: Final = b" \t\n\r"
"""What JSON takes for that, which is less than Python does."""

Understand = Callable[[str, object], object]
"""What takes the place of a field's policies, by its name and content; a MunimentError where they are of no use."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A field with policies: how its text begins, how the field after it does, which is empty where there is none, and
    whether it comes ``apart`` from the one before, after other fields."""

    name: str
    opening: bytes
    following: bytes
    apart: bool


@dataclass(slots=True, eq=False)
class Piece:
    """The text of a field with policies, from the comma or brace before its name on, and what was understood of it."""

    name: str
    text: bytes
    understood: object


class Layouts:
    """The layouts that were met, and what was understood of the texts in them."""

    def __init__(self, fields: frozenset[str], understand: Understand, budget: int = BUDGET) -> None:
        from ..analysis.iam.remembered import Generations

        self._fields = fields
        self._understand = understand
        self._met: list[tuple[Cut, ...]] = []
        self._known: Generations[bytes, Piece] = Generations(budget, len)
        self._after: dict[object, Piece] = {}
        self._turns = 0

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
        apart = False
        for name, opening, following in zip(names, opened, [*opened, b""][1:], strict=True):
            cut = name in self._fields
            if cut:
                yield Cut(name, opening, following, apart)
            apart = not cut

    def read(self, line: bytes) -> dict[str, object] | None:
        """The object that the line holds, its policies understood; None where it takes decoding the line to tell."""
        for cuts in self._met:
            try:
                return self._read(line, cuts)
            except (ValueError, TypeError, MunimentError):
                continue  # Whoever decodes the line as a whole says what is wrong, if anything is.
        return None

    def _read(self, line: bytes, cuts: tuple[Cut, ...]) -> dict[str, object]:
        """The object; ValueError, TypeError or MunimentError where the line has another layout, or is not plain."""
        given: dict[str, object] = {}
        members = len(cuts)
        at = 0
        before: object = None
        guess, begins = self._after.get, line.startswith
        for cut in cuts:
            if cut.apart:
                end = line.rindex(b",", at, line.index(cut.opening, at))
                others = _members(line, at, end)
                given.update(others)
                members += len(others)
                at = end
                if before is None:
                    before = _text(given.get("principal"))
            piece = guess(before)
            if piece is None or not begins(piece.text, at):
                piece = self._next(line, at, cut)
                self._guess(before, piece)
            given[piece.name] = piece.understood
            at += len(piece.text)
            before = piece
        if line[at:] not in ENDS:
            end = line.rindex(b"}", at)
            others = _members(line, at, end) if end > at else {}
            given.update(others)
            members += len(others)
            if line[end + 1 :].strip(WHITESPACE):
                raise ValueError("more than an object")
        if len(given) != members:
            raise ValueError("a member twice")
        return given

    def _next(self, line: bytes, at: int, cut: Cut) -> Piece:
        """The piece that begins there, by the layout."""
        last = not cut.following
        end = line.rindex(b"}", at) if last else line.rindex(b",", at + 1, line.index(cut.following, at + 1))
        text = line[at:end]
        if text[:1] != _before_name(at):
            raise ValueError("not the next member")
        piece = self._known[text]
        if piece is None:
            ((name, content),) = _members(line, at, end).items()
            if name != cut.name:
                raise ValueError("not the next field")
            piece = self._known.keep(text, Piece(name, text, self._understand(name, content)))
        return piece

    def _guess(self, before: object, piece: Piece) -> None:
        """Guess the next time that this piece comes after that text, for as long as it is remembered anyway."""
        if self._turns != self._known.turns or len(self._after) >= GUESSES:
            self._turns = self._known.turns
            self._after.clear()
        if piece.text in self._known:
            self._after[before] = piece


def _members(line: bytes, start: int, end: int) -> dict[str, object]:
    """The members of the line's object between the comma or brace at ``start`` and that at ``end``. ValueError where
    there are none, or orjson lost some of them."""
    if line[start : start + 1] != _before_name(start):
        raise ValueError("not the next member")
    text = line[:end] + b"}" if not start else b"{%b}" % line[start + 1 : end]
    members: dict[str, object] = orjson.loads(text)
    if not members:
        raise ValueError("a comma too many")
    if not loses_nothing(text, orjson.dumps(members)):
        raise ValueError("not plain")
    return members


def _before_name(at: int) -> bytes:
    return b"," if at else b"{"


def _text(principal: object) -> str:
    """A principal as what policies come after: its ARN; any other as the same."""
    return principal if isinstance(principal, str) else ""


def loses_nothing(text: bytes, again: bytes) -> bool:
    """Whether orjson lost nothing of a text, which it decoded and encoded again.

    It keeps the last member of a name, and makes a floating-point number of an integer of more than 64 bits. A member
    that it dropped took its colon along; only where one is written as an escape does that not tell.
    """
    return text == again or (text.count(b":") == again.count(b":") and b"\\u003" not in text and b"e+" not in again)
