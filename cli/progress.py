"""What a person sees of a run while it goes on: bars on a terminal, lines elsewhere, log records on request.

All of it goes to standard error; standard output belongs to the report.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from ..graph.counts import Counts
from ..ingest.aws.collector import CallMade, Event, ScopeFinished
from ..run.observer import Observer, Phase
from ..schema import Listing, ScopeId, Status

logger = logging.getLogger(__name__)

WORDS = {Phase.FETCH: "Reading", Phase.ANALYSE: "Analysing", Phase.FINISH: "Finishing"}


@contextmanager
def observing(console: Console, *, json_logs: bool, brief: bool = False) -> Iterator[Observer]:
    """The observer that suits where standard error goes."""
    if brief:
        yield Brief()
    elif json_logs:
        yield LogRecords()
    elif console.is_terminal:
        with Bars(console) as bars:
            yield bars
    else:
        yield Lines(console)


class LogRecords(Observer):
    """One log record for every scope and phase."""

    def began(self, run: str, scopes: int, resumed: Sequence[ScopeId]) -> None:
        logger.info("run %s began: %d scopes to read, %d already complete", run, scopes, len(resumed))

    def written(self, listing: Listing, counts: Counts) -> None:
        logger.log(
            logging.INFO if listing.status is Status.COMPLETE else logging.WARNING,
            "%s %s: %d calls, %d nodes, %d relationships, %d differences",
            *(
                listing.scope,
                listing.status,
                listing.calls,
                len(listing.nodes),
                len(listing.edges),
                counts.differences,
            ),
        )
        for refusal in listing.refusals:
            logger.warning("%s: %s", listing.scope, refusal)

    def phase(self, phase: Phase) -> None:
        logger.info("phase %s", phase)


class Brief(LogRecords):
    """Log records without one for every scope: what a scheduler, that runs for months, says of a run."""

    def written(self, listing: Listing, counts: Counts) -> None:
        """Nothing: the run's last record counts them."""


class Lines(Observer):
    """One line for every scope, for a file or a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def began(self, run: str, scopes: int, resumed: Sequence[ScopeId]) -> None:
        self._line(f"run {run}: {scopes} scopes to read" + (f", {len(resumed)} already complete" if resumed else ""))

    def written(self, listing: Listing, counts: Counts) -> None:
        held = f"{len(listing.nodes)} nodes, {len(listing.edges)} relationships, {counts.differences} differences"
        self._line(f"{listing.scope} {listing.status.value}: {listing.calls} calls, {held}")

    def phase(self, phase: Phase) -> None:
        if phase is Phase.ANALYSE:
            self._line("analysing")

    def _line(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, soft_wrap=True)


class Bars(Observer):
    """Two bars, read and written, that vanish at the end: the report takes their place."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=console,
            transient=True,
        )
        self._reading = self._add("Reading")
        self._writing = self._add("Writing")
        self._lock = threading.Lock()
        self._calls = 0

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def began(self, run: str, scopes: int, resumed: Sequence[ScopeId]) -> None:  # noqa: ARG002 - the report has them
        self._progress.update(self._reading, total=scopes)
        self._progress.update(self._writing, total=scopes)

    def collecting(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, CallMade):
                self._calls += 1
                self._progress.update(self._reading, note=f"{self._calls} calls")
            elif isinstance(event, ScopeFinished):
                self._progress.advance(self._reading)

    def writing(self, listing: Listing) -> None:
        self._progress.update(self._writing, note=str(listing.scope))

    def written(self, listing: Listing, counts: Counts) -> None:  # noqa: ARG002 - bars count scopes
        self._progress.advance(self._writing)

    def phase(self, phase: Phase) -> None:
        if phase is not Phase.FETCH:
            self._progress.update(self._writing, note="")
            self._add(WORDS[phase])

    def _add(self, description: str) -> TaskID:
        return self._progress.add_task(description, total=None, note="")
