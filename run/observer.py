"""Who watches a run: progress bars, plain lines, a log, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ..graph.counts import Counts
from ..ingest.aws.collector import Event
from ..schema import Listing, ScopeId


class Phase(StrEnum):
    """What the run is at, in this order. Fetching and writing go on at the same time."""

    FETCH = "fetch"
    ANALYSE = "analyse"
    FINISH = "finish"


class Observer:
    """Told what happens, in the order in which it happens; this one says nothing.

    ``collecting`` is called from the threads that collect, the others from the one that writes.
    """

    def began(self, run: str, scopes: int, resumed: Sequence[ScopeId]) -> None:
        """The run has its id and so many scopes to read; ``resumed`` are those that it need not read again."""

    def collecting(self, event: Event) -> None:
        """A collector began, made a call, or ended."""

    def writing(self, listing: Listing) -> None:
        """A listing is about to be written."""

    def written(self, listing: Listing, counts: Counts) -> None:
        """A listing was written, and what became other by it."""

    def phase(self, phase: Phase) -> None:
        """The next phase began."""
