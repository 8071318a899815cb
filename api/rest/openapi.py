"""The description of the REST routes, derived from the questions: their parameters, and the columns of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ... import __version__
from ...queries.library import Folders, questions
from ...queries.question import Parameter, Question, Slot
from .problems import MEDIA_TYPE
from .questions import FORMAT, TYPES

_NUMBERS = (Slot.INTEGER, Slot.DAYS)
_TEXT = {"type": "string"}
_HEADERS = {
    "Muniment-Complete": ("Whether all that the answer rests on was read.", {"enum": ["true", "false"]}),
    "Muniment-Exit-Code": ("What the command would exit with: 3 where the answer is incomplete.", {"enum": ["0", "3"]}),
    "ETag": ("Sent back as If-None-Match, it has an answer that is the same not sent again.", _TEXT),
}


def routes(folders: Folders) -> list[Route]:
    """The route of this module. ``folders`` hold questions of the user's own."""

    async def described(_: Request) -> Response:
        return Response(
            _text(folders), headers={"Content-Type": "application/json", "Cache-Control": "private, no-cache"}
        )

    return [Route("/openapi.json", described, methods=["GET"])]


def document(folders: Folders = ()) -> dict[str, Any]:
    """The whole description, in OpenAPI 3.1."""
    asked = {f"/queries/{name}": {"get": _operation(one)} for name, one in sorted(questions(folders).items())}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muniment",
            "version": __version__,
            "description": "The register of a cloud estate: its questions as resources. It reads, and nothing else.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": {**_health(), "/queries": {"get": _list()}, **asked},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _problem(), "Missing": _object(scope=_TEXT, reason=_TEXT)},
            "responses": {"Problem": {"description": "It failed.", "content": _content(MEDIA_TYPE, _ref("Problem"))}},
            "headers": {name: {"description": said, "schema": schema} for name, (said, schema) in _HEADERS.items()},
        },
    }


@cache
def _text(folders: tuple[Path, ...]) -> bytes:
    return orjson.dumps(document(folders))


def _operation(one: Question) -> dict[str, Any]:
    answers = _content("application/json", _envelope(one)) | _content("text/csv", _TEXT)
    return {
        "operationId": one.id,
        "tags": ["questions"],
        "summary": one.question.translate({ord("{"): "<", ord("}"): ">"}),
        "description": one.documentation,
        "parameters": [*map(_parameter, one.parameters.values()), _format()],
        "responses": {
            "200": {
                "description": "The answer. Read `complete` before you take an absent row for a no.",
                "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS},
                "content": answers,
            },
            "304": {"description": "It is what `If-None-Match` names."},
            **_failures("400", "401", "403", "429", "500", "503", "504"),
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 0} if one.slot in _NUMBERS else {"type": "string"}
    if one.default is None:
        schema |= {} if one.slot in _NUMBERS else {"minLength": 1}
    elif one.default:
        schema["default"] = int(one.default) if one.slot in _NUMBERS else one.default
    return {
        "name": one.name,
        "in": "query",
        "required": one.default is None,
        "description": one.description,
        "schema": schema,
    }


def _format() -> dict[str, Any]:
    said = "What the answer is to be; else what `Accept` says, else JSON."
    return {"name": FORMAT, "in": "query", "description": said, "schema": {"enum": [*TYPES]}}


def _envelope(one: Question) -> dict[str, Any]:
    row = _object(**{column.name: {"description": column.description} for column in one.columns})
    return _object(
        question={"const": one.id},
        parameters={"type": "object"},
        interpretation=_TEXT,
        columns={"const": [column.name for column in one.columns]},
        rows={"type": "array", "items": row},
        complete={"type": "boolean"},
        missing={"type": "array", "items": _ref("Missing")},
        as_of={"type": ["string", "null"], "description": "The oldest completion among what it rests on."},
    )


def _list() -> dict[str, Any]:
    parameter = _object(name=_TEXT, type={"enum": [*map(str, Slot)]}, description=_TEXT, default={})
    asked = _object(
        id=_TEXT,
        question=_TEXT,
        documentation=_TEXT,
        parameters={"type": "array", "items": parameter},
        columns={"type": "array", "items": _object(name=_TEXT, description=_TEXT)},
        rests_on={"type": "array", "items": _TEXT},
    )
    listed = _object(queries={"type": "array", "items": asked})
    return {
        "operationId": "queries",
        "tags": ["questions"],
        "summary": "All questions that can be asked by their ids.",
        "responses": {
            "200": {"description": "Their list.", "content": _content("application/json", listed)},
            "304": {"description": "It is what `If-None-Match` names."},
            **_failures("401", "403", "429"),
        },
    }


def _health() -> dict[str, Any]:
    status = _content("application/json", {"type": "object", "required": ["status"], "properties": {"status": _TEXT}})
    text = _content("text/plain", _TEXT)

    def got(summary: str, responses: Mapping[str, Any], *, open_: bool) -> dict[str, Any]:
        return {
            "get": {"tags": ["health"], "summary": summary, "responses": responses}
            | ({"security": []} if open_ else {})
        }

    return {
        "/healthz": got(
            "Whether the process lives.", {"200": {"description": "It does.", "content": status}}, open_=True
        ),
        "/readyz": got(
            "Whether the database answers, and nothing is older than `[freshness]` allows.",
            {
                "200": {"description": "It is ready.", "content": status},
                "503": {"description": "It is not.", "content": status},
            },
            open_=True,
        ),
        "/metrics": got(
            "Figures for Prometheus.",
            {"200": {"description": "In its text format.", "content": text}, **_failures("401", "403", "429")},
            open_=False,
        ),
    }


def _problem() -> dict[str, Any]:
    made = _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT, code=_TEXT)
    made["properties"]["hint"] = {"type": "string", "description": "What to do about it."}
    return made


def _failures(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": "#/components/responses/Problem"} for status in statuses}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _content(type_: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {type_: {"schema": schema}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
