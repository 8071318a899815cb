"""What the server counts, and what the register says of itself, in the words of Prometheus.

No label holds anything that a caller chose, or of which there are more than a few dozen.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..graph.ledger import Run, ScopeState

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


class Register(Collector):
    """The register's own state at one moment; ``scopes`` is None where the database does not answer."""

    def __init__(
        self,
        scopes: Iterable[ScopeState] | None,
        run: Run | None,
        lease_until: str | None,
        late: int,
        now: datetime,
        outbox: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._scopes = None if scopes is None else list(scopes)
        self._run = run
        self._lease_until = lease_until
        self._late = late
        self._now = now
        self._outbox = list(outbox)

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told."""
        yield GaugeMetricFamily("muniment_database_up", "Whether the database answers.", self._scopes is not None)
        if self._scopes is None:
            return
        statuses = GaugeMetricFamily("muniment_scopes", "Scopes by how their last reading went.", labels=("status",))
        for status, number in sorted(Tally(scope.status for scope in self._scopes).items()):
            statuses.add_metric((status,), number)
        yield statuses
        yield self._ages()
        yield GaugeMetricFamily("muniment_scopes_late", "Scopes older than [freshness] allows.", self._late)
        yield from self._last_run()
        held = self._lease_until is not None and datetime.fromisoformat(self._lease_until) > self._now
        yield GaugeMetricFamily("muniment_lease_held", "Whether a run is writing.", held)
        yield from self._messages()

    def _messages(self) -> Iterator[Metric]:
        """What webhooks are still to be told: `due`, or `failed` where it was given up."""
        labels = ("webhook", "status")
        numbers = GaugeMetricFamily("muniment_webhook_messages", "Messages that were not delivered.", labels=labels)
        ages = GaugeMetricFamily("muniment_webhook_oldest_seconds", "Age of the oldest of them.", labels=labels)
        for row in self._outbox:
            numbers.add_metric((row["webhook"], row["status"]), row["count"])
            age = self._now - datetime.fromisoformat(row["oldest"])
            ages.add_metric((row["webhook"], row["status"]), age.total_seconds())
        yield numbers
        yield ages

    def _ages(self) -> Metric:
        ages = GaugeMetricFamily(
            "muniment_scope_age_seconds", "Age of the oldest complete scope of a collector.", labels=("collector",)
        )
        oldest: dict[str, float] = {}
        for scope in self._scopes or ():
            if (age := scope.age(self._now)) is not None:
                oldest[scope.id.collector] = max(oldest.get(scope.id.collector, 0), age.total_seconds())
        for collector, seconds in sorted(oldest.items()):
            ages.add_metric((collector,), seconds)
        return ages

    def _last_run(self) -> Iterator[Metric]:
        if self._run is None:
            return
        status = GaugeMetricFamily("muniment_last_run", "1 for how the last run went.", labels=("status",))
        status.add_metric((self._run.status,), 1)
        yield status
        began = datetime.fromisoformat(self._run.started_at)
        yield GaugeMetricFamily(
            "muniment_last_run_started_timestamp_seconds", "When the last run began.", began.timestamp()
        )
        if self._run.finished_at:
            took = datetime.fromisoformat(self._run.finished_at) - began
            yield GaugeMetricFamily("muniment_last_run_seconds", "How long it took.", took.total_seconds())
