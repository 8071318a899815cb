"""Documents that were understood already: programs send the same few again and again, with other variables.

Reading a document and holding it against the schema takes longer than most answers; what comes out of it depends on
nothing but its text.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, FieldNode

from ..security.admission import root_fields
from .limits import Limits, Size, measure
from .selected import Selections
from .whole import Kept

LONGEST = 10_000
"""Characters of a document that is remembered."""
_DIRECTIVE = "@"
CHARACTERS = 200_000
"""Of all that are remembered. One understood takes a hundred times its text."""


Measured = tuple[Size, list[FieldNode]]
"""What an operation comes to, and its root fields."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out of a document, and holds for all requests that send it."""

    makers: Kept | None = None
    """None where variables have a say in what is selected."""
    selections: Selections = field(default_factory=Selections)


@dataclass
class Documents:
    """Documents by their text, those asked for last. They are valid, and no larger than is allowed."""

    most: int = CHARACTERS
    _known: OrderedDict[str, DocumentNode] = field(default_factory=OrderedDict)
    _measured: dict[str, dict[str | None, Measured]] = field(default_factory=dict)
    _worked: dict[str, Worked] = field(default_factory=dict)
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
        self._measured[text] = {}
        self._worked[text] = Worked(None if _DIRECTIVE in text else {})
        self._characters += len(text)
        while self._characters > self.most:
            oldest, _ = self._known.popitem(last=False)
            self._characters -= len(oldest)
            del self._measured[oldest], self._worked[oldest]

    def worked(self, text: str, document: DocumentNode) -> Worked:
        """What was worked out of this document, whose text it is; nothing yet where another is remembered, or none."""
        return self._worked[text] if self._known.get(text) is document else Worked()

    def measure(
        self, text: str, document: DocumentNode, operation: str | None, variables: Mapping[str, Any], limits: Limits
    ) -> Measured:
        """What an operation of a document comes to, as ``limits.measure`` tells; its errors are raised here too.

        It is remembered where the document is, and no variable has a say in it.
        """
        known = self._measured.get(text)
        if known is not None and operation in known:
            return known[operation]
        asked = _Asked(variables)
        found = measure(document, operation, asked, limits), root_fields(document, operation)
        if known is not None and not asked.looked_at:
            known[operation] = found
        return found


class _Asked(Mapping[str, Any]):
    """Variables that know whether anybody looked at them."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.looked_at = False

    def __getitem__(self, name: str) -> Any:
        self.looked_at = True
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        self.looked_at = True
        return iter(self._variables)

    def __len__(self) -> int:
        self.looked_at = True
        return len(self._variables)
