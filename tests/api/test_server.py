"""The server as it runs: encrypted, closed to other places' pages, and there again when its database is."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from muniment.api.application import application
from muniment.api.security.authentication import Authentication
from muniment.api.security.caller import LOCAL
from muniment.api.security.guard import Security
from muniment.api.server import encrypted
from muniment.errors import SettingsError, UsageError
from muniment.graph import embedded
from muniment.graph.database import Database, connect
from muniment.settings import Settings

from ..queries import estate
from .served import serving

QUERY = json.dumps({"query": "{ roles(first: 5) { totalCount edges { node { id name } } } }"})
HERE = "https://console.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem", folder / "key.pem"


def test_connections_are_encrypted_and_end_politely(
    embedded_settings: Settings, embedded_database: Database, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    with serving(embedded_settings, "--tls-cert", str(cert), "--tls-key", str(key)) as (address, process):
        port = int(address.rpartition(":")[2])
        trusted = ssl.create_default_context(cafile=str(cert))
        connection = http.client.HTTPSConnection("localhost", port, context=trusted, timeout=30)
        connection.request("POST", "/graphql", QUERY, {"content-type": "application/json"})
        response = connection.getresponse()
        assert "errors" not in json.loads(response.read())
        assert response.headers["strict-transport-security"]
        connection.close()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(cert)
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            http.client.HTTPSConnection("localhost", port, context=old, timeout=30).request("GET", "/healthz")
        process.terminate()
        assert process.wait(30) == 0


def test_a_certificate_that_cannot_be_used_is_told_before_anything_starts(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = certificate
    with pytest.raises(UsageError):
        encrypted(cert, None)
    for one, other in ((cert, tmp_path / "none.pem"), (key, cert)):
        with pytest.raises(SettingsError):
            encrypted(one, other)


@pytest.fixture
def open_to(embedded_settings: Settings) -> Callable[[list[str]], TestClient]:
    def client(origins: list[str]) -> TestClient:
        given = replace(embedded_settings, file={"api": {"origins": origins}})
        return TestClient(
            application(connect(given), given, Security(Authentication(local=LOCAL))), base_url="http://localhost"
        )

    return client


def _preflight(client: TestClient, origin: str) -> str | None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,muniment-max-age",
    }
    return client.options("/graphql", headers=asked).headers.get("access-control-allow-origin")


def test_pages_of_other_places_ask_nothing_unless_they_are_named(open_to: Callable[[list[str]], TestClient]) -> None:
    with open_to([]) as client:
        assert _preflight(client, HERE) is None
    with open_to([HERE]) as client:
        assert _preflight(client, HERE) == HERE
        for other in ("https://evil.example", "null", f"{HERE}.evil.example", "http://console.example.com"):
            assert _preflight(client, other) is None
        headers = client.get("/healthz", headers={"origin": HERE}).headers
        assert headers["access-control-allow-origin"] == HERE
        assert "access-control-allow-credentials" not in headers
        assert "retry-after" in headers["access-control-expose-headers"], "or no page could heed it"
    for wrong in (["*"], ["console.example.com"], [f"{HERE}/"]):
        with pytest.raises(SettingsError):
            open_to(wrong)


@pytest.mark.parametrize(
    "path", ["/healthz", "/nothing", "/graphiql", "/graphiql/page.js", "/graphql", "/queries/none"]
)
def test_every_answer_has_the_headers_that_keep_it_safe(embedded_client: TestClient, path: str) -> None:
    headers = embedded_client.get(path).headers
    for name in ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"):
        assert name in headers, name
    assert "server" not in headers


def test_an_error_that_nobody_foresaw_has_them_too(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("muniment.api.rest.questions.answer_for", broken)
    response = embedded_client.get("/queries/accounts")
    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL"
    assert "hunter2" not in response.text
    assert "x-frame-options" in response.headers


REFUSED = {(200, "UNAVAILABLE"), (503, "UNAVAILABLE"), (504, "TIMEOUT"), (200, "TIMEOUT")}
"""What may be answered while there is no database, in place of the truth."""


def test_it_answers_again_as_soon_as_its_engine_does(settings: Settings) -> None:
    """The engine is killed under load and started again; what is asked meanwhile is told so, and nothing hangs."""
    with connect(settings) as database:
        estate.fill(database)

    def restarted() -> None:
        state = embedded.answering(settings.data_dir)
        assert state is not None
        embedded.kill(state)
        time.sleep(1)
        with connect(settings):
            pass

    assert under_load(settings, restarted) > 1, "nobody noticed"


def under_load(settings: Settings, restarted: Callable[[], None]) -> int:
    """Restart the database while four clients ask: how many kinds of answers they had, all of them right or refused."""
    with serving(settings) as (address, process), ThreadPoolExecutor(4) as pool:
        truth = _ask(address)
        assert truth[0] == (200, None)
        stop = threading.Event()
        load = [pool.submit(_load, address, stop) for _ in range(4)]
        time.sleep(0.5)
        restarted()
        assert _until(lambda: _ask(address) == truth)
        stop.set()
        answers = [answer for asked in load for answer in asked.result(60)]
        assert all(answer == truth for answer in answers if answer[0] == (200, None)), "a wrong answer"
        outcomes = {outcome for outcome, _ in answers}
        assert outcomes - {(200, None)} <= REFUSED
        assert process.poll() is None
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert "retried" not in process.stderr.read(), "the driver's own words reach nobody"
        return len(outcomes)


def _load(address: str, stop: threading.Event) -> list[tuple[tuple[int, str | None], Any]]:
    answers = []
    while not stop.is_set():
        answers.append(_ask(address))
    return answers


def _ask(address: str) -> tuple[tuple[int, str | None], Any]:
    """The status and the code of what is answered, and the data."""
    connection = http.client.HTTPConnection(address, timeout=40)
    connection.request("POST", "/graphql", QUERY, {"content-type": "application/json"})
    response = connection.getresponse()
    document = json.loads(response.read())
    connection.close()
    errors = document.get("errors")
    return (response.status, errors[0]["extensions"]["code"] if errors else None), document.get("data")


def _until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
