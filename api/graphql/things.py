"""The GraphQL types of what the register holds: an interface for each abstract kind, an object type for every other.

They are made from the schema's declarations when the module is first imported. A field is a property, or follows a
relationship to a page of what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import orjson
import strawberry
from graphql import FieldNode
from strawberry.scalars import JSON
from strawberry.types.lazy_type import LazyType

from ...schema import SCHEMA, Field, Relationship, Type
from . import filters
from .answers import knowledge_field
from .names import Direction, camel, pascal, relationship_field
from .paging import cursor, page
from .reading import Following, Found
from .selected import Selections, Wanted

_TYPES: Mapping[Type, Any] = {
    Type.STRING: str | None,
    Type.TIMESTAMP: str | None,
    Type.INTEGER: int | None,
    Type.NUMBER: float | None,
    Type.BOOLEAN: bool | None,
    Type.STRINGS: list[str] | None,
    Type.JSON: JSON | None,  # type: ignore[valid-type, operator, unused-ignore]
}

ROOT = "Asset"
"""The kind that all things of the estate are."""


@strawberry.interface(description="Anything with an id, to be found again by `node(id:)`.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Unique over everything that the register holds; an ARN if AWS has one."
    )


@strawberry.type(description="Where a page of a list ends.")
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


Ahead = Mapping[int, tuple[Following, list[Found]]]
"""What was read of a node's relationships together with it, by the ids of the places in the document that ask."""

_NOTHING: Ahead = {}


def thing(labels: list[str], properties: Mapping[str, Any], ahead: Ahead = _NOTHING) -> Any:
    """The object of a node's own kind."""
    made: Any = object.__new__(kinds()[_kind(tuple(labels))])
    made.__dict__.update(id=properties["id"], properties=properties, ahead=ahead)
    return made


@cache
def kinds() -> dict[str, type]:
    """The type of every kind below ``Asset``, by its name."""
    made: dict[str, type] = {}
    for name in _in_order():
        kind = SCHEMA.kinds[name]
        above = made[kind.extends] if kind.extends else Node
        members: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
        for declared in kind.fields:
            members[declared.name] = _property(declared)
        for relationship in SCHEMA.relationships.values():
            for direction in _ways(relationship, name):
                members[relationship_field(relationship.name, direction)] = _following(relationship, direction)
        make = strawberry.interface if kind.abstract else strawberry.type
        made[name] = make(type(name, (above,), members), name=name, description=kind.description)
    return made


def _in_order() -> Iterator[str]:
    below = [name for name in SCHEMA.kinds if SCHEMA.is_a(name, ROOT)]
    return iter(sorted(below, key=lambda name: (len(SCHEMA.lineage(name)), name)))


@cache
def _kind(labels: tuple[str, ...]) -> str:
    return max((label for label in labels if label in SCHEMA.kinds), key=lambda label: len(SCHEMA.lineage(label)))


def _property(declared: Field) -> Any:
    name, is_json = declared.name, declared.type is Type.JSON

    def resolve(root: Any) -> Any:
        value = root.properties.get(name)
        return orjson.loads(value) if is_json and value is not None else value

    return strawberry.field(
        resolver=_returning(resolve, _TYPES[declared.type]), name=camel(name), description=declared.description
    )


def _ways(relationship: Relationship, kind: str) -> Iterator[Direction]:
    """The ways in which a relationship is followed from this kind and not already from one that it inherits from."""
    above = set(SCHEMA.lineage(kind)[1:])
    ways: tuple[Direction, ...] = ("out", "in")
    for end, direction in enumerate(ways):
        ends = {pair[end] for pair in relationship.ends}
        if kind in ends and not above & ends:
            yield direction


def _following(relationship: Relationship, direction: Direction) -> Any:
    connection = _connection(relationship.name, direction)
    name = relationship.name
    derived = any(declared.name == "decision" for declared in relationship.fields)

    async def resolve(
        root: Any,
        info: strawberry.Info,
        first: int | None = None,
        after: str | None = None,
    ) -> Any:
        return await _page(
            root, info, connection, Following(name, direction, page(first, after, 2), wanted=_wanted(info))
        )

    async def resolve_decided(
        root: Any,
        info: strawberry.Info,
        first: int | None = None,
        after: str | None = None,
        decision: list[filters.Decision] | None = None,
    ) -> Any:
        decisions = tuple(sorted({str(one.value) for one in decision or ()}))
        following = Following(name, direction, page(first, after, 2), decisions, _wanted(info))
        return await _page(root, info, connection, following)

    def at_hand(asked: FieldNode) -> Callable[[Any], Any]:
        place = id(asked)
        return lambda root: _made(root, connection, *root.ahead[place])

    way = (
        relationship.description
        if direction == "out"
        else f"Who or what this is the end of: {relationship.description}"
    )
    resolver: Any = _returning(resolve_decided if derived else resolve, connection)
    resolver.at_hand = at_hand
    return strawberry.field(
        resolver=resolver,
        name=relationship_field(name, direction),
        description=way,
    )


def _wanted(info: strawberry.Info) -> Wanted:
    """What is wanted of the page; told once for all nodes that it is asked of."""
    selections: Selections = info.context.reader.selections
    return selections.of_page(info._raw_info.field_nodes, info._raw_info.fragments)


async def _page(root: Any, info: strawberry.Info, connection: type, following: Following) -> Any:
    nodes = info._raw_info.field_nodes
    if len(nodes) == 1 and id(nodes[0]) in root.ahead:
        return _made(root, connection, *root.ahead[id(nodes[0])])
    return _made(root, connection, following, await info.context.reader.neighbours(following).load(root.id))


def _made(root: Any, connection: Any, following: Following, found: list[Found]) -> Any:
    shown = found[: following.page.first]
    made: Any = object.__new__(connection)
    made.__dict__.update(
        edges=[_edge(connection, one) for one in shown],
        page_info=PageInfo(has_next_page=len(found) > len(shown), end_cursor=_cursor(shown[-1]) if shown else None),
        following=following,
        id=root.id,
    )
    return made


def _edge(connection: Any, found: Mapping[str, Any]) -> Any:
    made = object.__new__(connection.edge_type)
    made.__dict__.update(properties=found["edge"], found=found)
    return made


def _cursor(found: Mapping[str, Any]) -> str:
    return cursor((found["node"]["id"], found["edge"].get("key") or ""))


@cache
def _connection(relationship: str, direction: Direction) -> Any:
    """A page of what a relationship leads to; its edges carry the relationship's own fields."""
    declared = SCHEMA.relationships[relationship]
    name = pascal(relationship) + ("" if direction == "out" else "From")
    label = Following(relationship, direction, page(None, None, 2)).label
    members: dict[str, Any] = {
        "__module__": __name__,
        "__annotations__": {},
        "cursor": strawberry.field(resolver=_returning(_place, str)),
        "node": strawberry.field(resolver=_returning(_there, _Later(label, __name__)), description="What is there."),
    }
    for field in declared.fields:
        if field.name not in ("node", "cursor"):
            members[field.name] = _property(field)
    edge = strawberry.type(type(f"{name}Edge", (), members), description=declared.description)

    async def total(root: Any, info: strawberry.Info) -> int:
        return int(await info.context.reader.totals(root.following).load(root.id))

    connection: Any = strawberry.type(
        type(
            f"{name}Connection",
            (),
            {
                "__module__": __name__,
                "__annotations__": {"edges": list[edge], "page_info": PageInfo},  # type: ignore[valid-type]
                "total_count": strawberry.field(resolver=total, description="How many there are on all pages."),
                "knowledge": knowledge_field(),
            },
        ),
        description=f"A page of {relationship}.",
    )
    connection.edge_type = edge
    return connection


class _Later(LazyType[Any, Any]):
    """A kind's type, where it may not be made yet."""

    def resolve_type(self) -> type:
        return kinds()[self.type_name]


def _there(root: Any) -> Any:
    return thing(root.found["labels"], root.found["node"])


def _place(root: Any) -> str:
    return _cursor(root.found)


def _returning(resolve: Callable[..., Any], type_: Any) -> Callable[..., Any]:
    """Say what a resolver returns, which only the declarations know."""
    resolve.__annotations__ = {**resolve.__annotations__, "return": type_}
    return resolve
