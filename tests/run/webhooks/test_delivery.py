"""Webhooks of a real graph, on both engines, and a receiver on this machine's loopback."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path
from typing import Any

import pytest
from muniment.errors import SettingsError
from muniment.graph.baseline import Baseline
from muniment.graph.database import Database
from muniment.graph.outbox import ATTEMPTS, CLAIMED, Outbox
from muniment.graph.receivers import Receivers
from muniment.run.freshness import Freshness
from muniment.run.webhooks.declared import Webhook, webhooks
from muniment.run.webhooks.delivery import announce, chore, deliver
from muniment.settings import Settings

from ...queries import estate
from .receiver import Receiver, listening

SECRET = "a secret of more than 24 bytes"
FRESH = Freshness({})


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as one:
        yield one


@pytest.fixture
def hook(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Webhook:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    (one,) = declared({"url": receiver.url}).values()
    return one


def declared(*tables: dict[str, Any]) -> dict[str, Webhook]:
    given = [{"name": "siem", "secret_env": "HOOK_SECRET", **table} for table in tables]
    return webhooks(Settings(Path("unused"), file={"webhook": given}))


def change(database: Database, cypher: Any, **parameters: Any) -> None:
    database.write(lambda tx: tx.run(cypher, parameters).consume())


def test_what_is_new_is_told_once(database: Database, hook: Webhook, receiver: Receiver) -> None:
    estate.fill(database)
    clock = Clock()

    def told() -> list[dict[str, Any]]:
        receiver.got.clear()
        announce(database, [hook], FRESH, clock)
        assert [outcome.error for outcome in deliver(database, [hook], clock) if outcome.error] == []
        return [json.loads(body) for _, body in receiver.got]

    (first,) = told()
    assert first["type"] == "baseline"
    assert first["data"]["counts"]["new-exposure"] > 0
    assert first["data"]["counts"]["new-administrator-path"] > 0
    assert told() == []

    change(
        database,
        "MATCH (s:PrincipalSet {id: $id}) SET s.id = $id + 'd' "
        "WITH s MATCH (p:User {id: $bob}), (r:Role {id: $role}), (a:Account {id: $account}) "
        "MERGE (p)-[:GATHERED_IN]->(s) MERGE (s)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r) "
        "MERGE (r)-[:ADMINISTERS {decision: 'allow'}]->(a)",
        id=estate.SET,
        bob=estate.BOB,
        role=estate.CHECKOUT_DEPLOYER,
        account="666666666666",
    )
    paths = told()
    assert {one["type"] for one in paths} == {"new-administrator-path"}
    assert estate.BOB in {item["principal"] for one in paths for item in one["data"]["items"]}

    change(
        database,
        "MATCH (x:Anyone), (r:Role {id: $role}) "
        "CREATE (x)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r)",
        role=estate.DEPLOYER,
    )
    opened = [one for one in told() if one["type"] == "new-exposure"]
    assert [item["target"] for one in opened for item in one["data"]["items"]] == [estate.DEPLOYER]

    change(database, "MATCH (s:Scope {id: $id}) SET s.status = 'denied'", id=f"aws/{estate.PAY}/global/iam")
    (lost,) = told()
    assert (lost["type"], lost["data"]["items"][0]["status"]) == ("lost-coverage", "denied")
    assert told() == []


def test_what_the_first_run_finds_is_the_baseline(database: Database, hook: Webhook, receiver: Receiver) -> None:
    work = chore(lambda: nullcontext(database), [hook], FRESH, Clock())
    work()
    assert receiver.got == [], "there is nothing yet that could be in force"
    estate.fill(database)
    work()
    (body,) = [json.loads(body) for _, body in receiver.got]
    assert body["type"] == "baseline"
    assert body["data"]["counts"]["new-administrator-path"] > 0


def test_nothing_of_a_run_that_is_writing_is_told(database: Database, hook: Webhook) -> None:
    estate.fill(database)
    change(database, "MERGE (l:Lease {id: 'writer'}) SET l.holder = 'run', l.token = 7, l.expires_at = '2100'")
    assert announce(database, [hook], FRESH, Clock()) == 0
    change(database, "MATCH (l:Lease) SET l.holder = null")
    assert announce(database, [hook], FRESH, Clock()) == 1


def test_a_stale_scope_is_told_once_for_each_reading(database: Database, hook: Webhook) -> None:
    estate.fill(database)
    fresh, clock = Freshness({"default": timedelta(days=30)}), Clock()
    assert announce(database, [hook], fresh, clock) == 1
    clock.now += timedelta(days=60)
    assert announce(database, [hook], fresh, clock) == 1
    assert announce(database, [hook], fresh, clock) == 0


def test_tried_again_with_the_same_id_and_a_signature_that_holds(
    embedded_database: Database, hook: Webhook, receiver: Receiver
) -> None:
    estate.fill(embedded_database)
    clock = Clock()
    announce(embedded_database, [hook], FRESH, clock)
    receiver.answers = [500, 302]
    for _ in range(3):
        deliver(embedded_database, [hook], clock)
        clock.now += timedelta(minutes=10)
    deliver(embedded_database, [hook], clock)
    assert receiver.types() == ["baseline"] * 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    for headers, body in receiver.got:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = b64encode(hmac(SECRET.encode(), signed, sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"


def test_nothing_is_lost_by_a_kill(embedded_database: Database, hook: Webhook, receiver: Receiver) -> None:
    estate.fill(embedded_database)
    clock = Clock()
    announce(embedded_database, [hook], FRESH, clock)  # killed here: another process delivers
    (message,) = Outbox(embedded_database).due([hook.name], clock())
    assert Outbox(embedded_database).claim(message, clock())  # killed here: an attempt that nobody makes
    assert not Outbox(embedded_database).claim(message, clock())
    assert deliver(embedded_database, [hook], clock) == []
    clock.now += CLAIMED
    assert [outcome.error for outcome in deliver(embedded_database, [hook], clock)] == [None]
    assert receiver.types() == ["baseline"]


def test_of_two_that_announce_the_same_one_does(embedded_database: Database, hook: Webhook) -> None:
    outbox = Outbox(embedded_database)
    facts = {"new-exposure": {"a": 2}}
    now = datetime(2026, 1, 31, tzinfo=UTC)
    before = outbox.announced(hook.name, facts)
    assert outbox.announce(hook.name, before, facts, [], now=now, token=None)
    assert not outbox.announce(hook.name, before, {"new-exposure": {}}, [], now=now, token=None)
    assert outbox.announced(hook.name, facts) == Baseline(1, frozenset(facts), facts)


def test_given_up_after_many_attempts(embedded_database: Database, hook: Webhook, receiver: Receiver) -> None:
    estate.fill(embedded_database)
    clock = Clock()
    announce(embedded_database, [hook], FRESH, clock)
    receiver.answers = [503] * 50
    for _ in range(ATTEMPTS + 3):
        deliver(embedded_database, [hook], clock)
        clock.now += timedelta(hours=7)
    assert len(receiver.got) == ATTEMPTS
    (counted,) = Outbox(embedded_database).counts()
    assert (counted["status"], counted["count"]) == ("failed", 1)


def test_what_came_while_a_receiver_was_gone_is_told_when_it_is_back(
    embedded_database: Database, hook: Webhook, receiver: Receiver
) -> None:
    estate.fill(embedded_database)
    clock = Clock()
    work = chore(lambda: nullcontext(embedded_database), [hook], FRESH, clock)
    receiver.answers = [410]
    work()
    change(
        embedded_database,
        "MATCH (x:Anyone), (r:Role {id: $role}) "
        "CREATE (x)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r)",
        role=estate.DEPLOYER,
    )
    change(embedded_database, "MATCH (l:Lease) SET l.token = l.token + 1")
    for _ in range(3):
        clock.now += timedelta(hours=1)
        work()
    assert receiver.types() == ["baseline"]
    Receivers(embedded_database).resume(hook.name, clock())
    work()
    assert receiver.types().count("baseline") == 2, "the one that was not taken comes again"
    assert "new-exposure" in receiver.types()[1:]


@pytest.mark.parametrize(
    "table",
    [
        {"url": "http://example.com/hook"},
        {"url": "https://user:pass@example.com/"},
        {"url": "ftp://example.com/"},
        {"url": "https://example.com/", "events": ["everything"]},
        {"url": "https://example.com/", "secret_file": "both"},
        {"url": "https://example.com/", "secret": "in the file"},
        {"url": "https://example.com/", "name": "Not A Name"},
    ],
)
def test_what_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        declared(table)


def test_a_short_secret_is_refused(hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in ("", "short", "whsec_c2hvcnQ=", "whsec_!"):
        monkeypatch.setenv("HOOK_SECRET", secret)
        with pytest.raises(SettingsError):
            hook.keys()


def test_beside_the_schedules_it_tells_of_what_a_run_changed(
    embedded_database: Database, hook: Webhook, receiver: Receiver
) -> None:
    estate.fill(embedded_database)
    work = chore(lambda: nullcontext(embedded_database), [hook], FRESH, Clock())
    work()
    work()
    change(
        embedded_database,
        "MATCH (x:Anyone), (r:Role {id: $role}) "
        "CREATE (x)-[:CAN_ASSUME {decision: 'allow', action: 'sts:AssumeRole'}]->(r)",
        role=estate.DEPLOYER,
    )
    change(embedded_database, "MATCH (l:Lease) SET l.token = l.token + 1")
    work()
    assert "new-exposure" in receiver.types()[1:]
    assert receiver.types().count("baseline") == 1
