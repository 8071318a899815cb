"""One run: read every scope, write what changed, draw conclusions, tidy up, and say what was done.

Collectors read in threads of their own while this thread writes, one scope at a time, under a lease that no other run
holds meanwhile. However the run ends, what was written stays, and the ledger says how it ended.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import LeaseLost, MunimentError, RunInterrupted
from ..graph.clock import Clock, timestamp, wall_clock
from ..graph.conclusions import Conclusions
from ..graph.counts import Counts
from ..graph.database import Database
from ..graph.interruption import behind, interruptible, untorn
from ..graph.lease import Lease
from ..graph.ledger import MANUAL, Ledger
from ..graph.retention import Deleted
from ..graph.writer import Writer
from ..ingest.aws.collector import CallMade, Event, Source
from ..ingest.aws.plan import Plan
from ..ingest.listing import listings
from ..schema import GLOBAL, Listing, Refusal, ScopeId, Status
from .departed import departed
from .derive import code_of_analyses, conclude
from .heartbeat import heartbeat
from .holder import take_lease
from .observer import Observer, Phase
from .report import RunReport, ScopeOutcome
from .retention import Retention
from .stopwatch import Stopwatch

logger = logging.getLogger(__name__)

AWS = "aws"
"""The source of what is stated, by whichever door it came in."""
LEASE_SECONDS = 30.0
"""How long a run may give no sign of life before another may take over."""
BEATS = 4
"""Signs of life in that time."""
EMPTY = 100
"""Listings that state nothing which are written together; a run that is killed has not read them."""
GO_ON = "What it wrote is kept. The same command with --resume goes on from there."


def _go_ahead(run: str) -> None:
    """Let any run begin."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is to read. ``asked`` is what a person asked for: a later run that asks the same may resume it."""

    kind: str
    """``aws`` or ``files``."""
    plan: Plan
    source: Source
    asked: Mapping[str, Any] = field(default_factory=dict)
    concurrency: int = 8
    resume: bool = False
    trigger: str = MANUAL
    """Who asked for it: ``manual``, or ``schedule NAME``."""
    retention: Retention = field(default_factory=Retention)
    """How long the register keeps its own history: what is older goes when this run has ended well."""
    begin: Callable[[str], None] = field(default=_go_ahead, repr=False)
    """Told the run's id once it holds the lease and before it does anything; an error from here ends it."""


def ingest(
    database: Database,
    work: Work,
    *,
    observer: Observer | None = None,
    clock: Clock = wall_clock,
    lease_seconds: float = LEASE_SECONDS,
) -> RunReport:
    """Do one run; its report. A scope that could not be read does not end it.

    LeaseHeld when another run is writing; LeaseLost when another took over; RunInterrupted on Ctrl-C or SIGTERM;
    DatabaseError when the graph fails. In each case what was written stays, and ``resume`` goes on from there.
    """
    ledger = Ledger(database, clock)
    run, done = _resumed(ledger, work)
    report = RunReport(run, work.kind, timestamp(clock()), resumed=sorted(done))
    with interruptible(), ExitStack() as ends:
        with untorn():  # what tells it to stop waits until there is something to say so, and somebody who says it
            lease = ends.enter_context(_leased(database, run, lease_seconds, clock))
            work.begin(run)
            ends.enter_context(_recorded(ledger, lease, report))
            ledger.start_run(lease, run, work.kind, work.asked, work.trigger)
        ledger.expect(lease, work.plan.scopes)
        writer = Writer(database, lease, run, clock)
        conclusions = Conclusions(lease, run, clock, code_of_analyses())
        _Run(database, ledger, lease, writer, work, observer or Observer(), report, conclusions).do()
        report.finished_at = timestamp(clock())
    return report


def _resumed(ledger: Ledger, work: Work) -> tuple[str, frozenset[ScopeId]]:
    """The run to go on with and the scopes it completed; a new run where there is none that asked the same."""
    latest = ledger.latest_unfinished_run() if work.resume else None
    if latest is None or (latest.source, latest.settings) != (work.kind, work.asked):
        return ledger.new_run_id(), frozenset()
    return latest.id, ledger.completed_scopes(latest.id) & frozenset(work.plan.scopes)


@contextmanager
def _leased(database: Database, run: str, seconds: float, clock: Clock) -> Iterator[Lease]:
    """The lease, kept alive and given back, if the database still answers by then."""
    lease = take_lease(database, run, seconds, clock)
    try:
        with heartbeat(lease.renew, seconds / BEATS):
            yield lease
    finally:
        with suppress(MunimentError):
            lease.release()


@contextmanager
def _recorded(ledger: Ledger, lease: Lease, report: RunReport) -> Iterator[None]:
    """Have the ledger say how the run ended, whatever ended it."""

    began = time.monotonic()

    def record(status: str, error: str | None = None) -> None:
        seconds = round(time.monotonic() - began)
        ledger.finish_run(lease, report.run, status, seconds=seconds, error=error, **report.figures())

    try:
        yield
    except LeaseLost:
        raise
    except BaseException as error:
        try:
            record("failed", _told(error))
        except MunimentError as other:
            logger.warning("how the run %s ended could not be recorded: %s", report.run, other.message)
        if interrupted := behind(error):
            raise RunInterrupted(f"{interrupted} ended the run {report.run}", GO_ON, interrupted.number) from None
        if isinstance(error, MunimentError):
            error.hint = f"{error.hint} {GO_ON}".strip()
        raise
    record("complete" if report.complete else "incomplete")


def _told(error: BaseException) -> str:
    """An error in a line of the ledger. Messages of Muniment's own errors hold no secrets; others are named only."""
    if interrupted := behind(error):
        return str(interrupted)
    return error.message[:500] if isinstance(error, MunimentError) else type(error).__name__


@dataclass
class _Run:
    """A run that holds the lease."""

    database: Database
    ledger: Ledger
    lease: Lease
    writer: Writer
    work: Work
    observer: Observer
    report: RunReport
    conclusions: Conclusions
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    _empty: list[Listing] = field(default_factory=list)
    """Listings that state nothing, not written yet."""

    def do(self) -> None:
        """All phases, one after the other."""
        scopes = len(set(self.work.plan.scopes) - set(self.report.resumed))
        self.observer.began(self.report.run, scopes, self.report.resumed)
        with self.stopwatch.timing("total"):
            self._read()
            self._part_with_departed()
            self.observer.phase(Phase.ANALYSE)
            with self.stopwatch.timing("analyse"):
                self.report.concluded = conclude(self.database, self.ledger, self.writer, self.conclusions)
            self.observer.phase(Phase.FINISH)
            with self.stopwatch.timing("write"):
                self.report.stated += self.writer.prune()
                self._forget()
        self.report.seconds = dict(self.stopwatch.seconds)

    def _forget(self) -> None:
        """Delete history that was kept long enough."""
        deleted = self.work.retention.keep(self.database, self.lease, self.report.run, self.ledger.now())
        if deleted != Deleted():
            logger.info(
                "deleted by [retention]: %d changes, %d runs, %d messages that were given up",
                *(deleted.changes, deleted.runs, deleted.messages),
            )

    def _read(self) -> None:
        """Write each scope as it comes. ``fetch`` is the time that nothing was there to write."""
        self.observer.phase(Phase.FETCH)
        self._take(self._discovery())
        coming = listings(
            self.work.plan,
            self.work.source,
            skip=self.report.resumed,
            concurrency=self.work.concurrency,
            progress=self._notice,
        )
        with closing(coming):
            while (listing := self._next(coming)) is not None:
                self._take(listing)
        self._write_empty()

    def _next(self, coming: Iterator[Listing]) -> Listing | None:
        with self.stopwatch.timing("fetch"):
            return next(coming, None)

    def _discovery(self) -> Listing:
        """What was found out before any collector began: a scope that states nothing but what it could not learn."""
        plan = self.work.plan
        status = Status.PARTIAL if plan.refusals else Status.COMPLETE
        return Listing(ScopeId(AWS, plan.caller, GLOBAL, "discovery"), (), (), status, plan.refusals)

    def _take(self, listing: Listing) -> None:
        """Write a listing; one that states nothing waits for others like it."""
        if listing.nodes or listing.edges:
            self._write(listing)
            return
        self._empty.append(listing)
        if len(self._empty) >= EMPTY:
            self._write_empty()

    def _write_empty(self) -> None:
        listings, self._empty = self._empty, []
        if not listings:
            return
        with self.stopwatch.timing("write"):
            self.report.stated += self.writer.write_empty(listings)
        for listing in listings:
            self._report(listing, Counts())

    def _write(self, listing: Listing) -> None:
        self.observer.writing(listing)
        with self.stopwatch.timing("write"):
            listing, counts = self._written(listing)
        self.report.stated += counts
        self._report(listing, counts)

    def _report(self, listing: Listing, counts: Counts) -> None:
        self.report.scopes.append(
            ScopeOutcome(
                listing.scope, listing.status, len(listing.nodes), len(listing.edges), listing.calls, listing.refusals
            )
        )
        self.observer.written(listing, counts)

    def _written(self, listing: Listing) -> tuple[Listing, Counts]:
        """Write a listing. What the graph cannot hold is a collector's mistake: the scope fails, the run goes on."""
        try:
            return listing, self.writer.write(listing)
        except ValueError as error:
            logger.exception("%s states what the schema does not allow", listing.scope)
            refusal = Refusal(listing.scope.collector, "InvalidFacts", str(error)[:500])
            failed = replace(listing, nodes=(), edges=(), status=Status.FAILED, refusals=(*listing.refusals, refusal))
            return failed, self.writer.write(failed)

    def _part_with_departed(self) -> None:
        complete = {outcome.scope for outcome in self.report.scopes if outcome.status is Status.COMPLETE}
        for listing in departed(self.database, self.work.plan, self.ledger.scopes(), complete):
            with self.stopwatch.timing("write"):
                self.report.stated += self.writer.write(listing)
                self.ledger.forget_scope(self.lease, listing.scope)
            self.report.departed.append(listing.scope)

    def _notice(self, event: Event) -> None:
        if isinstance(event, CallMade):
            self.report.calls[event.action.partition(":")[0]] += 1
        self.observer.collecting(event)
