"""Runs the collectors of a plan, many at a time, and hands over what each scope states."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from ..schema import Edge, Listing, Node, Ownership, Refusal, ScopeId, Status
from .aws import collectors
from .aws.collector import Collector, Event, Progress, Reader, ScopeFinished, ScopeStarted, Source
from .aws.plan import Plan, Task
from .aws.values import timestamp

logger = logging.getLogger(__name__)

HELD = 30_000
"""Facts of listings that were read and not yet taken."""


def _now() -> datetime:
    return datetime.now(UTC)


def listings(
    plan: Plan,
    source: Source,
    *,
    skip: Collection[ScopeId] = (),
    concurrency: int = 8,
    progress: Progress = lambda _: None,
    known: Mapping[str, Collector] | None = None,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[Listing, None, None]:
    """What each scope of the plan states, in the order in which they are read; those in ``skip`` are not.

    At most ``concurrency`` scopes are read at a time. Reading goes on while listings are not taken, until those that
    wait hold ``HELD`` facts. Closing the iterator stops the reading at the next response. A scope that fails is a
    listing that says so; no scope ends the others.
    """
    run = _Run(plan, source, known or collectors(), _Notices(progress), clock, sleep)
    tasks = [task for task in plan.tasks if task.scope not in skip]
    shelf = _Shelf(HELD)
    # Each kind of work has threads of its own: what waited for a thread of its own kind might wait for ever.
    scopes = ThreadPoolExecutor(max(1, concurrency), "muniment-scope")
    calls = ThreadPoolExecutor(max(1, concurrency) * 2, "muniment-call")
    pages = ThreadPoolExecutor(max(1, concurrency) * 3, "muniment-page")

    def read(task: Task) -> None:
        with shelf.failing():
            shelf.put(run.read(task, calls, pages))

    try:
        for task in tasks:
            scopes.submit(read, task)
        for _ in tasks:
            yield shelf.take()
    finally:
        run.notices.stop()
        shelf.close()
        for executor in (scopes, calls, pages):
            executor.shutdown(wait=False, cancel_futures=True)


class _Stopped(Exception):
    """Nobody takes the listings any more."""


class _Shelf:
    """Listings that were read and not yet taken. A reader waits until there is room for its own, or it is empty."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._listings: deque[Listing] = deque()
        self._error: BaseException | None = None
        self._closed = False
        self._changed = threading.Condition()

    def put(self, listing: Listing) -> None:
        """Hand over a listing; _Stopped if nobody takes any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._listings or self._fits(listing))
            if self._closed:
                raise _Stopped
            self._listings.append(listing)
            self._changed.notify_all()

    def take(self) -> Listing:
        """The listing that waits longest; what a reader failed with, if one did."""
        with self._changed:
            self._changed.wait_for(lambda: self._listings or self._error)
            if self._error:
                raise self._error
            self._changed.notify_all()
            return self._listings.popleft()

    def close(self) -> None:
        """Let no reader wait any longer."""
        with self._changed:
            self._closed = True
            self._listings.clear()
            self._changed.notify_all()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Hand over what goes wrong in place of a listing."""
        try:
            yield
        except _Stopped:
            pass
        except BaseException as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _fits(self, listing: Listing) -> bool:
        return sum(map(_facts, self._listings)) + _facts(listing) <= self._most


def _facts(listing: Listing) -> int:
    return len(listing.nodes) + len(listing.edges)


class _Notices:
    """Passes events on, one at a time, and ends the reading when nobody takes its results."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def __call__(self, event: Event) -> None:
        self.go_on()
        with self._lock:
            self._progress(event)

    def go_on(self) -> None:
        """_Stopped if nobody takes the results any more."""
        if self._stopped.is_set():
            raise _Stopped

    def stop(self) -> None:
        """Let no reader go on past its next response."""
        self._stopped.set()


@dataclass(frozen=True)
class _Run:
    plan: Plan
    source: Source
    known: Mapping[str, Collector]
    notices: _Notices
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]

    def read(self, task: Task, calls: Executor, pages: Executor) -> Listing:
        """All that one scope states."""
        started = self.clock()
        self.notices(ScopeStarted(task.scope))
        reader = Reader(
            self.source,
            self.known[task.scope.collector],
            task.scope,
            task.account,
            self.plan.partition,
            self.plan.options,
            self.sleep,
            self.notices,
            calls,
            pages,
        )
        facts = _Facts()
        try:
            status = facts.fill(reader)
        except Exception as error:
            self.notices.go_on()  # a call that was given up because the reading ends is no mistake of the collector
            status = facts.fail(reader, error)
        self.notices(ScopeFinished(task.scope, status, len(facts.nodes), len(facts.edges)))
        return Listing(
            scope=task.scope,
            nodes=list(facts.nodes.values()),
            edges=list(facts.edges.values()),
            status=status,
            refusals=reader.refusals,
            calls=reader.calls,
            started_at=timestamp(started) or "",
            finished_at=timestamp(self.clock()) or "",
        )


class _Facts:
    """The facts of one scope, each once: a thing that is listed is more than a thing that is only named."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str, str, str], Edge] = {}

    def fill(self, reader: Reader) -> Status:
        """Let the collector state all it can; whatever is wrong with it is raised."""
        for fact in reader.collector.collect(reader):
            self._add(fact)
        return reader.status

    def fail(self, reader: Reader, error: Exception) -> Status:
        """Note a mistake in the collector, which fails its scope and no other; what it had stated is kept."""
        logger.error("the collector %s failed in %s", reader.collector.name, reader.scope, exc_info=error)
        self._keep_joined()
        reader.refuse(Refusal(reader.collector.name, type(error).__name__, str(error)[:500]))
        return Status.FAILED

    def _add(self, fact: Node | Edge) -> None:
        if isinstance(fact, Edge):
            self.edges[fact.identity] = fact
        elif fact.ownership is not Ownership.REFERENCE or fact.id not in self.nodes:
            self.nodes[fact.id] = fact

    def _keep_joined(self) -> None:
        """Leave out relationships whose ends the collector did not come to state."""
        self.edges = {
            identity: edge
            for identity, edge in self.edges.items()
            if edge.start in self.nodes and edge.end in self.nodes
        }
