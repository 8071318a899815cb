"""What webhooks are to be told is written to the outbox, and what is there is delivered, at least once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from ...graph.baseline import Told
from ...graph.clock import Clock, timestamp
from ...graph.database import Database
from ...graph.outbox import Message, Outbox
from ...graph.receivers import Receivers
from ..freshness import Freshness
from . import events
from .declared import Webhook
from .facts import Snapshot, State, at_rest, snapshot
from .sending import send

PAUSE = timedelta(seconds=30)
TRIES = 3
PORTION = 50_000
"""The most facts of one kind of event that are told in one transaction: five hundred messages, ten megabytes."""

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
    there = _there(Receivers(database), webhooks, now)
    if not there:
        return 0
    found = snapshot(database, freshness, now, seen=seen)
    outbox = Outbox(database)
    return sum(tell(outbox, webhook, found, now) for webhook in there)


def _there(receivers: Receivers, webhooks: Sequence[Webhook], now: datetime) -> list[Webhook]:
    """Those whose receiver is not gone. One that has another address by now is there again."""
    gone = receivers.gone()
    for webhook in webhooks:
        if webhook.name in gone and gone[webhook.name] != webhook.address:
            receivers.resume(webhook.name, now)
    return [webhook for webhook in webhooks if gone.get(webhook.name) != webhook.address]


def tell(outbox: Outbox, webhook: Webhook, seen: Snapshot, now: datetime) -> int:
    """Write what is new for one webhook, portion by portion; how many messages that is.

    Where another process told it something meanwhile, it is compared again.
    """
    written = overtaken = 0
    while overtaken < TRIES:
        told = _portion(outbox, webhook, seen, now)
        if told is None:
            overtaken += 1
        else:
            written += told.messages
            if not told.more:
                break
    return written


@dataclass(frozen=True, slots=True)
class _Told:
    messages: int
    more: bool = False


def _portion(outbox: Outbox, webhook: Webhook, seen: Snapshot, now: datetime) -> _Told | None:
    """Tell of as much as one transaction may hold; None if another process told something meanwhile."""
    at = timestamp(now)
    events_ = [event for event in webhook.events if event in seen.facts]
    known = outbox.announced(webhook.name, events_)
    told: dict[str, Told] = {}
    counts: dict[str, int] = {}
    bodies: list[dict[str, Any]] = []
    more = False
    for event in events_:
        if event not in known.events and seen.token is None:
            continue
        before = known.told.get(event, {})
        found = events.compare(before, seen.facts[event])
        if event not in known.events:
            counts[event] = len(found.new)
        else:
            found, left_out = events.portion(before, found, PORTION)
            more = more or left_out
            bodies.extend(events.messages(event, found.new, at))
        if event not in known.events or before != found.announced:
            told[event] = found.announced
    if counts:
        bodies.insert(0, events.summary(counts, at))
    if not told and not bodies:
        return _Told(0)
    messages = [Message(new_id(), webhook.name, body["type"], orjson.dumps(body).decode()) for body in bodies]
    written = outbox.announce(webhook.name, known, told, messages, now=now, token=seen.token)
    return _Told(len(messages), more) if written else None


def deliver(
    database: Database, webhooks: Sequence[Webhook], clock: Clock, *, going_on: Callable[[], bool] = lambda: True
) -> list[Outcome]:
    """Attempt what is due, once each, while it is ``going_on``. No message waits for another: the order is not kept
    where one fails. Where a receiver is not there, its other messages wait for the next time, or as long as it asked.
    """
    outbox, receivers = Outbox(database), Receivers(database)
    quiet = receivers.quiet(clock())
    by_name = {one.name: one for one in _there(receivers, webhooks, clock()) if one.name not in quiet}
    waiting: set[str] = set()
    outcomes = []
    for message in outbox.due(list(by_name), clock()):
        if not going_on():
            break
        if message.webhook in waiting or not outbox.claim(message, clock()):
            continue
        failure = send(by_name[message.webhook], message, clock())
        if failure is None:
            outbox.delivered(message)
        else:
            outbox.failed(message, failure.told, clock(), failure.asked)
            if failure.wait:
                waiting.add(message.webhook)
            if failure.asked:
                receivers.wait(message.webhook, clock() + failure.asked)
            if failure.gone:
                receivers.leave(message.webhook, by_name[message.webhook].address)
        outcomes.append(Outcome(message, failure.told if failure else None))
    return outcomes


def new_id() -> str:
    """The id of a message: the receiver may see it twice, and then knows it."""
    return f"msg_{secrets.token_hex(16)}"


def chore(
    using: Callable[[], AbstractContextManager[Database]],
    webhooks: Sequence[Webhook],
    freshness: Freshness,
    clock: Clock,
    going_on: Callable[[], bool] = lambda: True,
) -> Callable[[], timedelta]:
    """Announcing and delivering, for the timer of the schedules, while it is ``going_on``."""

    seen: State | None = None
    gone: Mapping[str, str] = {}

    def work() -> timedelta:
        nonlocal seen, gone
        with using() as database:
            state, gone_before = at_rest(database), gone
            gone = Receivers(database).gone()
            # One that is asked again after it was gone has not been told what was seen meanwhile.
            announce(database, webhooks, freshness, clock, seen=seen if gone == gone_before else None)
            seen = state
            for outcome in deliver(database, webhooks, clock, going_on=going_on):
                if outcome.error:
                    logger.warning("webhook %s: %s", outcome.message.webhook, outcome.error)
        return PAUSE

    return work
