"""The application: GraphQL under ``/graphql``, and whether it is alive and ready.

Every route asks who is calling, but those that ``security.permissions`` declares open. Requests are taken that are
addressed to this machine by name. A page in somebody's browser can send none (JSON is asked for, which a page may send
nowhere but to its own origin; a name that an attacker resolves to this machine is refused).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ..errors import MunimentError
from ..graph.database import Database
from ..settings import Settings
from .graphql.context import Context
from .graphql.documents import Documents
from .graphql.execution import Asked, Outcome, execute
from .graphql.failures import Code, GraphQLError, bad_input, failure
from .graphql.limits import Limits
from .graphql.loading import Reader
from .graphql.root import core
from .headers import SecureHeaders
from .security.authentication import Authentication
from .security.guard import STATUS, Guard, caller_of
from .security.permissions import Permission

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names under which this machine is addressed."""
QUERIES = 16
"""Queries to the database at a time."""


def application(
    database: Database, settings: Settings, authentication: Authentication, limits: Limits | None = None
) -> FastAPI:
    """The application on an open database, which it closes when it ends."""
    bounds = limits or Limits()
    limiter: list[CapacityLimiter] = []
    documents = Documents()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        core()
        limiter.append(CapacityLimiter(QUERIES))
        yield
        database.close()

    app = FastAPI(title="Muniment", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Guard, routes=lambda: app.router.routes, authentication=authentication)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)

    app.add_middleware(SecureHeaders)

    async def graphql(request: Request) -> Response:
        try:
            asked = Asked.parse(await _body(request, bounds.bytes))
        except GraphQLError as error:
            return _answered(Outcome(None, (error,), begun=False))
        caller = caller_of(request.scope)
        reader = Reader(database, bounds.seconds, limiter[0], caller.accounts)
        return _answered(await execute(asked, Context(reader, settings, caller), bounds, documents))

    # Not as a route of FastAPI's own: it would look for parameters and models, which costs more than all else here.
    app.add_route("/graphql", graphql, methods=["POST"])

    @app.get("/healthz")
    async def alive() -> Response:
        return _json({"status": "alive"})

    @app.get("/readyz")
    async def ready(request: Request) -> Response:
        try:
            rows = await to_thread.run_sync(lambda: database.read(_SCOPES), limiter=limiter[0])
        except MunimentError:
            return _json({"status": "unavailable", "database": "does not answer"}, 503)
        caller = request.state.caller
        if caller is None or not caller.may(Permission.OPERATIONS):
            return _json({"status": "ready"})
        whole = all(row["status"] == "complete" for row in rows)
        read = [row["completed_at"] for row in rows if row["completed_at"]]
        return _json({"status": "ready", "scopes": len(rows), "complete": whole, "as_of": min(read, default=None)})

    return app


_SCOPES = "MATCH (s:Scope) RETURN s.status AS status, s.completed_at AS completed_at"


async def _body(request: Request, most: int) -> Any:
    """The JSON of a request's body; BAD_USER_INPUT where it is none, QUERY_TOO_COMPLEX where it is too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise bad_input("the body is not sent as application/json")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise failure(Code.QUERY_TOO_COMPLEX, f"the body has more than {most:,} bytes")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise bad_input("the body is not JSON") from None


def _answered(outcome: Outcome) -> Response:
    code = (outcome.errors[0].extensions or {}).get("code") if outcome.errors and not outcome.begun else None
    return _json(outcome.document(), STATUS.get(code, 400) if code else 200)


def _json(document: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")
