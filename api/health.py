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
from ..graph.receivers import Receivers
from ..graph.schedules import Schedules
from ..run.freshness import Freshness, Late
from .metrics import CONTENT_TYPE, Register, Writing
from .security.permissions import Permission
from .service import Service
from .timed import timed

_LEASE = "MATCH (l:Lease {id: 'writer'}) WHERE l.holder IS NOT NULL RETURN l.holder AS holder, l.expires_at AS until"
MOST_LATE = 100
"""Late scopes that are named."""
SECONDS = 5.0
"""How long the database may take to answer before it is said that it does not."""
RECENT = 5
"""Runs among which the one is looked for that is writing."""


def routes(service: Service) -> list[Route]:
    """The routes of this module."""
    ledger = Ledger(service.database, service.clock)
    freshness = Freshness.of(service.settings)
    declared = sorted(service.settings.table("schedule"))

    async def alive(_: Request) -> Response:
        return _json({"status": "alive"})

    async def ready(request: Request) -> Response:
        try:
            async with timed(SECONDS):
                scopes = await service.call(ledger.scopes)
        except (MunimentError, TimeoutError):
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
            runs = ledger.runs(RECENT)
            sources = {run.id: run.source for run in runs}
            lease = service.database.read(_LEASE)
            writing = [Writing(sources.get(held["holder"], "other"), held["until"]) for held in lease]
            known = Schedules(service.database, service.clock).states()
            return Register(
                now,
                scopes,
                len(freshness.late(scopes, now)),
                next(iter(runs), None),
                next(iter(writing), None),
                [known[name] for name in declared if name in known],
                Outbox(service.database).counts(),
                sorted(Receivers(service.database).gone()),
            )

        try:
            async with timed(SECONDS):
                register = await service.call(read)
        except (MunimentError, TimeoutError):
            register = Register(now)
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
