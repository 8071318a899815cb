"""One attempt to send one message: where it may go, whose certificate is taken, and why it failed, in plain words.

An address is looked at when it has been connected to, before anything is sent: what its name resolved to a moment ago
may be another.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from ...errors import SettingsError
from ...graph.outbox import Message
from . import signature
from .addresses import refused
from .declared import Webhook

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
UNREACHABLE = (408, 425, 429)
"""Answers, beside 500 and above, that say nothing of the message: the next one would fare no better now."""
LONGEST_ASKED = timedelta(days=1)
"""No receiver has us wait longer by ``Retry-After``."""


class _Refused(Exception):
    """The name leads to an address that nothing is sent to."""


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), "http")


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), "https")


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Https


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed. ``wait`` says that other messages to the same receiver would fail now too."""

    told: str
    wait: bool = True
    asked: timedelta = timedelta()
    """How long the receiver wants to be left alone."""
    gone: bool = False
    """Whether it wants nothing more, ever."""


def send(webhook: Webhook, message: Message, now: datetime) -> Failure | None:
    """One attempt; why it failed, or None. It follows no redirect: that would lead where nobody decided to send."""
    body = message.body.encode()
    try:
        headers = signature.headers(webhook.keys(), message.id, int(now.timestamp()), body)
        status, after = _post(webhook, headers, body)
    except SettingsError as error:
        return Failure(error.message)
    except (urllib3.exceptions.HTTPError, OSError, ValueError, _Refused) as error:
        return Failure(f"{webhook.place} {_told(error)}")
    if 200 <= status < 300:
        return None
    said = f"{webhook.place} answered {status}"
    if 300 <= status < 400:
        return Failure(f"{said}, and no redirect is followed", wait=False)
    if status == HTTPStatus.GONE:
        return Failure(f"{said}: gone, nothing more is sent", gone=True)
    wait = status >= 500 or status in UNREACHABLE
    return Failure(said, wait, _asked(after, now) if wait else timedelta())


def _asked(after: str | None, now: datetime) -> timedelta:
    """The pause that ``Retry-After`` asks for, in seconds or by a date (RFC 9110, 10.2.3); none for anything else."""
    if after is None:
        return timedelta()
    if after.isascii() and after.isdigit():
        return timedelta(seconds=min(int(after[:9]), LONGEST_ASKED.total_seconds()))
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return timedelta()
    pause = until.replace(tzinfo=until.tzinfo or UTC) - now
    return min(max(pause, timedelta()), LONGEST_ASKED)


def _post(webhook: Webhook, headers: dict[str, str], body: bytes) -> tuple[int, str | None]:
    """The status of the answer and its ``Retry-After``; nothing more of it is read."""
    parts = urllib3.util.parse_url(webhook.url)
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    host = (parts.host or "").strip("[]")
    pool = (
        _HttpPool(host, parts.port, timeout=timeout, retries=False)
        if parts.scheme == "http"
        else _HttpsPool(host, parts.port, timeout=timeout, retries=False, ssl_context=webhook.trust())
    )
    with pool:
        answer = pool.urlopen(
            "POST",
            parts.request_uri,
            body=body,
            headers=headers,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )
        answered = int(answer.status), answer.headers.get("retry-after")
        answer.close()
    return answered


def _looked_at(connected: socket.socket, scheme: str) -> socket.socket:
    """The connection, before anything was sent on it; _Refused where it leads to what nothing is sent to."""
    address = str(connected.getpeername()[0])
    if why := refused(address, scheme):
        connected.close()
        raise _Refused(f"leads to {address}, {why}: nothing was sent")
    return connected


def _told(error: Exception) -> str:
    """An error in plain words, without the address's path."""
    if isinstance(error, _Refused):
        return str(error)
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and len(causes) < 10:
        causes.append(cause if isinstance(cause, Exception) else Exception())
    for cause in reversed(causes):
        match cause:
            case ssl.SSLCertVerificationError():
                return f"shows a certificate that is not taken: {cause.verify_message}"
            case ssl.SSLError():
                return f"does not speak TLS as it should ({cause.reason or 'broken off'})"
            case socket.gaierror():
                return "cannot be found: its name does not resolve"
            case ConnectionRefusedError():
                return "cannot be reached: nobody listens there"
            case urllib3.exceptions.NewConnectionError():
                return f"cannot be reached ({type(cause.__cause__).__name__})"
            case urllib3.exceptions.ConnectTimeoutError():
                return f"cannot be reached: it did not take the connection in {CONNECT_SECONDS:.0f} s"
            case urllib3.exceptions.ReadTimeoutError():
                return f"did not answer in {READ_SECONDS:.0f} s"
    return f"cannot be reached ({type(error).__name__})"
