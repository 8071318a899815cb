"""The questions as resources: ``GET /queries`` lists them, ``GET /queries/ID?NAME=VALUE`` answers one.

An answer is what the command line prints: the same envelope, the same CSV. It may be kept by whoever asked, and is not
sent again while it is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import NotFound
from ...queries.answer import Answer
from ...queries.csv_text import as_csv
from ...queries.library import question, questions
from ...queries.question import Question
from ..graphql.execution import too_slow, translated
from ..graphql.failures import Code, bad_input, code_of, failure
from ..security.described import without_secrets
from ..security.freshness import HEADER, Freshness
from ..security.guard import caller_of
from ..security.withholding import answer_for
from ..service import Service
from ..timed import timed
from .problems import problem

FORMAT = "format"
"""The parameter that is of no question: ``json`` or ``csv``."""
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_KEPT = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}


def routes(service: Service) -> list[Route]:
    """The routes of this module."""
    folders = service.settings.query_folders

    async def listed(request: Request) -> Response:
        document = {"queries": [described(one) for _, one in sorted(questions(folders).items())]}
        return _unless_known(request, orjson.dumps(document), TYPES["json"])

    async def answered(request: Request) -> Response:
        try:
            asked = question(request.path_params["id"], folders)
        except NotFound as error:
            return problem(failure(Code.BAD_USER_INPUT, error.message, "GET /queries lists them all."), 404)
        told = request.state.told
        told["fields"] = [{"field": asked.id, "arguments": _told(request)}]
        try:
            format_ = _format(request)
            given = _given(request, asked)
            freshness = Freshness.asked(request.headers.get(HEADER))
            async with timed(service.limits.seconds):
                answer = await service.call(
                    lambda: answer_for(
                        caller_of(request.scope), service.database, service.settings, asked.id, given, explain=False
                    )
                )
            freshness.check(answer.knowledge.as_of)
        except TimeoutError:
            return _failed(too_slow(service.limits), told)
        except Exception as error:
            shown = translated(error)
            return _failed(shown or (error if isinstance(error, GraphQLError) else bad_input(str(error))), told)
        told["rows"] = len(answer.rows)
        body = as_csv(answer).encode("utf-8", "backslashreplace") if format_ == "csv" else _json(answer)
        return _unless_known(request, body, TYPES[format_], _knowledge(answer))

    return [Route("/queries", listed, methods=["GET"]), Route("/queries/{id}", answered, methods=["GET"])]


def _failed(error: GraphQLError, told: dict[str, Any]) -> Response:
    told["code"] = str(code_of(error))
    return problem(error)


def _told(request: Request) -> dict[str, str]:
    """What is recorded of the parameters."""
    return {without_secrets(name): without_secrets(value) for name, value in request.query_params.multi_items()[:60]}


def described(one: Question) -> dict[str, object]:
    """A question as the list shows it."""
    return {
        "id": one.id,
        "question": one.question.translate({ord("{"): "<", ord("}"): ">"}),
        "documentation": one.documentation,
        "parameters": [
            {"name": p.name, "type": str(p.slot), "description": p.description, "default": p.default}
            for p in one.parameters.values()
        ],
        "columns": [{"name": column.name, "description": column.description} for column in one.columns],
        "rests_on": [*one.collectors, *one.analyses],
    }


def _format(request: Request) -> str:
    """What the answer is to be: as the parameter says, else as ``Accept`` says; BAD_USER_INPUT for anything else."""
    asked = request.query_params.get(FORMAT)
    if asked is not None:
        if asked not in TYPES:
            raise bad_input(f"{FORMAT} is {asked!r}: it is one of {', '.join(TYPES)}")
        return asked
    accepted = [part.partition(";")[0].strip() for part in request.headers.get("accept", "*/*").split(",")]
    return "csv" if "text/csv" in accepted and "application/json" not in accepted else "json"


def _given(request: Request, asked: Question) -> Mapping[str, str]:
    """Words for the question's parameters; BAD_USER_INPUT where one is missing, unknown, or said twice."""
    words = [(name, value) for name, value in request.query_params.multi_items() if name != FORMAT]
    given = dict(words)
    if len(given) != len(words):
        raise bad_input("a parameter is given twice")
    if unknown := given.keys() - asked.parameters.keys():
        raise bad_input(
            f"{asked.id} has no parameter {', '.join(sorted(unknown))}",
            f"It has {', '.join(asked.parameters) or 'none'}.",
        )
    if missing := [p.name for p in asked.parameters.values() if p.default is None and not given.get(p.name)]:
        raise bad_input(f"{asked.id} needs {', '.join(missing)}", f"Send ?{missing[0]}=….")
    return given


def _json(answer: Answer) -> bytes:
    return orjson.dumps(answer.envelope())


def _knowledge(answer: Answer) -> dict[str, str]:
    """How completely it is known, for those who read no bodies, and for CSV, which has no place for it."""
    known = answer.knowledge
    return {
        "Muniment-Complete": "true" if known.complete else "false",
        "Muniment-Exit-Code": str(answer.exit_code),
        **({"Muniment-As-Of": known.as_of} if known.as_of else {}),
    }


def _unless_known(request: Request, body: bytes, type_: str, headers: Mapping[str, str] | None = None) -> Response:
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    kept = {**_KEPT, **(headers or {}), "ETag": tag}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=kept)
    return Response(body, headers={**kept, "Content-Type": type_})
