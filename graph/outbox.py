"""Messages of webhooks that are to be delivered, and what each webhook was told: written together, or not at all.

A message is written in the transaction that moves what its webhook was told. Whatever is killed afterwards, the message
is there; whatever is killed before, it is derived again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import neo4j

from .clock import timestamp
from .database import Database

ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
CLAIMED = timedelta(minutes=5)
"""How long an attempt may take before another is made: whoever claimed it was killed."""

_KNOWN = (
    "MATCH (w:Webhook {id: $id}) OPTIONAL MATCH (b:WebhookBaseline {webhook: $id}) "
    "RETURN w.version AS version, b.event AS event, b.facts AS facts"
)
# The write comes first: it takes the lock, and what is read after it holds until the transaction ends.
_RAISE = (
    "MERGE (w:Webhook {id: $id}) SET w.version = coalesce(w.version, 0) + 1, w.announced_at = $now "
    "RETURN w.version AS version"
)
_LEASE = "MATCH (l:Lease {id: 'writer'}) RETURN l.token AS token"
_REMEMBER = (
    "UNWIND $rows AS row MERGE (b:WebhookBaseline {id: row.id}) "
    "SET b.webhook = row.webhook, b.event = row.event, b.facts = row.facts"
)
_ADD = "UNWIND $rows AS row CREATE (m:WebhookMessage) SET m = row"
_CLAIM = (
    "MATCH (m:WebhookMessage {id: $id}) WHERE m.status = 'due' AND m.attempts = $attempts "
    "SET m.attempts = m.attempts + 1, m.due_at = $until RETURN m.id AS id"
)
_DUE = (
    "MATCH (m:WebhookMessage) WHERE m.status = 'due' AND m.due_at <= $now AND m.webhook IN $webhooks "
    "RETURN m.id AS id, m.webhook AS webhook, m.event AS event, m.body AS body, m.attempts AS attempts "
    "ORDER BY m.created_at, m.id LIMIT 1000"
)
_DELIVERED = "MATCH (m:WebhookMessage {id: $id}) DETACH DELETE m"
_FAILED = (
    "MATCH (m:WebhookMessage {id: $id}) WHERE m.attempts = $attempts "
    "SET m.status = $status, m.due_at = $due, m.error = $error"
)
_COUNTS = (
    "MATCH (m:WebhookMessage) RETURN m.webhook AS webhook, m.status AS status, count(*) AS count, "
    "collect(m.error)[0] AS error"
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to deliver; ``attempts`` counts those begun before."""

    id: str
    webhook: str
    event: str
    body: str
    attempts: int = 0


class _Overtaken(Exception):
    """Another process announced meanwhile, or a run began: nothing is written."""


class Outbox:
    """Reads and writes what webhooks were told and are to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def announced(self, webhook: str) -> tuple[int, dict[str, dict[str, int]]]:
        """How often a webhook was told anything, and what, by kind of event and hash."""
        rows = self._database.read(_KNOWN, id=webhook)
        told = {row["event"]: dict(map(_parsed, row["facts"])) for row in rows if row["event"]}
        return (rows[0]["version"] if rows else 0), told

    def announce(
        self,
        webhook: str,
        seen: int,
        told: Mapping[str, Mapping[str, int]],
        messages: Sequence[Message],
        *,
        now: datetime,
        token: int | None,
    ) -> bool:
        """Write messages and what has been told by them; False if something came between, and nothing was written.

        ``token`` is the lease's number that the facts were read under, None where they hang on no run.
        """
        at = timestamp(now)
        baselines = [
            {
                "id": f"{webhook}/{event}",
                "webhook": webhook,
                "event": event,
                "facts": [f"{digest}:{sure}" for digest, sure in facts.items()],
            }
            for event, facts in told.items()
        ]
        added = [
            {
                "id": message.id,
                "webhook": webhook,
                "event": message.event,
                "body": message.body,
                "status": "due",
                "created_at": at,
                "due_at": at,
                "attempts": 0,
            }
            for message in messages
        ]

        def write(transaction: neo4j.ManagedTransaction) -> None:
            raised = transaction.run(_RAISE, id=webhook, now=at).single(strict=True)
            lease = transaction.run(_LEASE).single()
            if raised["version"] != seen + 1 or (token is not None and lease and lease["token"] != token):
                raise _Overtaken
            transaction.run(_REMEMBER, rows=baselines).consume()
            transaction.run(_ADD, rows=added).consume()

        try:
            self._database.write(write)
        except _Overtaken:
            return False
        return True

    def due(self, webhooks: Sequence[str], now: datetime) -> list[Message]:
        """Messages to attempt now, the oldest first, a thousand at most."""
        rows = self._database.read(_DUE, webhooks=list(webhooks), now=timestamp(now))
        return [Message(row["id"], row["webhook"], row["event"], row["body"], row["attempts"]) for row in rows]

    def claim(self, message: Message, now: datetime) -> bool:
        """Begin an attempt, unless another process did."""
        until = timestamp(now + CLAIMED)

        def claim(transaction: neo4j.ManagedTransaction) -> bool:
            return transaction.run(_CLAIM, id=message.id, attempts=message.attempts, until=until).single() is not None

        return self._database.write(claim)

    def delivered(self, message: Message) -> None:
        """The receiver has it."""
        self._database.write(lambda transaction: transaction.run(_DELIVERED, id=message.id).consume())

    def failed(self, message: Message, error: str, now: datetime) -> None:
        """An attempt failed: another is made later, each time after twice the pause, until there were too many."""
        attempts = message.attempts + 1
        pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        fields = {
            "id": message.id,
            "attempts": attempts,
            "status": "due" if attempts < ATTEMPTS else "failed",
            "due": timestamp(now + pause),
            "error": error,
        }
        self._database.write(lambda transaction: transaction.run(_FAILED, fields).consume())

    def counts(self) -> list[dict[str, Any]]:
        """How many messages of each webhook are due, and how many failed for good."""
        return self._database.read(_COUNTS)


def _parsed(text: str) -> tuple[str, int]:
    digest, _, sure = text.partition(":")
    return digest, int(sure)
