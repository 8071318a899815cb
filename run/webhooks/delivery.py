"""What webhooks are to be told is written to the outbox, and what is there is delivered, at least once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import urllib3

from ...errors import SettingsError
from ...graph.clock import Clock, timestamp
from ...graph.database import Database
from ...graph.ledger import Ledger
from ...graph.outbox import Message, Outbox
from ..freshness import Freshness
from . import events, signature
from .declared import Webhook
from .facts import Snapshot, State, at_rest, snapshot

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
PAUSE = timedelta(seconds=30)
TRIES = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt went; ``error`` is None where the receiver took it."""

    message: Message
    error: str | None


def announce(
    database: Database, webhooks: Sequence[Webhook], freshness: Freshness, clock: Clock, *, seen: State | None = None
) -> int:
    """Write what is new for each webhook into the outbox; how many messages that is. ``seen`` as for ``snapshot``."""
    now = clock()
    scopes = Ledger(database, clock).scopes()
    found = snapshot(database, scopes, freshness, now, seen=seen)
    outbox = Outbox(database)
    return sum(_announce(outbox, webhook, found, now) for webhook in webhooks)


def _announce(outbox: Outbox, webhook: Webhook, seen: Snapshot, now: datetime) -> int:
    """Where another process told the webhook something meanwhile, it is compared again."""
    for _ in range(TRIES):
        written = _try_to_announce(outbox, webhook, seen, now)
        if written is not None:
            return written
    return 0


def _try_to_announce(outbox: Outbox, webhook: Webhook, seen: Snapshot, now: datetime) -> int | None:
    at = timestamp(now)
    version, before = outbox.announced(webhook.name)
    told: dict[str, events.Announced] = {}
    counts: dict[str, int] = {}
    bodies: list[dict[str, Any]] = []
    for event in webhook.events:
        if event not in seen.facts or (event not in before and seen.token is None):
            continue
        found = events.compare(before.get(event, {}), seen.facts[event])
        if event not in before:
            counts[event] = len(found.new)
        else:
            bodies.extend(events.messages(event, found.new, at))
        if before.get(event) != found.announced:
            told[event] = found.announced
    if counts:
        bodies.insert(0, events.summary(counts, at))
    if not told and not bodies:
        return 0
    messages = [Message(new_id(), webhook.name, body["type"], orjson.dumps(body).decode()) for body in bodies]
    written = outbox.announce(webhook.name, version, told, messages, now=now, token=seen.token)
    return len(messages) if written else None


def deliver(database: Database, webhooks: Sequence[Webhook], clock: Clock) -> list[Outcome]:
    """Attempt what is due, once each. No message waits for another: the order is not kept where one fails."""
    outbox = Outbox(database)
    by_name = {webhook.name: webhook for webhook in webhooks}
    outcomes = []
    for message in outbox.due(list(by_name), clock()):
        if not outbox.claim(message, clock()):
            continue
        error = send(by_name[message.webhook], message, clock())
        if error is None:
            outbox.delivered(message)
        else:
            outbox.failed(message, error, clock())
        outcomes.append(Outcome(message, error))
    return outcomes


def send(webhook: Webhook, message: Message, now: datetime) -> str | None:
    """One attempt; why it failed, or None. It follows no redirect: that would lead where nobody decided to send."""
    body = message.body.encode()
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    try:
        headers = signature.headers(webhook.key(), message.id, int(now.timestamp()), body)
        with urllib3.PoolManager(retries=False, timeout=timeout, cert_reqs="CERT_REQUIRED") as pool:
            answer = pool.request(
                "POST", webhook.url, body=body, headers=headers, redirect=False, preload_content=False
            )
            status = answer.status
            answer.close()
    except SettingsError as error:
        return error.message
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return f"{webhook.place} cannot be reached ({type(error).__name__})"
    return None if 200 <= status < 300 else f"{webhook.place} answered {status}"


def new_id() -> str:
    """The id of a message: the receiver may see it twice, and then knows it."""
    return f"msg_{secrets.token_hex(16)}"


def chore(
    using: Callable[[], AbstractContextManager[Database]],
    webhooks: Sequence[Webhook],
    freshness: Freshness,
    clock: Clock,
) -> Callable[[], timedelta]:
    """Announcing and delivering, for the timer of the schedules."""

    seen: State | None = None

    def work() -> timedelta:
        nonlocal seen
        with using() as database:
            state = at_rest(database)
            announce(database, webhooks, freshness, clock, seen=seen)
            seen = state
            for outcome in deliver(database, webhooks, clock):
                if outcome.error:
                    logger.warning("webhook %s: %s", outcome.message.webhook, outcome.error)
        return PAUSE

    return work
