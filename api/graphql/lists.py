"""The lists of the root: one for each kind, abstract ones too, narrowed, ordered and paged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import strawberry

from ...schema import SCHEMA
from . import filters
from .answers import MaxAge, knowledge_field
from .names import plural
from .paging import cursor, page
from .reading import Condition, Selection
from .selected import of_nodes
from .things import ROOT, PageInfo, kinds, thing


def lists() -> dict[str, Any]:
    """The fields of the root by name."""
    return {plural(kind): _list(kind) for kind in sorted(kinds())}


def _list(kind: str) -> Any:
    connection = _connection(kind)

    async def resolve(
        info: strawberry.Info,
        first: int | None = None,
        after: str | None = None,
        filter: Any = None,  # noqa: A002 - what GraphQL APIs call it
        order_by: Any = None,
        direction: filters.Direction = filters.Direction.ASC,
        changed_since: str | None = None,
        max_age: MaxAge = None,
    ) -> Any:
        await info.context.check_age(max_age)
        tests = [*filters.conditions(filter)]
        if changed_since is not None:
            tests.append(Condition("changed_at", "gte", changed_since))
        order = order_by.value if order_by and order_by.value != "id" else None
        selection = Selection(kind, tuple(tests), order, direction is filters.Direction.DESC, of_nodes(info._raw_info))
        wanted = page(first, after, selection.parts)
        found = await info.context.reader.page(selection, wanted)
        shown = found[: wanted.first]
        return _made(connection, selection, shown, more=len(found) > len(shown))

    resolve.__annotations__ |= {
        "filter": filters.filter_of(kind) | None,
        "order_by": filters.order_of(kind) | None,
        "return": connection,
    }
    description = (
        SCHEMA.kinds[kind].description if kind != ROOT else "Everything that the register holds of the estate."
    )
    return strawberry.field(resolver=resolve, name=plural(kind), description=description)


def _made(connection: Any, selection: Selection, shown: list[Mapping[str, Any]], *, more: bool) -> Any:
    edges = []
    for row in shown:
        edge = object.__new__(connection.edge_type)
        edge.__dict__.update(
            node=thing(row["labels"], row["properties"]), cursor=cursor(selection.place(row["properties"]))
        )
        edges.append(edge)
    made = object.__new__(connection)
    last = edges[-1].cursor if edges else None
    made.__dict__.update(edges=edges, page_info=PageInfo(has_next_page=more, end_cursor=last), selection=selection)
    return made


@cache
def _connection(kind: str) -> Any:
    edge = strawberry.type(
        type(f"{kind}Edge", (), {"__module__": __name__, "__annotations__": {"cursor": str, "node": kinds()[kind]}}),
        description=f"One {kind} of a list.",
    )

    async def total(root: Any, info: strawberry.Info) -> int:
        return int(await info.context.reader.count(root.selection))

    members: dict[str, Any] = {
        "__module__": __name__,
        "__annotations__": {"edges": list[edge], "page_info": PageInfo},  # type: ignore[valid-type]
        "total_count": strawberry.field(resolver=total, description="How many there are on all pages."),
        "knowledge": knowledge_field(),
    }
    connection: Any = strawberry.type(
        type(f"{kind}Connection", (), members), description=f"A page of a list of {kind}."
    )
    connection.edge_type = edge
    return connection
