"""Messages of webhooks that are to be delivered, and what each webhook was told: written together, or not at all.

A message is written in the transaction that moves what its webhook was told. Whatever is killed afterwards, the message
is there; whatever is killed before, it is derived again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import neo4j

from .baseline import Baseline, Told, facts, pages
from .batches import Item, batches
from .clock import timestamp
from .database import Database

ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
READINGS = 3
"""How often the pages of what was told are read where another process announces meanwhile."""
CLAIMED = timedelta(minutes=5)
"""How long an attempt may take before another is made: whoever claimed it was killed."""

_KNOWN = "MATCH (w:Webhook {id: $id}) RETURN w.version AS version, w.events AS events, w.pages AS pages"
_PAGES = "UNWIND $ids AS id MATCH (b:WebhookBaseline {id: id}) RETURN b.id AS id, b.facts AS facts"
# The write comes first: it takes the lock, and what is read after it holds until the transaction ends.
_RAISE = (
    "MERGE (w:Webhook {id: $id}) SET w.version = coalesce(w.version, 0) + 1, w.announced_at = $now "
    "RETURN w.version AS version, coalesce(w.events, []) AS events, coalesce(w.pages, []) AS pages"
)
_LEASE = "MATCH (l:Lease {id: 'writer'}) RETURN l.token AS token"
_REMEMBER = "UNWIND $rows AS row MERGE (b:WebhookBaseline {id: row.id}) SET b.facts = row.facts"
_EMPTIED = "UNWIND $ids AS id MATCH (b:WebhookBaseline {id: id}) DETACH DELETE b"
_KNOW = "MATCH (w:Webhook {id: $id}) SET w.events = $events, w.pages = $pages"
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
    "min(m.created_at) AS oldest, collect(m.error)[0] AS error"
)
_WRITTEN = (
    "MATCH (m:WebhookMessage) WHERE $webhook IS NULL OR m.webhook = $webhook "
    "RETURN m.id AS id, m.webhook AS webhook, m.event AS event, m.status AS status, m.created_at AS created_at, "
    "m.due_at AS due_at, m.attempts AS attempts, m.error AS error ORDER BY created_at, id LIMIT $limit"
)
_RETRY = (
    "MATCH (m:WebhookMessage) WHERE m.status = 'failed' AND ($webhook IS NULL OR m.webhook = $webhook) "
    "AND ($id IS NULL OR m.id = $id) SET m.status = 'due', m.due_at = $now, m.attempts = 0 RETURN count(m) AS n"
)
_PRUNE = (
    "MATCH (m:WebhookMessage) WHERE m.status = 'failed' AND ($webhook IS NULL OR m.webhook = $webhook) "
    "AND m.created_at < $before WITH m LIMIT 1000 DETACH DELETE m RETURN count(*) AS n"
)
_FORGET = (
    "MATCH (m:WebhookMessage {webhook: $id}) DETACH DELETE m",
    "MATCH (w:Webhook {id: $id}) DETACH DELETE w",
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

    def announced(self, webhook: str, events: Collection[str]) -> Baseline:
        """What a webhook was told of some kinds of event."""
        for _ in range(READINGS):
            rows = self._database.read(_KNOWN, id=webhook)
            if not rows:
                return Baseline()
            asked = [page for page in rows[0]["pages"] or () if page.partition("/")[0] in events]
            read = self._database.read(_PAGES, ids=[f"{webhook}/{page}" for page in asked])
            if len(read) == len(asked):
                break
        met = frozenset(rows[0]["events"] or ())
        told = {
            event: dict(facts([row["facts"] for row in read if row["id"].startswith(f"{webhook}/{event}/")]))
            for event in met.intersection(events)
        }
        return Baseline(rows[0]["version"], met, told)

    def announce(
        self,
        webhook: str,
        known: Baseline,
        told: Mapping[str, Told],
        messages: Sequence[Message],
        *,
        now: datetime,
        token: int | None,
    ) -> bool:
        """Write messages and what has been told by them; False if something came between, and nothing was written.

        ``known`` is what it was told before. ``token`` is the lease's number that the facts were read under, None where
        they hang on no run.
        """
        # The embedded engine does not answer to what is too long (`messages.py`): hence batches.
        before = _pages(known.told, told)
        after = _pages(told, told)
        rows = [
            Item(_REMEMBER, {"id": f"{webhook}/{page}", "facts": text}, len(text))
            for page, text in after.items()
            if before.get(page) != text
        ]
        emptied = [f"{webhook}/{page}" for page in before.keys() - after.keys()]
        at = timestamp(now)
        for message in messages:
            row = {
                "id": message.id,
                "webhook": webhook,
                "event": message.event,
                "body": message.body,
                "status": "due",
                "created_at": at,
                "due_at": at,
                "attempts": 0,
            }
            rows.append(Item(_ADD, row, len(message.body)))
        written = list(batches(rows))

        def write(transaction: neo4j.ManagedTransaction) -> None:
            raised = transaction.run(_RAISE, id=webhook, now=at).single(strict=True)
            lease = transaction.run(_LEASE).single()
            if raised["version"] != known.version + 1 or (token is not None and lease and lease["token"] != token):
                raise _Overtaken
            for batch in written:
                transaction.run(batch.statement, rows=batch.rows).consume()
            transaction.run(_EMPTIED, ids=emptied).consume()
            others = {page for page in raised["pages"] if page.partition("/")[0] not in told}
            events = sorted({*raised["events"], *told})
            transaction.run(_KNOW, id=webhook, events=events, pages=sorted({*others, *after})).consume()

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

    def failed(self, message: Message, error: str, now: datetime, asked: timedelta = timedelta()) -> None:
        """An attempt failed: another is made later, each time after twice the pause, until there were too many; no
        sooner than the receiver ``asked`` for.
        """
        attempts = message.attempts + 1
        pause = max(asked, min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE))
        fields = {
            "id": message.id,
            "attempts": attempts,
            "status": "due" if attempts < ATTEMPTS else "failed",
            "due": timestamp(now + pause),
            "error": error,
        }
        self._database.write(lambda transaction: transaction.run(_FAILED, fields).consume())

    def counts(self) -> list[dict[str, Any]]:
        """How many messages of each webhook are due and how many were given up, and since when the oldest is there."""
        return self._database.read(_COUNTS)

    def messages(self, webhook: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """Messages that were not delivered, the oldest first, without what they say."""
        return self._database.read(_WRITTEN, webhook=webhook, limit=limit)

    def retry(self, now: datetime, webhook: str | None = None, id_: str | None = None) -> int:
        """Have messages that were given up attempted again, from the first pause on; how many."""
        fields = {"webhook": webhook, "id": id_, "now": timestamp(now)}
        return int(self._database.write(lambda tx: tx.run(_RETRY, fields).single(strict=True)["n"]))

    def prune(self, before: datetime, webhook: str | None = None) -> int:
        """Delete messages that were given up and are older; how many."""
        fields = {"webhook": webhook, "before": timestamp(before)}
        pruned = 0
        while done := int(self._database.write(lambda tx: tx.run(_PRUNE, fields).single(strict=True)["n"])):
            pruned += done
        return pruned

    def forget(self, webhook: str) -> bool:
        """Delete all that is known of a webhook; whether anything was. One that is met again begins anew."""
        rows = self._database.read(_KNOWN, id=webhook)
        pages_ = [f"{webhook}/{page}" for row in rows for page in row["pages"] or ()]

        def forget(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run(_EMPTIED, ids=pages_).consume()
            for statement in _FORGET:
                transaction.run(statement, id=webhook).consume()

        self._database.write(forget)
        return bool(rows)


def _pages(told: Mapping[str, Told], events: Collection[str]) -> dict[str, str]:
    """The pages of some kinds of event."""
    return {name: text for event in events for name, text in pages(event, told.get(event, {})).items()}
