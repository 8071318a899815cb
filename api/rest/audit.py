"""The audit log of this process's machine, for those who may read it: ``GET /audit?lines=N``, as JSON Lines."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..graphql.failures import bad_input
from ..security.guard import Security
from .problems import problem

USUAL, MOST = 1_000, 10_000


def routes(security: Security) -> list[Route]:
    """The route of this module."""

    async def lines(request: Request) -> Response:
        asked = request.query_params.get("lines", str(USUAL))
        if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) <= MOST):
            return problem(bad_input(f"lines goes from 1 to {MOST:,}"))
        found = security.audit.lines(int(asked)) if security.audit else []
        return Response(b"".join(line + b"\n" for line in found), media_type="application/x-ndjson")

    return [Route("/audit", lines, methods=["GET"])]
