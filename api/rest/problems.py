"""Errors as ``application/problem+json`` (RFC 9457), with the same codes as everywhere else."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..graphql.failures import Code
from ..security.guard import STATUS, headers_of

MEDIA_TYPE = "application/problem+json"


def problem(error: GraphQLError, status: int | None = None) -> Response:
    """The answer to a request that failed; with the status of its code, unless another is given."""
    extensions = error.extensions or {}
    code = Code(extensions.get("code", Code.BAD_USER_INPUT))
    answer = _answer(status or STATUS[code], code, error.message, str(extensions.get("hint", "")))
    answer.headers.update(headers_of(error))
    return answer


async def elsewhere(request: Request, error: Exception) -> Response:
    """The answer to a request for what there is not, or in a way that it is not asked for."""
    assert isinstance(error, HTTPException)
    detail = f"{request.method} {request.url.path}: {HTTPStatus(error.status_code).phrase.lower()}"
    answer = _answer(error.status_code, Code.BAD_USER_INPUT, detail, "See /openapi.json for what there is.")
    answer.headers.update(error.headers or {})
    return answer


def _answer(status: int, code: Code, detail: str, hint: str) -> Response:
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": str(code),
        **({"hint": hint} if hint else {}),
    }
    return Response(orjson.dumps(document), status, media_type=MEDIA_TYPE)
