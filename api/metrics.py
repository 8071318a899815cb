"""What the server counts, and what the register says of itself, in the words of Prometheus.

No label holds anything that a caller chose, or of which there are more than a few dozen.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..graph.ledger import Run, ScopeState
from ..graph.schedules import ScheduleState

disable_created_metrics()  # type: ignore[no-untyped-call]
"""When a counter began is of use to nobody here, and would double the series."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "muniment_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "muniment_request_seconds", "Time to answer.", ("route",), registry=self._registry, buckets=_SECONDS
        )
        self.operations = Counter(
            "muniment_graphql_operations",
            "GraphQL operations by outcome: ok, or the code of the first error.",
            ("outcome",),
            registry=self._registry,
        )
        self.queries = Counter("muniment_queries", "Queries of GraphQL to the database.", registry=self._registry)
        self.limited = Counter("muniment_rate_limited", "Requests refused for their rate.", registry=self._registry)
        self.subscriptions = Gauge("muniment_subscriptions", "Subscriptions under way.", registry=self._registry)

    def note(self, code: str | None, queries: int) -> None:
        """Count one operation of GraphQL: how it ended, and the queries that it came to."""
        self.operations.labels(code or "ok").inc()
        self.queries.inc(queries)

    def text(self, register: Collector) -> bytes:
        """All of it, with what the register says."""
        now = CollectorRegistry()
        now.register(register)
        return generate_latest(self._registry) + generate_latest(now)


@dataclass(frozen=True, slots=True)
class Writing:
    """Who holds the lease: the source that it reads, as far as it is a run's, and until when it does."""

    source: str
    until: str


@dataclass(frozen=True, eq=False)
class Register(Collector):
    """The register's own state at one moment; ``scopes`` is None where the database does not answer."""

    now: datetime
    scopes: Sequence[ScopeState] | None = None
    late: int = 0
    run: Run | None = None
    writing: Writing | None = None
    schedules: Sequence[ScheduleState] = ()
    outbox: Sequence[Mapping[str, Any]] = ()
    gone: Sequence[str] = ()
    """Webhooks whose receivers want nothing more."""

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told."""
        yield GaugeMetricFamily("muniment_database_up", "Whether the database answers.", self.scopes is not None)
        if self.scopes is None:
            return
        statuses = GaugeMetricFamily("muniment_scopes", "Scopes by how their last reading went.", labels=("status",))
        for status, number in sorted(Tally(scope.status for scope in self.scopes).items()):
            statuses.add_metric((status,), number)
        yield statuses
        yield self._ages()
        yield GaugeMetricFamily("muniment_scopes_late", "Scopes older than [freshness] allows.", self.late)
        yield from self._last_run()
        yield from self._lease()
        yield from self._by_schedule()
        yield from self._messages()

    def _lease(self) -> Iterator[Metric]:
        held = self.writing is not None and datetime.fromisoformat(self.writing.until) > self.now
        yield GaugeMetricFamily("muniment_lease_held", "Whether a run is writing.", held)
        holder = GaugeMetricFamily(
            "muniment_lease_expires_timestamp_seconds",
            "When the lease ends unless it is renewed, by the source that the run reads which holds it.",
            labels=("source",),
        )
        if self.writing is not None and held:
            holder.add_metric((self.writing.source,), datetime.fromisoformat(self.writing.until).timestamp())
        yield holder

    def _by_schedule(self) -> Iterator[Metric]:
        status = GaugeMetricFamily(
            "muniment_schedule_last_run", "1 for how a schedule's last run went.", labels=("schedule", "status")
        )
        started = GaugeMetricFamily(
            "muniment_schedule_last_run_started_timestamp_seconds", "When it began.", labels=("schedule",)
        )
        finished = GaugeMetricFamily(
            "muniment_schedule_last_run_finished_timestamp_seconds", "When it ended.", labels=("schedule",)
        )
        failures = GaugeMetricFamily(
            "muniment_schedule_failures", "Runs of a schedule that failed since one did not.", labels=("schedule",)
        )
        for one in self.schedules:
            failures.add_metric((one.name,), one.failures)
            if one.status:
                status.add_metric((one.name, one.status), 1)
            for family, moment in ((started, one.started_at), (finished, one.finished_at)):
                if moment:
                    family.add_metric((one.name,), moment.timestamp())
        yield from (status, started, finished, failures)

    def _messages(self) -> Iterator[Metric]:
        """What webhooks are still to be told: `due`, or `failed` where it was given up."""
        labels = ("webhook", "status")
        numbers = GaugeMetricFamily("muniment_webhook_messages", "Messages that were not delivered.", labels=labels)
        ages = GaugeMetricFamily("muniment_webhook_oldest_seconds", "Age of the oldest of them.", labels=labels)
        for row in self.outbox:
            numbers.add_metric((row["webhook"], row["status"]), row["count"])
            age = self.now - datetime.fromisoformat(row["oldest"])
            ages.add_metric((row["webhook"], row["status"]), age.total_seconds())
        gone = GaugeMetricFamily("muniment_webhook_gone", "Receivers that answered 410 Gone.", labels=("webhook",))
        for webhook in self.gone:
            gone.add_metric((webhook,), 1)
        yield from (numbers, ages, gone)

    def _ages(self) -> Metric:
        ages = GaugeMetricFamily(
            "muniment_scope_age_seconds", "Age of the oldest complete scope of a collector.", labels=("collector",)
        )
        oldest: dict[str, float] = {}
        for scope in self.scopes or ():
            if (age := scope.age(self.now)) is not None:
                oldest[scope.id.collector] = max(oldest.get(scope.id.collector, 0), age.total_seconds())
        for collector, seconds in sorted(oldest.items()):
            ages.add_metric((collector,), seconds)
        return ages

    def _last_run(self) -> Iterator[Metric]:
        if self.run is None:
            return
        status = GaugeMetricFamily("muniment_last_run", "1 for how the last run went.", labels=("status",))
        status.add_metric((self.run.status,), 1)
        yield status
        began = datetime.fromisoformat(self.run.started_at)
        yield GaugeMetricFamily(
            "muniment_last_run_started_timestamp_seconds", "When the last run began.", began.timestamp()
        )
        if self.run.finished_at:
            took = datetime.fromisoformat(self.run.finished_at) - began
            yield GaugeMetricFamily("muniment_last_run_seconds", "How long it took.", took.total_seconds())
