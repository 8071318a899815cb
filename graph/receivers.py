"""What receivers of webhooks asked for: to be left alone for a while (``Retry-After``), or for good (410 Gone)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString

from .clock import timestamp
from .database import Database

_GONE = "MATCH (w:Webhook) WHERE w.gone IS NOT NULL RETURN w.id AS id, w.gone AS address"
_QUIET = "MATCH (w:Webhook) WHERE w.quiet_until > $now RETURN w.id AS id, w.quiet_until AS until"
_LEAVE: LiteralString = "MATCH (w:Webhook {id: $id}) SET w.gone = $address"
_WAIT: LiteralString = "MATCH (w:Webhook {id: $id}) SET w.quiet_until = $until"
_RESUME: LiteralString = "MATCH (w:Webhook {id: $id}) SET w.gone = null"
_AT_ONCE: LiteralString = "MATCH (m:WebhookMessage {webhook: $id}) WHERE m.status = 'due' SET m.due_at = $now"


class Receivers:
    """Reads and writes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def gone(self) -> dict[str, str]:
        """Webhooks that nothing is sent to any more, by name: a hash of the address that said that it is gone."""
        return {row["id"]: row["address"] for row in self._database.read(_GONE)}

    def quiet(self, now: datetime) -> dict[str, str]:
        """Until when those are left alone that asked for that, by name."""
        return {row["id"]: row["until"] for row in self._database.read(_QUIET, now=timestamp(now))}

    def leave(self, webhook: str, address: str) -> None:
        """Send it nothing more."""
        self._write(_LEAVE, id=webhook, address=address)

    def wait(self, webhook: str, until: datetime) -> None:
        """Send it nothing until then."""
        self._write(_WAIT, id=webhook, until=timestamp(until))

    def resume(self, webhook: str, now: datetime) -> None:
        """Send to it again: what waits for it is due now."""
        self._write(_RESUME, id=webhook)
        self._write(_AT_ONCE, id=webhook, now=timestamp(now))

    def _write(self, cypher: LiteralString, **fields: Any) -> None:
        self._database.write(lambda transaction: transaction.run(cypher, fields).consume())
