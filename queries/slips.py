"""Words that are nearly ones that roles are asked for with: offered, and never taken silently for what was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..errors import UsageError


class Slip(UsageError):
    """Words that name nothing, though others like them would: ``said`` is the whole text, ``meant`` the same mended."""

    def __init__(self, unknown: Collection[str], said: str, meant: str) -> None:
        super().__init__(f"nothing is called {' '.join(unknown)!r}", f'Did you mean "{meant}"?', {"sentence": meant})
        self.said = said
        self.meant = meant

    def within(self, sentence: str) -> UsageError:
        """The same, for the sentence that the words were part of."""
        if self.said not in sentence:
            return self
        mended = sentence.replace(self.said, self.meant)
        return UsageError(self.message, f'Did you mean "{mended}"?', {"sentence": mended})


def mended(said: str, unknown: Iterable[str], known: Collection[str]) -> str | None:
    """The text with each unknown word replaced by the known one that it is nearly; None where one is near to none.

    A word that is only part of a name (``prdo`` of ``PrdoAdmin``) is left to those who look for names.
    """
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    for word in unknown:
        folded = word.casefold()
        allowed = 1 if len(folded) < 6 else 2
        near = extractOne(folded, sorted(known), scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
        if near is None or len(folded) < 3 or near[0][0] != folded[0]:
            return None
        said, found = re.subn(rf"(?<!\S){re.escape(word)}(?!\S)", near[0], said)
        if not found:
            return None
    return said
