"""Whether the server lives, whether it is ready, and how it does."""

from __future__ import annotations

from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import MunimentError
from ..graph.ledger import Ledger, ScopeState
from ..graph.outbox import Outbox
from ..run.freshness import Freshness, Late
from .metrics import CONTENT_TYPE, Register
from .security.permissions import Permission
from .service import Service

_LEASE = "MATCH (l:Lease {id: 'writer'}) WHERE l.holder IS NOT NULL RETURN l.expires_at AS until"
MOST_LATE = 100
"""Late scopes that are named."""


def routes(service: Service) -> list[Route]:
    """The routes of this module."""
    ledger = Ledger(service.database, service.clock)
    freshness = Freshness.of(service.settings)

    async def alive(_: Request) -> Response:
        return _json({"status": "alive"})

    async def ready(request: Request) -> Response:
        try:
            scopes = await service.call(ledger.scopes)
        except MunimentError:
            return _json({"status": "unavailable", "database": "does not answer"}, 503)
        late = freshness.late(scopes, service.clock())
        if not scopes and freshness.objectives:
            late = [Late("*", None, 0)]
        status = "late" if late else "ready"
        caller = request.scope["state"]["caller"]
        told = caller is not None and caller.may(Permission.OPERATIONS)
        return _json({"status": status, **(_details(scopes, late) if told else {})}, 503 if late else 200)

    async def metrics(_: Request) -> Response:
        now = service.clock()

        def read() -> Register:
            scopes = ledger.scopes()
            lease = service.database.read(_LEASE)
            run = next(iter(ledger.runs(1)), None)
            until = lease[0]["until"] if lease else None
            return Register(
                scopes, run, until, len(freshness.late(scopes, now)), now, Outbox(service.database).counts()
            )

        try:
            register = await service.call(read)
        except MunimentError:
            register = Register(None, None, None, 0, now)
        return Response(service.metrics.text(register), headers={"Content-Type": CONTENT_TYPE})

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


def _details(scopes: list[ScopeState], late: list[Late]) -> dict[str, object]:
    return {
        "scopes": len(scopes),
        "complete": all(scope.complete for scope in scopes),
        "as_of": min((scope.completed_at for scope in scopes if scope.completed_at), default=None),
        "late": [asdict(one) for one in late[:MOST_LATE]],
    }


def _json(document: object, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")
