"""From a sentence to a question and its parameters; when unsure, to the nearest questions instead of a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from .courtesies import SHORT, bounds
from .library import Folders, questions
from .meaning import Reduced, meant, reduced
from .nearness import nearest
from .patterns import FILLING, FINDERS, Pattern, as_pattern
from .question import Question, Slot
from .refusals import unclear
from .sorts import SORTS
from .synonyms import denials
from .words import ADMIN_WORDS, words

_TOKENS = re.compile(r"\"([^\"]*)\"|“([^”]*)”|(?<!\S)'([^']*)'(?!\w)|`([^`]*)`|(\S+)")
_CHANGING = """
not no never without except excluding unless nobody neither nor cannot besides can't cant isn't doesn't don't won't
shouldn't should but and or if when that it they will would can could is are was were be been being did does do has have
had by via through like than who what which how yesterday ago since before after tomorrow week month year able unable
done assume assumed become effectively actually only anymore longer also both them it this there themselves itself other
own owns owned
"""
_DEMANDED = {
    "admin": ADMIN_WORDS,
    "identity": frozenset({"human", "machine", "service", "unknown"}),
    "role": frozenset({"role", "roles"}),
    "owned": frozenset(SORTS),
    "provider": frozenset({"github", "gitlab", "bitbucket", "terraform", "okta", "entra", "google", "oidc", "saml"}),
}
"""What ``{slot:admin}`` and the like in a pattern insist on: one of these words."""
_ALONE = "owned"
"""What is demanded as all that the slot holds: who asks for public buckets asks for fewer than buckets."""
_WHOLE = "provider"
"""What is demanded as a word, or a label of a host's name: the role terraform-runner is not the provider Terraform."""
_NO_DATA = ADMIN_WORDS | {"role", "roles", "user", "users", "group", "account", "accounts"}
"""Words that no data is asked for with: ``{slot:data}`` in a pattern refuses them, and demands nothing else."""
Ways: TypeAlias = tuple[Question, list[Pattern]]
"""A question and every way to ask it."""
_UNSURE = frozenset(_CHANGING.split()) | denials()
"""Words that change what is asked: where a slot would swallow one, the sentence was not understood."""

_PREPOSITIONS = """
for of from with to on at about into by under over
"""
_JOINING = frozenset(_PREPOSITIONS.split())
"""Words that no name begins with: a pattern that leaves one to a slot has not understood it."""
_PRONOUNS = """
anyone anybody everyone everybody someone somebody nobody most any all every each these those others other i we you they
people users roles
"""
_NOBODY = frozenset(_PRONOUNS.split())
"""Words that stand for nobody in particular, where somebody is to be named."""
_ROLE = re.compile(r"(\S*[-_/:]\S*) role", re.IGNORECASE)
"""A name, and what it is the name of."""
_NO_ROLE = frozenset({"policy", "policies", "real", "true", "actual", "others"})
"""Words that no role is asked for with: what is asked for is a policy, who the administrators are, or about people."""
_ARTICLES = frozenset({"the", "our", "a", "an", "my"})
_THINGS = """
policy role user group principal bucket secret key queue topic table resource repository repo pipeline project
workspace account
"""
_SORTS = frozenset(_THINGS.split())
_ACTING = frozenset({"role", "user", "group", "principal"})
"""What a name may be introduced as: ``the policy lake-administrator``."""
_NO_PLACE = _JOINING | {"able", "free", "allowed", "list", "organization", "organisation"}
"""Words that no account or environment is called by."""
_NAMES = frozenset({Slot.PRINCIPAL, Slot.THING})


@dataclass(frozen=True, slots=True)
class Understood:
    """A question and what the sentence gives for its parameters, in the sentence's own words."""

    question: Question
    given: Mapping[str, str]
    others: tuple[Understood, ...] = ()
    """Readings that are as good, of the same words: the graph tells which of them names what there is."""

    @property
    def interpretation(self) -> str:
        """The question with what is given, as it was understood."""
        words = {name: p.default or "" for name, p in self.question.parameters.items()} | dict(self.given)
        said = re.sub(r"\{(\w+)(?::\w+)?\}", lambda slot: words[slot[1]] or f"<{slot[1]}>", self.question.question)
        beside = [f"{name} = {text}" for name, text in self.given.items() if f"{{{name}" not in self.question.question]
        return f"{said} ({', '.join(beside)})" if beside else said


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool

    @property
    def folded(self) -> str:
        return "\ue000" if self.quoted else self.text.casefold()


def understand(sentence: str, folders: Folders = ()) -> Understood:
    """What a sentence asks. UsageError, with the nearest questions, where that is not clear."""
    asked = _asked(tuple(folders))
    tokens = _tokens(sentence)
    for words_of in (_as_written, _corrected):
        found = list(_matches(asked, tokens, words_of(asked, tokens)))
        if found:
            best = max(fit for fit, _ in found)
            return _first(sentence, {u.question.id: u for fit, u in reversed(found) if fit == best})
    for words_of in (_as_written, _nearly):
        folded = words_of(asked, tokens)
        first, last = (_line(folded).count(" ", 0, at) for at in bounds(_line(folded)))
        spoken = zip([token.text for token in tokens[first:last]], folded[first:last], strict=True)
        if len(likely := meant([*spoken], _reduced(tuple(folders)))) == 1:
            return Understood(*likely[0])
    raise unclear(sentence, nearest(sentence, folders=folders))


def _first(sentence: str, top: Mapping[str, Understood]) -> Understood:
    """Of readings that fit equally well the only one, or one with the others where all are of one and the same name."""
    one, *others = sorted(top.values(), key=lambda reading: Slot.TARGET not in _slots(reading))
    if any(len(one.given) != 1 or [*other.given.values()] != [*one.given.values()] for other in others):
        raise unclear(sentence, [reading.question for reading in top.values()])
    return replace(one, others=tuple(others))


def _slots(reading: Understood) -> set[Slot]:
    return {reading.question.parameters[name].slot for name in reading.given}


def _matches(
    asked: Sequence[Ways], tokens: Sequence[_Token], folded: Sequence[str]
) -> Iterator[tuple[tuple[int, int], Understood]]:
    """Every way to understand the words, with its fit: how many it knows, then how much it demands of the others."""
    line = _line(folded)
    start, end = bounds(line)
    starts = {start, 0}
    after = set(starts)
    if finder := FINDERS.match(line, start, end):
        filling = FILLING.match(line, finder.end(), end)
        after |= {finder.end(), filling.end() if filling else finder.end()}
    for question, patterns in asked:
        for pattern in patterns:
            for first in sorted(after if pattern.finds else starts, reverse=True):
                word = line[first : line.find(" ", first)]
                if pattern.beginnings and word not in pattern.beginnings:
                    continue
                if found := pattern.expression.fullmatch(line, first, end):
                    given = _given(tokens, line, found)
                    if _sensible(given, pattern):
                        taken = sum(len(value.split()) for value in given.values())
                        known = len(line[min(first, start) : end].split()) - taken
                        demanded = sum(what in _DEMANDED for what in pattern.demands.values())
                        yield (known, demanded), Understood(question, _introduced(given, pattern))


def _line(folded: Sequence[str]) -> str:
    return "".join(f"{word} " for word in folded)


def _given(tokens: Sequence[_Token], line: str, found: re.Match[str]) -> dict[str, str]:
    given = {}
    for name, text in found.groupdict().items():
        if text:
            first = line.count(" ", 0, found.start(name))
            given[name] = " ".join(token.text for token in tokens[first : first + text.count(" ")])
    return given


def _introduced(given: Mapping[str, str], pattern: Pattern) -> dict[str, str]:
    """Names without the words that introduce them."""
    plain = {Slot.PRINCIPAL: _name, Slot.THING: _name, Slot.TARGET: _role}
    return {name: plain.get(pattern.slots[name], str)(text) for name, text in given.items()}


def _sort(text: str) -> str:
    """What a name is introduced as; empty where it is not."""
    said = [word for word in text.casefold().split(" ") if word not in _ARTICLES]
    return said[0] if len(said) > 1 and said[0] in _SORTS else ""


def _role(text: str) -> str:
    named = _ROLE.fullmatch(text)
    return named[1] if named else text


def _name(text: str) -> str:
    said = text.split(" ")
    for introducing in (_ARTICLES, _SORTS):
        if len(said) > 1 and said[0].casefold() in introducing:
            said = said[1:]
    return " ".join(said)


def _sensible(given: Mapping[str, str], pattern: Pattern) -> bool:
    for name, text in given.items():
        first = text.split()[0].casefold()
        if first in _JOINING or (pattern.slots[name] in _NAMES and _name(text).split()[0].casefold() in _NOBODY):
            return False
        if pattern.slots[name] is Slot.PRINCIPAL and _sort(text) not in (_ACTING | {""}):
            return False
        if pattern.slots[name] is Slot.ACCOUNTS and _NO_PLACE & set(text.casefold().split()):
            return False
        if _UNSURE & set(text.casefold().replace("’", "'").split()):
            return False
        if pattern.slots[name] is Slot.TARGET and not _NO_ROLE.isdisjoint(text.casefold().split()):
            return False
        if pattern.demands.get(name) == "data" and not _NO_DATA.isdisjoint(text.casefold().split()):
            return False
        demand = pattern.demands.get(name, "")
        if demand == _ALONE and text.casefold() not in SORTS:
            return False
        said = re.split(r"[\s.]", text.casefold()) if demand == _WHOLE else words(text)
        if demand in _DEMANDED and _DEMANDED[demand].isdisjoint(said):
            return False
    return True


def _tokens(sentence: str) -> list[_Token]:
    text = unicodedata.normalize("NFC", sentence).replace("’", "'")
    found = []
    for match in _TOKENS.finditer(text):
        quoted = next((group for group in match.groups()[:4] if group is not None), None)
        if quoted is not None:
            found.append(_Token(quoted, quoted=True))
        elif bare := match[5].strip(",;").rstrip("?!.:").strip("\"'“”"):
            found += [_Token(word, quoted=False) for word in SHORT.get(bare.casefold(), bare).split()]
    return found


def _as_written(_asked: Sequence[Ways], tokens: Sequence[_Token]) -> list[str]:
    return [token.folded for token in tokens]


def _corrected(asked: Sequence[Ways], tokens: Sequence[_Token]) -> list[str]:
    """The words with slips of the finger mended, where a word is nearly one that questions are asked with."""
    return _mended(asked, tokens, 6)


def _nearly(asked: Sequence[Ways], tokens: Sequence[_Token]) -> list[str]:
    """The same with less licence, for words whose order does not count."""
    return _mended(asked, tokens, 9)


def _mended(asked: Sequence[Ways], tokens: Sequence[_Token], long: int) -> list[str]:
    """A word may have one slip, two where it is as long as ``long``."""
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    known = sorted({word for _, patterns in asked for p in patterns for word in p.literals if len(word) > 2})
    mended = []
    for token in tokens:
        word = token.folded
        if not token.quoted and word.isalpha() and len(word) > 2 and word not in known:
            allowed = 1 if len(word) < long else 2
            near = extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
            word = near[0] if near and near[0][0] == word[0] else word
        mended.append(word)
    return mended


@lru_cache(maxsize=16)
def _asked(folders: tuple[Path, ...]) -> list[Ways]:
    return [
        (asked, [Pattern.of(text, {name: p.slot for name, p in asked.parameters.items()}) for text in _ways(asked)])
        for asked in questions(folders).values()
    ]


@lru_cache(maxsize=16)
def _reduced(folders: tuple[Path, ...]) -> list[Reduced]:
    return reduced(_asked(folders))


def _ways(asked: Question) -> Iterator[str]:
    yield as_pattern(asked.question)
    yield from asked.variations
