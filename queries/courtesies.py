"""What sentences have beside what they ask: words for short, and words of courtesy before and behind."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DENIED = (
    "are",
    "ca",
    "could",
    "did",
    "does",
    "do",
    "had",
    "has",
    "have",
    "is",
    "should",
    "was",
    "were",
    "wo",
    "would",
)
SHORT: Mapping[str, str] = {
    **{f"{word}nt": f"{word}n't" for word in _DENIED},
    "whos": "who is",
    "who's": "who is",
    "ppl": "people",
    "acct": "account",
    "accts": "accounts",
    "ous": "units",
    "ou": "unit",
    "grp": "group",
    "grps": "groups",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
}
"""What people write for short."""
_WORDS = """
please hey hi hello ok okay so and now muniment also well but good morning afternoon evening day dear team all everyone
colleagues folks sorry bother you again late quick question just kindly i am was were wondering if whether maybe perhaps
for our the meeting audit report quarterly weekly monthly review
"""
_POLITE = "|".join(_WORDS.split())
_ASKED = (
    r"(?:can|could|would|will) you (?:please |kindly |maybe )?(?:tell|show|give) (?:me|us) "
    r"|(?:would|could) you (?:please )?(?:let me know|explain) "
    r"|do you (?:happen to )?know |(?:i|we) (?:want|need) to know |(?:i|we) would like to (?:know|see) "
    r"|i'd like to (?:know|see) |let me know |tell me |explain |you could (?:tell|show) me "
)
_OPENINGS = re.compile(
    rf"^(?:(?:(?:sorry to )?(?:(?:{_POLITE}) )*)(?:{_ASKED})(?:please )?"
    r"|(?:please|hey|hi|hello|ok|okay|so|and|now|muniment|also|well) "
    r"|(?:show me|show|list) (?=who |which |what |how )"
    r"|(?:if|whether) )+"
)
"""Words of courtesy where they lead to words that ask, and a few that come by themselves."""
_CLOSINGS = re.compile(
    r"(?:(?:please|thanks(?: a lot| in advance)?|many thanks|thank you(?: very much)?|cheers|right now|now|today"
    r"|currently|at the moment|exactly|at all|asap|if possible|if that is (?:possible|ok|not too much trouble)"
    r"|for me) )+$"
)


def bounds(line: str) -> tuple[int, int]:
    """Where a sentence, in small letters with a space behind each word, begins and ends without courtesies."""
    opening = _OPENINGS.match(line)
    start = opening.end() if opening else 0
    closing = _CLOSINGS.search(line, start)
    return start, closing.start() if closing else len(line)
