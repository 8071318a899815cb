"""The server around the application: one process, one event loop, and threads that wait for the database."""

from __future__ import annotations

import gc
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from ..errors import SettingsError, UsageError
from .graphql.limits import Limits

GRACE_SECONDS = 20
"""How long requests that are under way may take when the server is told to stop."""
_WAITING = 2_048
"""Connections that wait to be taken."""
_YOUNG = 5_000
"""New objects between two looks of the garbage collector."""


def encrypted(certificate: Path | None, key: Path | None) -> Callable[..., ssl.SSLContext] | None:
    """How connections are encrypted, with TLS 1.2 at the least; None where no certificate is given."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("a certificate needs its key, and a key its certificate", "Give --tls-cert and --tls-key.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"the certificate {certificate} and the key {key} cannot be used: {error}",
            "Both are PEM files; the certificate comes with those that signed it, its own first.",
        ) from error
    return lambda *_: context


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; UsageError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"nothing can listen on {host} port {port}: {error.strerror}", "Give another --port, or stop what has it."
        ) from error
    made.listen(_WAITING)
    return made


def server(app: FastAPI, tls: Callable[..., ssl.SSLContext] | None = None) -> uvicorn.Server:
    """A server of the application; ``run`` it on sockets, until Ctrl-C or SIGTERM.

    Then no more is taken, what is under way is answered, and what takes too long is cut off.
    """
    more: dict[str, Any] = {"ssl_context_factory": tls} if tls else {}
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ws="websockets-sansio",
            ws_max_size=Limits().bytes,
            **more,
        )
    )


def settle() -> None:
    """Have the garbage collector leave alone what is there for good, and look less often at what comes and goes.

    An answer is made of thousands of small objects and leaves no circles behind; looking for them among the hundred
    thousand of the schema takes as long as a query.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 5)
