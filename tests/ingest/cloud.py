"""moto's server with a front that can misbehave: refuse, throttle, cut connections, let credentials expire."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import boto3
from moto.iam.models import get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

MANAGEMENT = "123456789012"
"""The account that moto gives to credentials it does not know."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as faults are chosen by it."""

    account: str
    region: str
    service: str
    operation: str
    number: int
    """Counted from 1 over all requests since the faults were last cleared."""
    body: bytes


Fault = Callable[[Request], str | None]
"""The error code to answer with; ``cut`` to answer half of the answer, ``page`` to answer with a page that says 500;
None to let the request through."""

CUT = "cut"
GARBAGE = "garbage"
PAGE = "page"


@dataclass
class Front:
    """A WSGI application that passes requests on to moto's unless a fault is wanted."""

    inner: Any = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))
    faults: list[Fault] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        with self._lock:
            request = _request(environ, body, len(self.seen) + 1)
            if request.service:
                self.seen.append(request)
            wanted = [fault for fault in self.faults if request.service]
            code = next((code for code in (fault(request) for fault in wanted) if code), None)
        if code in (CUT, GARBAGE):
            return self._spoiled(environ, start_response, code)
        if code == PAGE:
            start_response("500 Internal Server Error", [("Content-Type", "text/html")])
            return [b"<!doctype html><title>500 Internal Server Error</title>"]
        if code:
            return _error(environ, start_response, code)
        return self.inner(environ, start_response)

    def _spoiled(self, environ: dict[str, Any], start_response: Any, how: str) -> Iterator[bytes]:
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        whole = b"".join(self.inner(environ, lambda status, headers, *_: heads.append((status, headers))))
        status, headers = heads[0]
        body = b"<<this is no answer" if how == GARBAGE else whole
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(body)))])
        yield body if how == GARBAGE else body[: len(body) // 2]

    def clear(self) -> None:
        """Forget all faults and all requests seen."""
        with self._lock:
            self.faults.clear()
            self.seen.clear()

    def answer(
        self,
        code: str,
        *,
        account: str | None = None,
        service: str | None = None,
        operation: str | None = None,
        region: str | None = None,
        times: int | None = None,
    ) -> None:
        """Answer with an error code where the request fits all that is given, so many times."""
        left = [times]

        def fault(request: Request) -> str | None:
            wanted = (account, service, operation, region)
            is_so = (request.account, request.service, request.operation, request.region)
            if any(want is not None and want != is_ for want, is_ in zip(wanted, is_so, strict=True)):
                return None
            if left[0] is not None:
                left[0] -= 1
                if left[0] < 0:
                    return None
            return code

        self.faults.append(fault)

    def throttle_each_once(self) -> None:
        """Answer each request with a throttling error the first time it comes, in whatever order they come."""
        known: set[Request] = set()

        def fault(request: Request) -> str | None:
            asked = replace(request, number=0)
            if asked in known:
                return None
            known.add(asked)
            return "Throttling"

        self.faults.append(fault)

    def expire_after(self, requests: int) -> None:
        """Let the credentials be over after so many requests."""
        self.faults.append(lambda request: "ExpiredToken" if request.number > requests else None)

    def calls(self, operation: str) -> list[Request]:
        """The requests for an operation that were seen."""
        return [request for request in self.seen if request.operation == operation]


class Cloud:
    """A running server, and clients of it for building an estate."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # a thousand images in every region, each with a snapshot
        self.front = Front()
        self._server = make_server("127.0.0.1", 0, self.front, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._thread.join()

    def client(self, service: str, account: str = MANAGEMENT, region: str = "us-east-1") -> Any:
        """A client in an account: the management account's by default."""
        made = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="tests",
            aws_secret_access_key="tests",
        )
        made.meta.events.register(
            "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
        )
        return made


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


def _request(environ: dict[str, Any], body: bytes, number: int) -> Request:
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if "Credential=" not in authorization:
        return Request("", "", "", "", number, body)
    key, _, region, service, _ = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    operation = target.rpartition(".")[2] if target else parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    return Request(get_account_id_from(key), region, service, operation or environ["PATH_INFO"], number, body)


def _error(environ: dict[str, Any], start_response: Any, code: str) -> Iterable[bytes]:
    message = f"{code}, says the test"
    if environ.get("HTTP_X_AMZ_TARGET") or environ["PATH_INFO"] != "/":
        content_type, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    else:
        content_type = "text/xml"
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    status = "400 Bad Request" if code in ("Throttling", "ExpiredToken") else "403 Forbidden"
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body.encode()]
