"""One attempt: over TLS with a certificate that must be good, to where messages may go, signed by every secret."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from muniment.errors import SettingsError
from muniment.graph.clock import wall_clock
from muniment.graph.outbox import Message
from muniment.run.webhooks import addresses
from muniment.run.webhooks.declared import Webhook, webhooks
from muniment.run.webhooks.sending import Failure, send
from muniment.settings import Settings

from ...written import written
from .receiver import Authority, Receiver, listening

MESSAGE = Message("msg_1", "siem", "test", '{"type":"test"}')
OLD, NEW = "the secret that was there before", "the secret that is to replace it"
ADDRESSES: list[dict[str, Any]] = written(Path(__file__).parents[2] / "cases" / "webhooks" / "addresses.yaml")


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLD_SECRET", OLD)
    monkeypatch.setenv("NEW_SECRET", NEW)


def declared(**table: Any) -> Webhook:
    given = {"name": "siem", "secret_env": "NEW_SECRET", **table}
    return webhooks(Settings(Path("unused"), file={"webhook": [given]}))["siem"]


def attempt(webhook: Webhook) -> Failure | None:
    return send(webhook, MESSAGE, wall_clock())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_tls_by_an_authority_of_ones_own(host: str, authority: Authority) -> None:
    with listening(authority.secure(Receiver(), host)) as receiver:
        webhook = declared(url=f"https://{host}:{receiver.port}/hook", ca_file=str(authority.file))
        webhook.check()
        assert attempt(webhook) is None
        assert [body for _, body in receiver.got] == [MESSAGE.body.encode()]


@pytest.mark.parametrize(
    ("host", "days", "trusted", "told"),
    [
        ("127.0.0.1", 1, False, "unable to get local issuer certificate"),
        ("hooks.example.com", 1, True, "IP address mismatch"),
        ("127.0.0.1", -1, True, "certificate has expired"),
    ],
    ids=["an authority that is not trusted", "another name", "expired"],
)
def test_a_certificate_that_is_not_good_is_not_taken(
    host: str, days: int, trusted: bool, told: str, authority: Authority, tmp_path: Path
) -> None:
    other = authority if trusted else Authority(tmp_path, "other")
    with listening(authority.secure(Receiver(), host, days)) as receiver:
        failed = attempt(declared(url=f"https://127.0.0.1:{receiver.port}/secret-path", ca_file=str(other.file)))
        assert receiver.got == []
    assert failed is not None
    assert f"https://127.0.0.1:{receiver.port} shows a certificate that is not taken: " in failed.told
    assert told in failed.told
    assert "secret-path" not in failed.told


def test_the_systems_authorities_are_those_of_a_receiver_that_names_none(authority: Authority) -> None:
    with listening(authority.secure(Receiver(), "127.0.0.1")) as receiver:
        failed = attempt(declared(url=f"https://127.0.0.1:{receiver.port}/"))
        assert (receiver.got, failed is not None) == ([], True)


def test_one_that_does_not_speak_tls() -> None:
    with listening(Receiver()) as receiver:
        failed = attempt(declared(url=f"https://127.0.0.1:{receiver.port}/"))
    assert failed is not None
    assert "TLS" in failed.told


def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        failed = attempt(declared(url=f"http://127.0.0.1:{bound.getsockname()[1]}/"))
    assert failed is not None
    assert failed.told.endswith("nobody listens there")


def test_no_redirect_is_followed() -> None:
    with listening(Receiver()) as receiver:
        receiver.answers = [307]
        failed = attempt(declared(url=receiver.url))
        assert len(receiver.got) == 1
    assert failed is not None
    assert failed.told.endswith("answered 307, and no redirect is followed")


@pytest.mark.parametrize(
    ("status", "header", "asked"),
    [
        (429, "120", 120),
        (503, "Sat, 31 Jan 2026 12:10:00 GMT", 600),
        (503, "Sat, 31 Jan 2026 11:00:00 GMT", 0),
        (503, "99999999999999", 86_400),
        (503, "Sun, 31 Jan 2027 12:00:00 GMT", 86_400),
        (503, "soon", 0),
        (503, "-5", 0),
        (503, None, 0),
        (400, "120", 0),
    ],
)
def test_a_receiver_says_how_long_it_wants_to_be_left_alone(status: int, header: str | None, asked: int) -> None:
    with listening(Receiver()) as receiver:
        receiver.answers, receiver.retry_after = [status], header
        failed = send(declared(url=receiver.url), MESSAGE, datetime(2026, 1, 31, 12, 0, tzinfo=UTC))
    assert failed is not None
    assert (failed.asked.total_seconds(), failed.gone) == (asked, False)


def test_a_secret_is_replaced_without_a_message_that_cannot_be_verified() -> None:
    with listening(Receiver()) as receiver:
        assert attempt(declared(url=receiver.url, secret_env=["NEW_SECRET", "OLD_SECRET"])) is None
    ((headers, body),) = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = [b64encode(hmac.digest(one.encode(), signed, hashlib.sha256)).decode() for one in (NEW, OLD)]
    assert headers["webhook-signature"].split() == [f"v1,{one}" for one in expected]


def test_receivers_can_verify_as_the_documentation_shows() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shown: dict[str, Any] = {}
    exec(code, shown)
    with listening(Receiver()) as receiver:
        assert attempt(declared(url=receiver.url, secret_env=["NEW_SECRET", "OLD_SECRET"])) is None
    ((headers, body),) = receiver.got
    assert shown["verified"](NEW, headers, body)
    assert shown["verified"](OLD, headers, body)
    assert not shown["verified"]("another secret of more than 24 bytes", headers, body)
    assert not shown["verified"](NEW, headers, body + b" ")
    assert not shown["verified"](NEW, {**headers, "webhook-timestamp": "1"}, body)


def test_a_secret_that_is_gone_fails_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLD_SECRET")
    failed = attempt(declared(url="https://hooks.example.com/", secret_env=["NEW_SECRET", "OLD_SECRET"]))
    assert failed is not None
    assert "the secret of webhook 'siem' is missing" in failed.told


@pytest.mark.parametrize("case", ADDRESSES, ids=lambda case: f"{case['address']} {case.get('scheme', '')}")
def test_where_messages_may_go(case: dict[str, Any]) -> None:
    scheme = case.get("scheme", "https")
    assert bool(addresses.refused(case["address"], scheme)) is case["refused"], case["why"]
    host = f"[{case['address']}]" if ":" in case["address"] else case["address"]
    try:
        declared(url=f"{scheme}://{host.replace('%eth0', '')}/hook")
    except SettingsError:
        assert case["refused"]
    else:
        assert not case["refused"]


def test_a_name_that_leads_where_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that is given another address after the settings were read."""
    with listening(Receiver()) as receiver:
        webhook = declared(url=f"http://localhost:{receiver.port}/hook")
        monkeypatch.setattr(addresses, "METADATA", {addresses.ip_address("127.0.0.1")})
        failed = attempt(webhook)
        assert receiver.got == []
    assert failed is not None
    assert "leads to 127.0.0.1, a link-local or metadata address: nothing was sent" in failed.told


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with listening(Receiver()) as receiver:
        assert attempt(declared(url=receiver.url)) is None


@pytest.mark.parametrize(
    "table",
    [
        {"secret_env": []},
        {"secret_env": ["A", "B", "C"]},
        {"secret_env": ["A", ""]},
        {"secret_file": ["a", 1]},
        {"ca_file": ""},
        {"ca_file": ["a"]},
    ],
)
def test_what_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        declared(url="https://hooks.example.com/", **table)


def test_a_file_of_certificates_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(SettingsError, match="ca_file of webhook 'siem'"):
            declared(url="https://hooks.example.com/", ca_file=str(tmp_path / name)).check()
