"""Counts requests, and writes a line of each to the log ``muniment.api.access``: neither parameters nor headers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics

logger = logging.getLogger(f"{__package__}.access")

ELSEWHERE = "none"
"""The route of requests that go nowhere: their paths are as many as callers like."""


class Observed:
    """Stands before everything that may refuse a request."""

    def __init__(self, app: ASGIApp, routes: Callable[[], Sequence[BaseRoute]], metrics: Metrics) -> None:
        self.app = app
        self.routes = routes
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._route(scope)
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        self.metrics.requests.labels(route, method, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        if status == 429:
            self.metrics.limited.inc()
        if logger.isEnabledFor(logging.INFO):
            caller = scope.get("state", {}).get("caller")
            logger.info(
                "%s %s %d %.1f ms %s",
                method,
                scope["path"].encode("unicode_escape").decode()[:200],
                status,
                seconds * 1000,
                caller.name if caller else "-",
            )

    def _route(self, scope: Scope) -> str:
        for route in self.routes():
            if route.matches(scope)[0] is not Match.NONE:
                return str(getattr(route, "path", ELSEWHERE))
        return ELSEWHERE
