"""Stands before every route: who is not known, or may not, comes no further. A route that nobody declared is nobody's.

It is the innermost of what stands before the routes. What must be answered to strangers (a wrong host, a preflight
request of another origin) is answered before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from ..graphql.failures import Code, GraphQLError, failure
from .authentication import Authentication
from .caller import Caller
from .permissions import ROUTES, SOCKETS, Door

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
_RESOURCES = ("/queries", "/openapi.json", "/metrics")
"""Where errors are told as problems."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="muniment"'}


class Guard:
    """Puts the caller of every request into its state, as ``caller``; None only where the route lets strangers in."""

    def __init__(self, app: ASGIApp, routes: Callable[[], Sequence[BaseRoute]], authentication: Authentication) -> None:
        self.app = app
        self.routes = routes
        self.authentication = authentication

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        try:
            scope.setdefault("state", {})["caller"] = await self._caller(scope)
        except GraphQLError as error:
            await _refuse(scope, receive, send, error)
            return
        await self.app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller | None:
        route = self._route(scope)
        asked = ROUTES.get(route) if route else Door.CALLERS
        header = Headers(scope=scope).get("authorization")
        unsaid = header is None and scope["type"] == "websocket" and route in SOCKETS
        try:
            caller = await self.authentication.of_header(header)
        except GraphQLError:
            if asked is Door.OPEN or unsaid:
                return None
            raise
        if asked is None or not (isinstance(asked, Door) or caller.may(asked)):
            raise failure(Code.FORBIDDEN, f"the role {caller.role} may not do this")
        return caller

    def _route(self, scope: Scope) -> str | None:
        """The declared path of the route that the request goes to; None where there is none: callers are told so."""
        found = (route for route in self.routes() if route.matches(scope)[0] is not Match.NONE)
        return next((cast(str, getattr(route, "path", "")) for route in found), None)


def caller_of(scope: Scope) -> Caller:
    """The caller of a request; UNAUTHENTICATED where the guard let a stranger in, and it is asked for all the same."""
    caller = scope.get("state", {}).get("caller")
    if not isinstance(caller, Caller):
        raise failure(Code.UNAUTHENTICATED, "who is asking is not said", "Send the header Authorization: Bearer TOKEN.")
    return caller


def refusal(error: GraphQLError) -> Response:
    """The answer to a request that is refused as a whole."""
    code = Code((error.extensions or {}).get("code", Code.BAD_USER_INPUT))
    headers = CHALLENGE if code is Code.UNAUTHENTICATED else {}
    body = orjson.dumps({"errors": [error.formatted]})
    return Response(body, STATUS[code], headers=headers, media_type="application/json")


async def _refuse(scope: Scope, receive: Receive, send: Send, error: GraphQLError) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4401, "reason": error.message})
        return
    if scope["path"].startswith(_RESOURCES):
        from ..rest.problems import problem

        await problem(error)(scope, receive, send)
        return
    await refusal(error)(scope, receive, send)
