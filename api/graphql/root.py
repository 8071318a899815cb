"""The root of the GraphQL schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import strawberry
from graphql import GraphQLSchema

from ...errors import NotFound, UsageError
from . import changes
from .ahead import read
from .answers import Answered, Asked, Given, MaxAge, TableAnswer, answers, run_saved, saved_queries, table
from .direct import shorten
from .lists import lists
from .things import Node, kinds


async def _node(
    info: strawberry.Info,
    id: strawberry.ID,  # noqa: A002 - Relay's name
    max_age: MaxAge = None,
) -> Any:
    await info.context.check_age(max_age)
    return await read(info.context.reader, str(id), info._raw_info, info.variable_values)


def _saved(info: strawberry.Info) -> list[Asked]:
    return saved_queries(info.context.settings.query_folders)


async def _run_saved(
    info: strawberry.Info,
    id: strawberry.ID,  # noqa: A002 - Relay's name
    parameters: list[Given] | None = None,
    max_age: MaxAge = None,
) -> TableAnswer:
    return await run_saved(info, str(id), parameters or [], max_age)


async def _ask(info: strawberry.Info, sentence: str, explain: bool = False, max_age: MaxAge = None) -> TableAnswer:
    from ...queries.refusals import Outcome, settled
    from ...queries.sentence import understand

    folders = info.context.settings.query_folders
    understood = understand(sentence, folders)
    outcomes: list[Outcome] = []
    for reading in (understood, *understood.others):
        try:
            found = await info.context.answer(reading.question.id, reading.given, explain=explain, max_age=max_age)
            outcomes.append((reading, found))
        except (NotFound, UsageError) as error:
            outcomes.append((reading, error))
    _, found = settled(sentence, outcomes, folders)
    return table(found)


@cache
def schema() -> strawberry.Schema:
    """The whole schema."""
    _node.__annotations__["return"] = Node | None
    members: dict[str, Any] = {
        "__module__": __name__,
        "node": strawberry.field(resolver=_node, description="Anything by its id."),
        "saved_queries": strawberry.field(resolver=_saved, description="The saved questions."),
        "run_saved_query": strawberry.field(resolver=_run_saved, description="Ask a saved question."),
        "ask": strawberry.field(resolver=_ask, description="Ask in plain English."),
        "changes": strawberry.field(resolver=changes.page, description="What a run changed, in the order of writing."),
        **lists(),
        **answers(),
    }
    query = strawberry.type(type("Query", (), members), description="What the register knows.")
    following = strawberry.subscription(resolver=changes.follow, description="What runs change, as they write it.")
    told = {"__module__": __name__, "changes": following}
    subscription = strawberry.type(type("Subscription", (), told), description="What the register comes to know.")
    return strawberry.Schema(query, subscription=subscription, types=[*kinds().values(), Answered])


@cache
def core() -> GraphQLSchema:
    """The schema as requests are carried out on it."""
    made = schema()._schema
    shorten(made)
    return made


@cache
def known_fields() -> Mapping[str, object]:
    """The root fields of queries and subscriptions, by name."""
    roots = (core().query_type, core().subscription_type)
    return {name: field for root in roots if root for name, field in root.fields.items()}
