"""Which questions are most like a sentence that was not understood.

Words count by how few questions know them: ``mfa`` says more than ``which``. A word with a slip of the finger counts
for the one that it is nearly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from .library import Folders, questions
from .patterns import Pattern
from .question import Question

_WORDS = re.compile(r"[\w']+")
_SAME: Mapping[str, str] = {
    **dict.fromkeys(("who", "whom", "whose", "person", "principal", "identity", "anybody", "anyone"), "who"),
    **dict.fromkeys(("which", "what", "list", "show", "find", "give", "get", "display", "see"), "which"),
    **dict.fromkeys(("admin", "administrator", "superuser"), "administrator"),
    **dict.fromkeys(("escalate", "escalation", "privesc", "takeover", "become"), "become"),
    **dict.fromkeys(("mfa", "2fa", "factor"), "mfa"),
    **dict.fromkeys(("scp", "guardrail"), "scp"),
    **dict.fromkeys(("ou", "unit"), "unit"),
    **dict.fromkeys(("external", "outside", "outsider", "third", "foreign", "vendor", "stranger"), "outside"),
    **dict.fromkeys(("stale", "idle", "dormant", "unused", "inactive"), "unused"),
    **dict.fromkeys(("s3", "bucket"), "bucket"),
    **dict.fromkeys(("public", "internet", "exposed", "open"), "public"),
    **dict.fromkeys(("credential", "key"), "key"),
    **dict.fromkeys(("compute", "machine", "server", "instance", "ec2", "workload"), "compute"),
    **dict.fromkeys(("people", "human", "employee", "staff"), "people"),
    **dict.fromkeys(("contact", "responsible", "owner", "owned", "call", "phone"), "contact"),
    **dict.fromkeys(("use", "touch", "touched", "used"), "use"),
    **dict.fromkeys(("access", "read", "write", "download", "upload"), "access"),
    **dict.fromkeys(("assume", "enter", "reachable", "assumable"), "assume"),
    **dict.fromkeys(("most", "top", "ranking", "rank"), "most"),
}
"""Words that ask for the same. Only what is offered depends on them, never what is answered."""


_SMALL = """
a an and any are as at be been being by can could do does for from has have how i if in is it its may me my of on or
our please so some tell than that the their them there they this to us was we were will with would you your
"""
_LITTLE = frozenset(_SMALL.split())
"""Words that say nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to ask, as the words that it knows."""

    question: Question
    words: frozenset[str]


def nearest(sentence: str, limit: int = 4, folders: Folders = ()) -> list[Question]:
    """The questions that are most like the sentence, the most like it first."""
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    ways, weights = _ways(tuple(folders))
    known = list(weights)
    said = []
    for word in _folded(_spoken(sentence, known)):
        if word not in weights and len(word) > 3:
            near = extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=1 if len(word) < 6 else 2)
            word = near[0] if near else word
        said.append(word)
    rarest = max(weights.values(), default=1.0)
    total = sum(weights.get(word, rarest / 2) for word in said) or 1.0
    best: dict[str, float] = {}
    for way in ways:
        shared = sum(weights[word] for word in set(said) & way.words)
        own = sum(weights[word] for word in way.words) or 1.0
        best[way.question.id] = max(best.get(way.question.id, 0.0), shared / total + shared / own / 4)
    ranked = sorted(best, key=lambda name: -best[name])
    by_id = questions(folders)
    return [by_id[name] for name in ranked[:limit]]


@lru_cache(maxsize=16)
def _ways(folders: tuple[Path, ...]) -> tuple[list[_Way], dict[str, float]]:
    ways = []
    seen: Counter[str] = Counter()
    every = questions(folders).values()
    for asked in every:
        slots = {name: parameter.slot for name, parameter in asked.parameters.items()}
        found = [frozenset(_folded(_WORDS.findall(re.sub(r"\{[^}]*\}", " ", asked.question))))]
        found += [frozenset(_folded(_literals(Pattern(text, slots)))) for text in asked.variations]
        ways += [_Way(asked, words) for words in found]
        seen.update(frozenset().union(*found))
    return ways, {word: log(1 + len(every) / count) for word, count in seen.items()}


def _spoken(sentence: str, known: Container[str]) -> Iterator[str]:
    """The words of a sentence without those of names: ``backup-operator`` does not speak of backups."""
    for said in sentence.split():
        parts = _WORDS.findall(said)
        if len(parts) < 2 or all(word in known for word in _folded(parts)):
            yield from parts


def _literals(pattern: Pattern) -> Iterable[str]:
    return (word for literal in pattern.literals for word in _WORDS.findall(literal))


def _folded(words: Iterable[str]) -> list[str]:
    """Words in one form: small letters, without endings, and one for those that ask for the same."""
    singular = (_singular(word.casefold().removesuffix("'s")) for word in words)
    return [_stem(_SAME.get(word, word)) for word in singular if word not in _LITTLE]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _stem(word: str) -> str:
    """``assume``, ``assumed`` and ``assuming`` as one."""
    for ending in ("ing", "ed", "e"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word
