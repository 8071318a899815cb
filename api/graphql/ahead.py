"""What will be asked of a node that is asked for by its id: its relationships can be read with it."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo, value_from_ast_untyped

from ...schema import SCHEMA
from .loading import Found, Reader
from .names import Direction, relationship_field
from .paging import page
from .reading import Following
from .selected import Fields, fields_within, of_page

MOST = 4
"""Relationships that are read ahead. Where more are asked for, most may be of kinds that the node is not of."""

_WAYS: Mapping[str, tuple[str, Direction]] = {
    **{relationship_field(name, "out"): (name, "out") for name in SCHEMA.relationships},
    **{relationship_field(name, "in"): (name, "in") for name in SCHEMA.relationships},
}


def read(
    reader: Reader, id_: str, wanted: Fields, info: GraphQLResolveInfo[Any], variables: Mapping[str, Any]
) -> Awaitable[Found | None]:
    """A node by its id. What its relationships lead to is read with it, or meanwhile, for whoever resolves them."""
    pages = [*_pages(info, variables)]
    if len(pages) == 1:
        return reader.node_with(wanted, pages[0]).load(id_)
    if len(pages) <= MOST and not reader.limited:  # how long it takes would tell of a node that is not to be seen
        for following in pages:
            reading = reader.neighbours(following).load(id_)
            if isinstance(reading, Future):
                reading.add_done_callback(_heard)
    return reader.node(wanted).load(id_)


def _pages(info: GraphQLResolveInfo[Any], variables: Mapping[str, Any]) -> Iterator[Following]:
    for field in fields_within(info.field_nodes, info.fragments):
        way = _WAYS.get(field.name.value)
        given = _arguments(field, variables)
        if way and not field.directives and given.keys() <= {"first", "after"}:
            with suppress(GraphQLError, TypeError):  # whoever resolves it says what is wrong
                wanted = of_page([field], info.fragments)
                yield Following(*way, page(given.get("first"), given.get("after"), 2), wanted=wanted)


def _arguments(field: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name.value: value_from_ast_untyped(one.value, dict(variables)) for one in field.arguments or ()}


def _heard(reading: Future[Any]) -> None:
    """Nobody may have waited for it: the node is of another kind, or not there."""
    if not reading.cancelled():
        reading.exception()
