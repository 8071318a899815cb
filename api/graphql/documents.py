"""Documents that were understood already: programs send the same few again and again, with other variables.

Reading a document and holding it against the schema takes longer than most answers; what comes out of it depends on
nothing but its text.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from graphql import DocumentNode

LONGEST = 10_000
"""Characters of a document that is remembered."""
CHARACTERS = 200_000
"""Of all that are remembered. One understood takes a hundred times its text."""


@dataclass
class Documents:
    """Documents by their text, those asked for last. They are valid, and no larger than is allowed."""

    most: int = CHARACTERS
    _known: OrderedDict[str, DocumentNode] = field(default_factory=OrderedDict)
    _characters: int = 0

    def get(self, text: str) -> DocumentNode | None:
        """The document of this text, if it was understood before."""
        found = self._known.get(text)
        if found is not None:
            self._known.move_to_end(text)
        return found

    def add(self, text: str, document: DocumentNode) -> None:
        """Remember a document, and forget those that were not asked for the longest."""
        if len(text) > min(LONGEST, self.most) or text in self._known:
            return
        self._known[text] = document
        self._characters += len(text)
        while self._characters > self.most:
            oldest, _ = self._known.popitem(last=False)
            self._characters -= len(oldest)
