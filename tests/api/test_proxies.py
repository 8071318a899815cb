"""Where a request comes from: what proxies say that are named counts, and what anybody else says does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from fastapi.testclient import TestClient
from limits import parse
from muniment.api.application import application
from muniment.api.security.audit import AuditLog
from muniment.api.security.authentication import Authentication
from muniment.api.security.guard import Security
from muniment.api.security.rates import Rates
from muniment.errors import SettingsError
from muniment.graph.clock import wall_clock
from muniment.graph.database import connect
from muniment.settings import Settings

INGRESS, STRANGER = "10.1.2.3", "198.51.100.7"
NAMED = ["10.0.0.0/8", "fd00::1"]


def client_at(address: str, settings: Settings, log: AuditLog, proxies: list[str]) -> TestClient:
    """What this address sends, to a server that believes these proxies, and that takes three strangers a minute."""
    given = replace(settings, file={"api": {"proxies": proxies}})
    security = Security(Authentication(), Rates(strangers=parse("3/minute")), log)
    app = application(connect(given), given, security)
    return TestClient(app, base_url="http://localhost", client=(address, 50_000))


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "api.jsonl", wall_clock)


@pytest.mark.parametrize(
    ("sender", "proxies", "said", "taken"),
    [
        (INGRESS, NAMED, STRANGER, STRANGER),
        (INGRESS, NAMED, f"127.0.0.1, 10.9.9.9, {STRANGER}", STRANGER),
        (INGRESS, NAMED, f"{STRANGER}, 10.9.9.9", STRANGER),
        ("fd00::1", NAMED, "2001:db8::7", "2001:db8::7"),
        (INGRESS, NAMED, None, INGRESS),
        (INGRESS, [], STRANGER, INGRESS),
        (STRANGER, NAMED, "127.0.0.1", STRANGER),
    ],
    ids=[
        "a proxy",
        "words before its own",
        "two proxies",
        "IPv6",
        "a proxy that says nothing",
        "none named",
        "anybody",
    ],
)
def test_the_address_that_is_recorded(
    embedded_settings: Settings, log: AuditLog, sender: str, proxies: list[str], said: str | None, taken: str
) -> None:
    with client_at(sender, embedded_settings, log, proxies) as client:
        client.get("/queries", headers={"x-forwarded-for": said} if said else {})
        (line,) = log.lines(10)
    assert orjson.loads(line)["from"] == taken


def test_strangers_behind_a_proxy_are_counted_each_for_itself(embedded_settings: Settings, log: AuditLog) -> None:
    with client_at(INGRESS, embedded_settings, log, NAMED) as client:
        first = [client.get("/queries", headers={"x-forwarded-for": STRANGER}).status_code for _ in range(5)]
        assert first == [401, 401, 401, 429, 429]
        assert client.get("/queries", headers={"x-forwarded-for": "198.51.100.8"}).status_code == 401


def test_a_connection_is_encrypted_if_the_proxy_says_so(embedded_settings: Settings, log: AuditLog) -> None:
    for sender, encrypted in ((INGRESS, True), (STRANGER, False)):
        with client_at(sender, embedded_settings, log, NAMED) as client:
            headers = client.get("/healthz", headers={"x-forwarded-proto": "https"}).headers
            assert ("strict-transport-security" in headers) is encrypted


@pytest.mark.parametrize("wrong", ["10.0.0.0/24", ["ingress"], ["10.0.0.1/8"], ["0.0.0.0/0"], ["::/0"], ["*"], [7.5]])
def test_proxies_that_are_none(embedded_settings: Settings, log: AuditLog, wrong: list[str]) -> None:
    with pytest.raises(SettingsError):
        client_at(STRANGER, embedded_settings, log, wrong)
