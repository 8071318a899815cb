"""The outbox: what was told is kept in pages, many are told in portions, and what was given up is not gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.graph.baseline import Baseline, facts, pages
from muniment.graph.clock import timestamp
from muniment.graph.database import Database
from muniment.graph.outbox import ATTEMPTS, Message, Outbox
from muniment.graph.receivers import Receivers
from muniment.run.freshness import Freshness
from muniment.run.webhooks import delivery
from muniment.run.webhooks.declared import Webhook
from muniment.run.webhooks.events import NEW_EXPOSURE, Fact, compare, portion
from muniment.run.webhooks.facts import Snapshot

from ...queries import estate
from .receiver import Receiver, listening

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
DIGESTS = st.text("0123456789abcdef", min_size=24, max_size=24)
TOLD = st.dictionaries(DIGESTS, st.integers(1, 2), max_size=40)


def many(number: int) -> list[Fact]:
    return [Fact((f"{one:05}",), 2, {"principal": f"{one:05}"}) for one in range(number)]


def webhook(name: str = "siem", url: str = "http://127.0.0.1:9/") -> Webhook:
    return Webhook(name, url, (NEW_EXPOSURE,), ("HOOK_SECRET",))


@given(TOLD)
def test_pages_hold_all_that_was_told(told: dict[str, int]) -> None:
    made = pages("new-exposure", told)
    assert dict(facts(list(made.values()))) == told
    assert all(fact.startswith(page.rpartition("/")[2]) for page, text in made.items() for fact in text.split())


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 10))
def test_portions_tell_everything_once(before: int, now: int, most: int) -> None:
    told = compare({}, many(before)).announced
    seen: list[Fact] = []
    for _ in range(50):
        found, more = portion(told, compare(told, many(now)), most)
        assert len(found.new) <= most
        seen += found.new
        told = found.announced
        if not more:
            break
    assert sorted(fact.about for fact in seen) == [fact.about for fact in many(now)[before:]]
    assert told == compare({}, many(now)).announced


def test_one_more_fact_writes_one_page(database: Database) -> None:
    outbox = Outbox(database)
    first = compare({}, many(3000)).announced
    assert outbox.announce("siem", Baseline(), {NEW_EXPOSURE: first}, [], now=NOW, token=None)
    assert database.read("MATCH (b:WebhookBaseline) RETURN count(b) AS n") == [{"n": 256}]
    database.write(lambda tx: tx.run("MATCH (b:WebhookBaseline) SET b.untouched = true").consume())

    known = outbox.announced("siem", [NEW_EXPOSURE])
    assert known == Baseline(1, frozenset({NEW_EXPOSURE}), {NEW_EXPOSURE: first})
    more = compare(first, many(3001))
    database.write(lambda tx: tx.run("MATCH (b:WebhookBaseline) SET b.before = b.facts").consume())
    assert outbox.announce("siem", known, {NEW_EXPOSURE: more.announced}, [], now=NOW, token=None)
    changed = database.read("MATCH (b:WebhookBaseline) WHERE b.facts <> b.before RETURN count(b) AS n")
    assert changed == [{"n": 1}]

    known = outbox.announced("siem", [NEW_EXPOSURE])
    assert known.told == {NEW_EXPOSURE: more.announced}
    assert outbox.announce("siem", known, {NEW_EXPOSURE: {}}, [], now=NOW, token=None)
    assert database.read("MATCH (b:WebhookBaseline) RETURN count(b) AS n") == [{"n": 0}]
    assert outbox.announced("siem", [NEW_EXPOSURE]) == Baseline(3, frozenset({NEW_EXPOSURE}), {NEW_EXPOSURE: {}})


def test_what_comes_in_thousands_is_told_in_portions(
    embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PORTION", 100)
    outbox = Outbox(embedded_database)
    for number, messages in ((5, 1), (255, 3), (255, 0)):
        seen = Snapshot({NEW_EXPOSURE: many(number)}, 0)
        assert delivery.tell(outbox, webhook(), seen, NOW) == messages
    assert outbox.announced("siem", [NEW_EXPOSURE]).told[NEW_EXPOSURE] == compare({}, many(255)).announced


def three_wait(database: Database, hook: Webhook) -> None:
    """Have three messages of the webhook wait to be sent."""
    waiting = [Message(f"msg_{hook.name}_{number}", hook.name, NEW_EXPOSURE, "{}") for number in range(3)]
    Outbox(database).announce(hook.name, Baseline(), {}, waiting, now=NOW, token=None)


def test_a_receiver_that_is_not_there_is_not_asked_again_for_every_message(
    embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of more than 24 bytes")
    with listening(Receiver()) as one, listening(Receiver()) as other:
        hooks = [webhook("one", one.url), webhook("other", other.url)]
        for hook in hooks:
            three_wait(embedded_database, hook)
        one.answers, other.answers = [503], [400]
        outcomes = delivery.deliver(embedded_database, hooks, lambda: NOW)
        assert (len(one.got), len(other.got)) == (1, 3), "503 is about the receiver, 400 about the message"
        assert sum(outcome.error is None for outcome in outcomes) == 2
        delivery.deliver(embedded_database, hooks, lambda: NOW + timedelta(seconds=30))
        assert len(one.got) == 3, "the first waits for its time, the others do not"


def test_a_receiver_that_asks_to_wait_is_left_alone_so_long(
    embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of more than 24 bytes")
    with listening(Receiver()) as receiver:
        hook = webhook(url=receiver.url)
        three_wait(embedded_database, hook)
        receiver.answers, receiver.retry_after = [429], "600"
        delivery.deliver(embedded_database, [hook], lambda: NOW)
        for seconds, got in ((30, 1), (599, 1), (600, 4)):
            later = NOW + timedelta(seconds=seconds)
            delivery.deliver(embedded_database, [hook], lambda later=later: later)  # type: ignore[misc]
            assert len(receiver.got) == got, f"after {seconds} s"


def test_a_receiver_that_is_gone_is_sent_nothing_until_somebody_says_so(
    embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of more than 24 bytes")
    outbox, receivers = Outbox(embedded_database), Receivers(embedded_database)
    estate.fill(embedded_database)
    with listening(Receiver()) as receiver, listening(Receiver()) as moved:
        hook = webhook(url=receiver.url)
        three_wait(embedded_database, hook)
        receiver.answers = [410]
        (outcome,) = delivery.deliver(embedded_database, [hook], lambda: NOW)
        assert outcome.error is not None
        assert outcome.error.endswith("answered 410: gone, nothing more is sent")
        assert [*receivers.gone()] == [hook.name]
        later = NOW + timedelta(days=2)
        assert delivery.announce(embedded_database, [hook], Freshness({}), lambda: later) == 0
        assert delivery.deliver(embedded_database, [hook], lambda: later) == []
        assert [message.attempts for message in outbox.due([hook.name], later)] == [1, 0, 0]

        receivers.resume(hook.name, later)
        assert len(delivery.deliver(embedded_database, [hook], lambda: later)) == 3
        receivers.leave(hook.name, hook.address)
        elsewhere = webhook(url=moved.url)
        assert delivery.announce(embedded_database, [elsewhere], Freshness({}), lambda: later) == 1
        delivery.deliver(embedded_database, [elsewhere], lambda: later)
        assert moved.types() == ["baseline"], "another address is asked again by itself"
        assert receivers.gone() == {}


def given_up(database: Database, number: int = 1, name: str = "siem") -> list[str]:
    """Messages that were given up."""
    outbox = Outbox(database)
    waiting = [Message(f"msg_{name}_{one}", name, NEW_EXPOSURE, "{}", ATTEMPTS - 1) for one in range(number)]
    known = outbox.announced(name, [])
    outbox.announce(name, known, {}, waiting, now=NOW, token=None)
    set_attempts = "MATCH (m:WebhookMessage {webhook: $name}) SET m.attempts = $attempts"
    database.write(lambda tx: tx.run(set_attempts, name=name, attempts=ATTEMPTS).consume())
    for message in waiting:
        outbox.failed(message, "answered 503", NOW)
    return [message.id for message in waiting]


def test_what_was_given_up_is_shown_and_tried_again(database: Database) -> None:
    first, second = given_up(database, 2)
    outbox = Outbox(database)
    assert outbox.due(["siem"], NOW) == []
    assert [(row["id"], row["status"], row["error"]) for row in outbox.messages("siem")] == [
        (first, "failed", "answered 503"),
        (second, "failed", "answered 503"),
    ]
    (counted,) = outbox.counts()
    assert (counted["status"], counted["count"], counted["oldest"]) == ("failed", 2, timestamp(NOW))
    later = NOW + timedelta(days=3)
    assert outbox.retry(later, id_=second) == 1
    assert [(message.id, message.attempts) for message in outbox.due(["siem"], later)] == [(second, 0)]
    assert outbox.retry(later, "another") == 0
    assert outbox.retry(later) == 1


def test_what_was_given_up_is_deleted_by_its_age_and_what_waits_is_not(database: Database) -> None:
    given_up(database, 2)
    given_up(database, 1, "other")
    outbox = Outbox(database)
    outbox.retry(NOW, id_="msg_siem_0")
    assert outbox.prune(NOW) == 0
    assert outbox.prune(NOW + timedelta(days=1), "other") == 1
    assert outbox.prune(NOW + timedelta(days=1)) == 1
    assert [row["id"] for row in outbox.messages()] == ["msg_siem_0"]


def test_a_webhook_that_is_forgotten_begins_anew(database: Database) -> None:
    given_up(database)
    outbox = Outbox(database)
    outbox.announce("siem", outbox.announced("siem", []), {NEW_EXPOSURE: {"ab": 2}}, [], now=NOW, token=None)
    outbox.announce("other", Baseline(), {NEW_EXPOSURE: {"ab": 2}}, [], now=NOW, token=None)
    assert outbox.forget("siem")
    assert not outbox.forget("siem")
    assert outbox.announced("siem", [NEW_EXPOSURE]) == Baseline()
    assert outbox.messages() == []
    assert outbox.announced("other", [NEW_EXPOSURE]).told == {NEW_EXPOSURE: {"ab": 2}}


def test_stopping_is_not_kept_waiting_by_what_is_due(
    embedded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of more than 24 bytes")
    with listening(Receiver()) as receiver:
        hook = webhook(url=receiver.url)
        three_wait(embedded_database, hook)
        delivery.deliver(embedded_database, [hook], lambda: NOW, going_on=lambda: not receiver.got)
        assert len(receiver.got) == 1
