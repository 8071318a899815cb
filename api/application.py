"""The application: GraphQL under ``/graphql``, and whether it is alive and ready.

Every route asks who is calling, but those that ``security.permissions`` declares open. Requests are taken that are
addressed to one of ``hosts``. A page in somebody's browser can send none (JSON is asked for, which a page may send
nowhere but to its own origin; a name that an attacker resolves to this machine is refused).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ..graph.database import Database
from ..settings import Settings
from . import graphiql, health, subscriptions
from .graphql.context import Context
from .graphql.execution import Asked, Outcome, execute
from .graphql.failures import Code, GraphQLError, bad_input, code_of, failure, no_database
from .graphql.limits import Limits
from .graphql.root import core
from .headers import SecureHeaders
from .observation import Observed
from .origins import ALLOWED, SHOWN, origins_let_in
from .proxies import proxies_believed
from .rest import audit, openapi, questions
from .rest.problems import elsewhere
from .security.freshness import HEADER, Freshness
from .security.guard import STATUS, Guard, Security, caller_of, headers_of, refusal
from .security.setup import HOSTS
from .service import Service


def application(
    database: Database,
    settings: Settings,
    security: Security,
    limits: Limits | None = None,
    hosts: Sequence[str] = HOSTS,
) -> FastAPI:
    """The application on an open database, which it closes when it ends."""
    service = Service(database, settings, limits or Limits())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        core()
        yield
        if security.audit:
            security.audit.close()
        service.close()

    app = FastAPI(title="Muniment", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Guard, routes=lambda: app.router.routes, security=security)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)

    origins = origins_let_in(settings)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=ALLOWED,
            expose_headers=SHOWN,
            max_age=600,
        )
    app.add_middleware(Observed, routes=lambda: app.router.routes, metrics=service.metrics)
    app.add_middleware(SecureHeaders)
    if proxies := proxies_believed(settings):
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    app.add_exception_handler(HTTPException, elsewhere)

    async def graphql(request: Request) -> Response:
        state = request.state
        try:
            if database.is_down:
                raise no_database()
            freshness = Freshness.asked(request.headers.get(HEADER))
            asked = Asked.parse(await _body(request, service.limits.bytes), security.persisted)
        except GraphQLError as error:
            state.told["code"] = str(code_of(error))
            return refusal(error)
        caller = caller_of(request.scope)
        context = Context(service.reader(caller), settings, caller, security.rates, state.told, freshness)
        outcome = await execute(asked, context, service.limits, service.documents)
        service.metrics.note(outcome.code, context.reader.queries)
        return _answered(outcome)

    # Not as a route of FastAPI's own: it would look for parameters and models, which costs more than all else here.
    app.add_route("/graphql", graphql, methods=["POST"])

    app.router.routes.append(subscriptions.route(service, security, origins))
    app.router.routes += [
        *health.routes(service),
        *questions.routes(service),
        *audit.routes(security),
        *openapi.routes(settings.query_folders),
    ]
    if settings.table("api").get("graphiql", True):
        app.router.routes += graphiql.routes()
    return app


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
    if outcome.errors and not outcome.begun:
        error = outcome.errors[0]
        return _json(outcome.document(), STATUS[code_of(error)], headers_of(error))
    return _json(outcome.document())


def _json(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(document), status, headers, media_type="application/json")
