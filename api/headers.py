"""Headers that every answer carries, those of errors and of files too, and the answer to what nobody foresaw."""

from __future__ import annotations

import logging
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .graphql.failures import Code, failure
from .security.guard import refusal

logger = logging.getLogger(__name__)

_ALWAYS = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
}
"""Unless the answer says otherwise itself."""
_ENCRYPTED = {b"strict-transport-security": b"max-age=31536000"}


class SecureHeaders:
    """Stands before everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = _ALWAYS | _ENCRYPTED if scope.get("scheme") == "https" else _ALWAYS
        begun = False

        async def secured(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                said = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in added.items() if pair[0] not in said)]
            await send(message)

        try:
            await self.app(scope, receive, secured)
        except Exception:
            reference = secrets.token_hex(4)
            logger.exception("request %s failed", reference)
            if begun:
                raise
            error = failure(Code.INTERNAL, f"something went wrong here; the log has it as {reference}")
            await refusal(error)(scope, receive, secured)
