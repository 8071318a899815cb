"""Stands before every route: who is not known, or may not, comes no further, and whatever is asked is recorded.

A route that nobody declared is nobody's. The guard is the innermost of what stands before the routes: what must be
answered to strangers (a wrong host, a preflight request of another origin) is answered before it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, cast

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...errors import AuditUnwritable
from ..graphql.failures import Code, GraphQLError, code_of, failure
from .audit import AuditLog
from .authentication import Authentication
from .caller import Caller
from .permissions import ROUTES, SOCKETS, Door, Role
from .persisted import Persisted
from .rates import Rates

logger = logging.getLogger(__name__)

STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.RATE_LIMITED: 429,
    Code.STALE_DATA: 409,
    Code.QUERY_TOO_COMPLEX: 400,
    Code.BAD_USER_INPUT: 400,
    Code.TIMEOUT: 504,
    Code.UNAVAILABLE: 503,
    Code.INTERNAL: 500,
}
"""With which status a request is answered that was refused before any of it was carried out."""
_RESOURCES = ("/queries", "/openapi.json", "/metrics", "/audit")
"""Where errors are told as problems."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="muniment"'}
OK = "OK"


@dataclass(frozen=True, slots=True)
class Security:
    """All that the guard rests on. Without ``audit`` nothing is recorded."""

    authentication: Authentication
    rates: Rates = field(default_factory=Rates)
    audit: AuditLog | None = None
    closed: bool = True
    """Whether nothing is answered that cannot be recorded."""
    introspection: frozenset[Role] | None = None
    """The roles that may ask for the schema, where settings say so."""
    persisted: Persisted = field(default_factory=Persisted)

    async def caller(self, authorization: str | None) -> Caller:
        """Who makes a request with this ``Authorization`` header; UNAUTHENTICATED where it is not known."""
        return self._settled(await self.authentication.of_header(authorization))

    async def caller_with(self, credential: str | None) -> Caller:
        """Whose credential it is, as a WebSocket's first message brings it."""
        return self._settled(await self.authentication.of(credential))

    def _settled(self, caller: Caller) -> Caller:
        if self.introspection is None:
            return caller
        return replace(caller, introspects=caller.role in self.introspection)


class Guard:
    """Puts the caller of every request into its state, as ``caller``; None only where the route lets strangers in.

    What a route puts into ``told`` of that state is recorded with the request; ``record`` adds further lines.
    """

    def __init__(self, app: ASGIApp, routes: Callable[[], Sequence[BaseRoute]], security: Security) -> None:
        self.app = app
        self.routes = routes
        self.security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["told"], state["security"], state["began"] = {}, self.security, perf_counter()
        route = self._route(scope)
        answering = send if ROUTES.get(route or "") is Door.OPEN else _Recorded(scope, send, self.security)
        try:
            state["caller"] = await self._caller(scope, route)
        except GraphQLError as error:
            state["told"]["code"] = code_of(error)
            if isinstance(answering, _Recorded) and _unrecorded(error, state):
                answering = send
            await _refuse(scope, receive, answering, error)
            return
        await self.app(scope, receive, answering)

    async def _caller(self, scope: Scope, route: str | None) -> Caller | None:
        asked = ROUTES.get(route) if route else Door.CALLERS
        header = Headers(scope=scope).get("authorization")
        unsaid = header is None and scope["type"] == "websocket" and route in SOCKETS
        address = address_of(scope)
        try:
            caller = await self.security.caller(header)
        except GraphQLError as error:
            if asked is Door.OPEN or (unsaid and code_of(error) == Code.UNAUTHENTICATED):
                return None
            if code_of(error) == Code.UNAUTHENTICATED:
                self.security.rates.stranger(address)
            raise
        scope["state"]["caller"] = caller
        if asked is not Door.OPEN:
            self.security.rates.request(caller)
        if asked is None or not (isinstance(asked, Door) or caller.may(asked)):
            raise failure(Code.FORBIDDEN, f"the role {caller.role} may not do this")
        return caller

    def _route(self, scope: Scope) -> str | None:
        """The declared path of the route that the request goes to; None where there is none: callers are told so."""
        found = (route for route in self.routes() if route.matches(scope)[0] is not Match.NONE)
        return next((cast(str, getattr(route, "path", "")) for route in found), None)


class _Recorded:
    """Sends an answer once it is recorded that it is sent; where it cannot be, it sends that instead."""

    def __init__(self, scope: Scope, send: Send, security: Security) -> None:
        self.scope = scope
        self.send = send
        self.security = security
        self.refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept", "websocket.close") and not self.refused:
            try:
                record(self.scope, "request", status=message.get("status") or message.get("code"))
            except GraphQLError as error:
                self.refused = True
                await _refuse(self.scope, _nothing, self.send, error)
        if not self.refused:
            await self.send(message)


def record(scope: Scope, event: str, **said: Any) -> None:
    """Record what a request asks, and how it was answered; UNAVAILABLE where that must be, and cannot."""
    state = scope["state"]
    security: Security = state["security"]
    if security.audit is None:
        return
    told = {"code": OK if (said.get("status") or 0) < 400 else str(said["status"]), **state["told"]}
    duration = round((perf_counter() - state["began"]) * 1000, 1)
    method = scope.get("method", "WEBSOCKET")
    where = {"method": method, "path": scope["path"][:500], "from": address_of(scope), "ms": duration}
    try:
        security.audit.add(event, **_who(state.get("caller")), **where, **{k: v for k, v in said.items() if v}, **told)
    except AuditUnwritable as error:
        logger.error("%s", error.message)
        if security.closed:
            raise failure(
                Code.UNAVAILABLE, "nothing is answered that cannot be recorded", "Tell whoever runs this."
            ) from error


def caller_of(scope: Scope) -> Caller:
    """The caller of a request; UNAUTHENTICATED where the guard let a stranger in, and it is asked for all the same."""
    caller = scope.get("state", {}).get("caller")
    if not isinstance(caller, Caller):
        raise failure(Code.UNAUTHENTICATED, "who is asking is not said", "Send the header Authorization: Bearer TOKEN.")
    return caller


def headers_of(error: GraphQLError) -> dict[str, str]:
    """The headers that go with an error."""
    after = (error.extensions or {}).get("retryAfter")
    return {
        **(CHALLENGE if code_of(error) is Code.UNAUTHENTICATED else {}),
        **({"Retry-After": str(after)} if after else {}),
    }


def refusal(error: GraphQLError) -> Response:
    """The answer to a request that is refused as a whole."""
    body = orjson.dumps({"errors": [error.formatted]})
    return Response(body, STATUS[code_of(error)], headers=headers_of(error), media_type="application/json")


def _unrecorded(error: GraphQLError, state: dict[str, Any]) -> bool:
    """Whether it is one of a flood by somebody who is not known: the first of them are recorded, and that it is one."""
    return code_of(error) is Code.RATE_LIMITED and "caller" not in state


def _who(caller: Caller | None) -> dict[str, Any]:
    if caller is None:
        return {"who": None}
    limited = {} if caller.accounts is None else {"accounts": len(caller.accounts)}
    token = {"token": caller.token_id} if caller.token_id else {}
    return {"who": caller.name, "by": str(caller.kind), "role": str(caller.role), **token, **limited}


def address_of(scope: Scope) -> str:
    """Where a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


async def _refuse(scope: Scope, receive: Receive, send: Send, error: GraphQLError) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4401, "reason": error.message[:100]})
        return
    if scope["path"].startswith(_RESOURCES):
        from ..rest.problems import problem

        await problem(error)(scope, receive, send)
        return
    await refusal(error)(scope, receive, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
