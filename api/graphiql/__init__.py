"""GraphiQL, from files of this package: a page to write queries in. It asks nobody else for anything.

The page is open to strangers, for it holds nothing but itself; who asks by it gives a token, which the page forgets.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript"}
PAGE = "index.html"
ASSETS = (
    "graphiql.min.css",
    "graphiql.min.js",
    "page.css",
    "page.js",
    "react-dom.production.min.js",
    "react.production.min.js",
)
PATHS = {"/graphiql": PAGE, **{f"/graphiql/{name}": name for name in ASSETS}}
"""Every path, and the file that is there."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""No script but those files', nothing from elsewhere; the fonts are part of the style sheet."""


def routes() -> list[Route]:
    """The page and what it is made of."""
    return [_route(path, name) for path, name in PATHS.items()]


def _route(path: str, name: str) -> Route:
    body = (files(__package__ or "") / "files" / name).read_bytes()
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": POLICY,
        "Content-Type": f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8",
        "ETag": f'"{blake2b(body, digest_size=16).hexdigest()}"',
    }

    async def got(request: Request) -> Response:
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers)

    return Route(path, got, methods=["GET"])
