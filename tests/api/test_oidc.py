"""Tokens of an identity provider: a real one on loopback, real keys, and every way in which a token can be wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from graphql import GraphQLError
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from muniment.api.security import oidc
from muniment.api.security.caller import Caller
from muniment.api.security.oidc import KeySet, OidcVerifier, Provider
from muniment.api.security.permissions import Role
from muniment.errors import SettingsError

RSA, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
EC = ec.generate_private_key(ec.SECP256R1())
AUDIENCE = "muniment"


def jwk(key: Any, id_: str) -> dict[str, Any]:
    of = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**of.to_jwk(key.public_key(), as_dict=True), "kid": id_, "use": "sig"}


class Issuer:
    """An identity provider on loopback."""

    def __init__(self) -> None:
        issuer = self
        self.keys = [jwk(RSA, "rsa"), jwk(EC, "ec")]
        self.asked: list[str] = []
        self.down = False

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                documents = {
                    "/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"},
                    "/keys": {"keys": issuer.keys},
                }
                self.send_response(503 if issuer.down else 200)
                self.end_headers()
                self.wfile.write(json.dumps(documents[self.path]).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, key: Any = RSA, id_: str | None = "rsa", algorithm: str = "RS256", **claims: Any) -> str:
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "alice",
            "iat": now,
            "exp": now + 600,
            "groups": ["soc", "staff"],
            **claims,
        }
        headers = {"kid": id_} if id_ else {}
        return jwt.encode({k: v for k, v in said.items() if v is not None}, key, algorithm, headers)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    one = Issuer()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


class _Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def verifier(issuer: Issuer, clock: _Clock) -> OidcVerifier:
    return _verifier(issuer, clock)


def _verifier(issuer: Issuer, clock: _Clock, **settings: Any) -> OidcVerifier:
    provider = Provider.of(
        {
            "issuer": issuer.url,
            "audience": AUDIENCE,
            "role": "groups",
            "roles": {"soc": "auditor", "sre": "operator"},
            **settings,
        }
    )
    return OidcVerifier(provider, KeySet(provider, now=clock))


def _caller(verifier: OidcVerifier, token: str) -> Caller | None:
    return anyio.run(verifier.caller, token)


def test_a_token_makes_a_caller_with_the_role_that_its_claim_maps_to(issuer: Issuer, verifier: OidcVerifier) -> None:
    for key, id_, algorithm in ((RSA, "rsa", "RS256"), (EC, "ec", "ES256")):
        caller = _caller(verifier, issuer.token(key, id_, algorithm))
        assert caller
        assert (caller.name, caller.role, caller.accounts) == ("alice", Role.AUDITOR, None)
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_who_has_no_role_is_forbidden(issuer: Issuer, verifier: OidcVerifier) -> None:
    for groups in (["staff"], [], None, "socks", {"soc": True}, [["soc"]]):
        with pytest.raises(GraphQLError) as caught:
            _caller(verifier, issuer.token(groups=groups))
        assert caught.value.extensions
        assert caught.value.extensions["code"] == "FORBIDDEN"


def test_a_claim_limits_to_accounts_and_its_absence_to_none(issuer: Issuer, clock: _Clock) -> None:
    limiting = _verifier(issuer, clock, accounts="muniment.accounts")
    for claim, accounts in (
        ({"accounts": ["222222222222", "x", "2" * 13]}, {"222222222222"}),
        ({"accounts": "222222222222 333333333333"}, {"222222222222", "333333333333"}),
        ({"accounts": "*"}, set()),
        (None, set()),
    ):
        caller = _caller(limiting, issuer.token(muniment=claim))
        assert caller
        assert caller.accounts == accounts


def _confused(issuer: Issuer, algorithm: str) -> str:
    """A token that is signed with the public key as if it were a secret."""
    public = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header, body, _ = issuer.token().split(".")
    header = _part({"alg": algorithm, "kid": "rsa"})
    signature = hmac.new(public, f"{header}.{body}".encode(), hashlib.sha256).digest()
    return f"{header}.{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


NOW = int(time.time())
WRONG: dict[str, Any] = {
    "another issuer": lambda i: i.token(iss="https://evil.example"),
    "an issuer that begins alike": lambda i: i.token(iss=i.url + "/"),
    "another audience": lambda i: i.token(aud="someone-else"),
    "audiences of others": lambda i: i.token(aud=["a", "b"]),
    "no audience": lambda i: i.token(aud=None),
    "no issuer": lambda i: i.token(iss=None),
    "no expiry": lambda i: i.token(exp=None),
    "no time of issue": lambda i: i.token(iat=None),
    "no subject": lambda i: i.token(sub=None),
    "expired": lambda i: i.token(iat=NOW - 7200, exp=NOW - 3600),
    "not yet good": lambda i: i.token(nbf=NOW + 3600),
    "made in the future": lambda i: i.token(iat=NOW + 3600, exp=NOW + 7200),
    "good for years": lambda i: i.token(exp=NOW + 10**8),
    "an expiry that is no time": lambda i: i.token(exp="tomorrow"),
    "another's key": lambda i: i.token(OTHER, "rsa"),
    "a key that is not known": lambda i: i.token(OTHER, "other"),
    "no key id, of several keys": lambda i: i.token(id_=None),
    "an algorithm that is not taken": lambda i: i.token(algorithm="RS512"),
    "a key of another kind": lambda i: i.token(RSA, "ec"),
    "HS256 with the public key": lambda i: _confused(i, "HS256"),
    "RS256 with the public key": lambda i: _confused(i, "RS256"),
    "no algorithm": lambda i: f"{_part({'alg': 'none', 'kid': 'rsa'})}.{i.token().split('.')[1]}.",
    "an algorithm in other letters": lambda i: f"{_part({'alg': 'nOnE'})}.{i.token().split('.')[1]}.",
    "a changed body": lambda i: ".".join([i.token().split(".")[0], _part({"sub": "root"}), i.token().split(".")[2]]),
    "no signature": lambda i: i.token().rpartition(".")[0] + ".",
    "a key id that is no text": lambda i: f"{_part({'alg': 'RS256', 'kid': {}})}.{i.token().split('.')[1]}.c2ln",
    "no token": lambda i: "a.b.c",
    "a long token": lambda i: i.token(x="y" * 20_000),
    "not JSON": lambda i: "bm90.anNvbg.c2ln",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_not_to_be_trusted_is_nobodys(issuer: Issuer, verifier: OidcVerifier, wrong: str) -> None:
    assert _caller(verifier, issuer.token())
    assert _caller(verifier, WRONG[wrong](issuer)) is None


def test_clocks_may_differ_by_the_leeway(issuer: Issuer, verifier: OidcVerifier) -> None:
    assert _caller(verifier, issuer.token(exp=int(time.time()) - 10))
    assert _caller(verifier, issuer.token(nbf=int(time.time()) + 10))


def test_keys_are_rotated_and_asked_for_seldom(issuer: Issuer, verifier: OidcVerifier, clock: _Clock) -> None:
    assert _caller(verifier, issuer.token())
    issuer.asked.clear()
    for number in range(30):
        assert _caller(verifier, issuer.token(OTHER, f"unknown-{number}")) is None
    assert issuer.asked == []
    clock.now += oidc.FLOOR + 1
    issuer.keys = [jwk(OTHER, "new")]
    assert _caller(verifier, issuer.token(OTHER, "new"))
    assert len(issuer.asked) == 2
    assert _caller(verifier, issuer.token()) is None


def test_known_keys_are_good_while_the_provider_is_down_and_not_for_ever(
    issuer: Issuer, verifier: OidcVerifier, clock: _Clock
) -> None:
    assert _caller(verifier, issuer.token())
    issuer.down = True
    clock.now += oidc.KEPT - 1
    assert _caller(verifier, issuer.token())
    clock.now += 2
    with pytest.raises(GraphQLError) as caught:
        _caller(verifier, issuer.token())
    assert caught.value.extensions
    assert caught.value.extensions["code"] == "UNAVAILABLE"
    issuer.down = False
    clock.now += oidc.FLOOR + 1
    assert _caller(verifier, issuer.token())


def test_keys_may_be_in_a_file(issuer: Issuer, clock: _Clock, tmp_path: Any) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [jwk(RSA, "rsa")]}))
    reading = _verifier(issuer, clock, jwks=str(file))
    assert _caller(reading, issuer.token())
    assert _caller(reading, issuer.token(id_=None))
    assert issuer.asked == []


def test_discovery_of_another_issuer_is_not_believed(issuer: Issuer, clock: _Clock) -> None:
    provider = Provider.of({"issuer": issuer.url + "/", "audience": AUDIENCE, "roles": {"soc": "admin"}})
    with pytest.raises(GraphQLError):
        _caller(OidcVerifier(provider, KeySet(provider, now=clock)), issuer.token())


@pytest.mark.parametrize(
    "settings",
    [
        {"issuer": "https://a.example"},
        {"issuer": "https://a.example", "audience": "m", "algorithms": ["HS256"]},
        {"issuer": "https://a.example", "audience": "m", "algorithms": ["none"]},
        {"issuer": "https://a.example", "audience": "m", "roles": {"soc": "god"}},
        {"issuer": "http://a.example", "audience": "m"},
        {"issuer": "https://a.example", "audience": "m", "jwks": "http://a.example/keys"},
        {"issuer": "https://a.example", "audience": "m", "jkws": "https://a.example/keys"},
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Provider.of(settings)
