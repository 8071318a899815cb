"""The register's questions as fields of the root, derived from their declarations, with the same names and columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter, Signature
from types import GenericAlias
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from ...queries.answer import Answer, Knowledge, Row
from ...queries.library import Folders, SavedQuery, question, questions, saved
from ...queries.question import Question
from .failures import bad_input
from .names import camel, pascal

_COLUMNS: Mapping[str, Any] = {
    **dict.fromkeys(
        ("principal", "target", "action", "resource", "decision", "technique", "scope", "status"), str | None
    ),
    **dict.fromkeys(("conditions", "because", "refused_calls"), list[str] | None),
    **dict.fromkeys(("hops", "hop", "age"), int | None),
}
"""Types of columns by name, as the commands' JSON has them; any other is JSON."""


@strawberry.type(
    name="Missing", description="A scope that an answer rests on and that is not completely known, and why."
)
class MissingScope:
    scope: str
    reason: str


@strawberry.type(name="Knowledge", description="How completely that which an answer rests on was read.")
class HowComplete:
    complete: bool
    missing: list[MissingScope]
    as_of: str | None = strawberry.field(description="The oldest completion among what it rests on.")

    @classmethod
    def of(cls, known: Knowledge) -> HowComplete:
        return cls(
            complete=known.complete,
            missing=[MissingScope(scope=one.scope, reason=one.reason) for one in known.missing],
            as_of=known.as_of,
        )


async def how_complete(info: strawberry.Info) -> HowComplete:
    """Of the field ``knowledge`` of lists."""
    return HowComplete.of(await info.context.knowledge())


def knowledge_field() -> Any:
    """The field ``knowledge`` of a list."""
    said = "How completely all was read that may hold what is listed. Read it before you take an absent node for none."
    return strawberry.field(resolver=how_complete, description=said)


@strawberry.interface(name="Answer", description="An answer. Read `knowledge` before you take an absent row for a no.")
class Answered:
    question: str = strawberry.field(description="The id of the question.")
    parameters: JSON = strawberry.field(description="The parameters as they were understood.")
    interpretation: str = strawberry.field(description="How the words were read.")
    explanation: list[str] = strawberry.field(description="The same in sentences, if asked for.")
    knowledge: HowComplete
    row_count: int = strawberry.field(description="How many rows there are, however few of them are asked for.")


First = Annotated[
    int | None, strawberry.argument(description="So many rows from the beginning; all of them unless it is given.")
]


def rows_field(row_type: Any, made: Callable[[Row], Any], description: str | None = None) -> Any:
    """The field ``rows`` of an answer, which makes what GraphQL gives of so many rows of those that were ``found``."""

    def rows(root: strawberry.Parent[Any], first: First = None) -> Any:
        if first is not None and first < 0:
            raise bad_input(f"first is {first}: it begins at 0")
        return [made(row) for row in root.found[:first]]

    rows.__annotations__["return"] = GenericAlias(list, (row_type,))
    return strawberry.field(resolver=rows, description=description)


@strawberry.type(description="The answer to a saved question.")
class TableAnswer(Answered):
    columns: list[str]
    found: strawberry.Private[list[Row]]
    rows = rows_field(JSON, dict, "Objects, with the columns as members.")


@strawberry.type(description="One parameter of a question.")
class QuestionParameter:
    name: str
    description: str
    type: str
    default: str | None


@strawberry.type(description="One column of a question's answer.")
class QuestionColumn:
    name: str
    description: str


@strawberry.type(name="SavedQuery", description="A question that can be asked by its id.")
class Asked:
    id: strawberry.ID
    question: str
    documentation: str
    parameters: list[QuestionParameter]
    columns: list[QuestionColumn]
    rests_on: list[str] = strawberry.field(description="The collectors and analyses that its answer rests on.")
    severity: str | None = strawberry.field(
        description="Of a check, each of whose rows is a finding: `critical`, `high`, `medium`, `low` or `info`."
    )
    advice: str | None = strawberry.field(description="What to do about a finding.")
    references: list[str] = strawberry.field(description="Controls of frameworks and pages that it follows.")

    @classmethod
    def of(cls, one: Question) -> Asked:
        return cls(
            id=strawberry.ID(one.id),
            question=one.question,
            documentation=one.documentation,
            parameters=[
                QuestionParameter(name=p.name, description=p.description, type=str(p.slot), default=p.default)
                for p in one.parameters.values()
            ],
            columns=[QuestionColumn(name=c.name, description=c.description) for c in one.columns],
            rests_on=[*one.collectors, *one.analyses],
            severity=str(one.severity) if one.severity else None,
            advice=one.advice or None,
            references=list(one.references),
        )


@strawberry.input(description="A value for a parameter of a saved question, in the words that the command line takes.")
class Given:
    name: str
    value: str


@strawberry.input(description="A condition key of the request that is asked about, with its values.")
class ContextKey:
    key: str
    values: list[str]


MaxAge = Annotated[
    int | None,
    strawberry.argument(
        description="Seconds since the oldest reading that the answer rests on; STALE_DATA where it is longer ago."
    ),
]


def answers() -> dict[str, Any]:
    """The fields of the root by name."""
    return {camel(name.replace("-", "_")): _field(one) for name, one in questions().items() if name not in saved()}


def saved_queries(folders: Folders) -> list[Asked]:
    """All saved questions in the order of their ids, users' own too."""
    return [Asked.of(one) for _, one in sorted(saved(folders).items())]


async def run_saved(info: strawberry.Info, name: str, given: list[Given], max_age: int | None) -> TableAnswer:
    """Ask a saved question; BAD_USER_INPUT where there is none of that id."""
    if not isinstance(question(name, info.context.settings.query_folders), SavedQuery):
        raise bad_input(f"{name} is no saved question", "It is a field of its own.")
    answered = await info.context.answer(name, {one.name: one.value for one in given}, max_age=max_age)
    return table(answered)


def table(answered: Answer) -> TableAnswer:
    """An answer of whatever columns."""
    return TableAnswer(
        columns=[column.name for column in answered.columns],
        found=_rows(answered),
        **_common(answered),
    )


def _field(one: Question) -> Any:
    answer = _answer_type(one)
    extras = _EXTRAS.get(one.id, {})

    async def resolve(info: strawberry.Info, explain: bool = False, max_age: int | None = None, **given: Any) -> Any:
        words = {_BY_ARGUMENT[one.id][name]: _plain(value) for name, value in given.items() if value is not None}
        answered = await info.context.answer(one.id, words, explain=explain, max_age=max_age)
        made = object.__new__(answer)
        made.__dict__.update(found=_rows(answered), **_common(answered))
        return made

    return _with_arguments(one, resolve, answer, extras)


_EXTRAS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "can": {"context": (list[ContextKey] | None, None)},
    "who-can": {"transitive": (bool, False)},
}
"""Arguments that are no words: their types and defaults."""

_BY_ARGUMENT: dict[str, dict[str, str]] = {}


def _with_arguments(
    one: Question, resolve: Callable[..., Any], answer: Any, extras: Mapping[str, tuple[Any, Any]]
) -> Any:
    keyword = Parameter.KEYWORD_ONLY
    arguments = [
        Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info),
    ]
    _BY_ARGUMENT[one.id] = {}
    for name, parameter in one.parameters.items():
        safe = f"{name}_" if name == "from" else name
        _BY_ARGUMENT[one.id][safe] = name
        optional = parameter.default is not None
        annotation: Any = str | None if optional else str
        annotated = strawberry.argument(name=camel(name), description=parameter.description)
        default = None if optional else Parameter.empty
        arguments.append(Parameter(safe, keyword, annotation=Annotated[annotation, annotated], default=default))
    for name, (annotation, default) in extras.items():
        _BY_ARGUMENT[one.id][name] = name
        arguments.append(Parameter(name, keyword, annotation=annotation, default=default))
    arguments.append(Parameter("explain", keyword, annotation=bool, default=False))
    arguments.append(Parameter("max_age", keyword, annotation=MaxAge, default=None))
    resolve.__signature__ = Signature(arguments, return_annotation=answer)  # type: ignore[attr-defined]
    resolve.__annotations__ = {a.name: a.annotation for a in arguments} | {"return": answer}
    return strawberry.field(resolver=resolve, description=one.documentation or one.question)


def _answer_type(one: Question) -> Any:
    name = pascal(one.id.replace("-", "_"))
    columns = {column.name: _COLUMNS.get(column.name, JSON | None) for column in one.columns}
    described = {
        column.name: strawberry.field(description=column.description, name=camel(column.name)) for column in one.columns
    }
    row = strawberry.type(
        type(f"{name}Row", (), {**described, "__module__": __name__, "__annotations__": columns}),
        description=f"One row of `{one.id}`.",
    )
    made: Any = strawberry.type(
        type(f"{name}Answer", (Answered,), {"__module__": __name__, "rows": rows_field(row, partial(_row, row))}),
        description=one.question.translate({ord("{"): "<", ord("}"): ">"}),
    )
    return made


def _rows(answered: Answer) -> list[Row]:
    return [{column.name: row.get(column.name) for column in answered.columns} for row in answered.rows]


def _row(row_type: Any, row: Row) -> Any:
    made = object.__new__(row_type)
    made.__dict__.update(row)
    return made


def _common(answered: Answer) -> dict[str, Any]:
    return {
        "question": answered.question,
        "parameters": dict(answered.parameters),
        "interpretation": answered.interpretation,
        "explanation": list(answered.explanation),
        "knowledge": HowComplete.of(answered.knowledge),
        "row_count": len(answered.rows),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return {one.key: one.values[0] if len(one.values) == 1 else one.values for one in value}
    return value
