"""An identity provider and `muniment serve` as they are run: each with its own way of failing, TLS between them."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.graph.database import Database
from muniment.settings import Settings

from .served import serving
from .test_oidc import EC, OTHER, WRONG, Issuer, jwk
from .test_server import certificate

__all__ = ["certificate"]

TABLE = """
[api.oidc]
issuer = "{}"
audience = "muniment"
role = "groups"
[api.oidc.roles]
soc = "auditor"
sre = "operator"
"""


@contextmanager
def _up(issuer: Issuer) -> Iterator[None]:
    thread = threading.Thread(target=issuer.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        issuer.server.shutdown()
        thread.join()


def _asked(address: str, token: str | None, query: str = "{ __typename }") -> tuple[int, str | None]:
    """The status and the code of what a request with this token is answered."""
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    connection.request("POST", "/graphql", json.dumps({"query": query}), headers)
    response = connection.getresponse()
    errors = json.loads(response.read()).get("errors")
    connection.close()
    return response.status, errors[0]["extensions"]["code"] if errors else None


OK = (200, None)
NOBODY = (401, "UNAUTHENTICATED")
SCHEMA = "{ __schema { queryType { name } } }"


def test_tokens_of_a_provider_from_beginning_to_end(
    embedded_settings: Settings, embedded_database: Database, certificate: tuple[Path, Path]
) -> None:
    issuer = Issuer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    issuer.server.socket = context.wrap_socket(issuer.server.socket, server_side=True)
    issuer.url = f"https://localhost:{issuer.server.server_port}"
    issuer.down = True
    trusting = {"SSL_CERT_FILE": str(certificate[0])}
    with (
        _up(issuer),
        serving(embedded_settings, authenticated=True, table=TABLE.format(issuer.url), more=trusting) as (address, _),
    ):
        assert _asked(address, None) == NOBODY
        assert _asked(address, issuer.token()) == (503, "UNAVAILABLE"), "without keys nobody can be known"
        assert _asked(address, WRONG["no algorithm"](issuer)) == NOBODY

        issuer.down = False
        assert _until(lambda: _asked(address, issuer.token()) == OK)
        assert _asked(address, issuer.token(EC, "ec", "ES256")) == OK
        assert _asked(address, issuer.token(), SCHEMA) == OK
        assert _asked(address, issuer.token(groups=["staff"])) == (403, "FORBIDDEN")
        for wrong, make in WRONG.items():
            assert _asked(address, make(issuer)) == NOBODY, wrong

        issuer.keys = [jwk(OTHER, "new")]
        assert _asked(address, issuer.token()) == OK, "what is known is good for a while"
        assert _until(lambda: _asked(address, issuer.token(OTHER, "new")) == OK), "the new key is asked for"
        assert _asked(address, issuer.token()) == NOBODY, "and the old one gone"
        issuer.down = True
        assert _asked(address, issuer.token(OTHER, "new")) == OK
        assert _asked(address, issuer.token(OTHER, "newer")) == NOBODY
    issuer.server.server_close()


def _until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
