"""What will be asked of a node that is asked for by its id: its relationships can be read with it."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo, value_from_ast_untyped

from ...schema import SCHEMA
from .loading import Reader
from .names import Direction, relationship_field
from .paging import page
from .reading import Following
from .selected import Selections
from .things import thing

MOST = 4
"""Relationships that are read ahead. Where more are asked for, most may be of kinds that the node is not of."""

_WAYS: Mapping[str, tuple[str, Direction]] = {
    **{relationship_field(name, "out"): (name, "out") for name in SCHEMA.relationships},
    **{relationship_field(name, "in"): (name, "in") for name in SCHEMA.relationships},
}


async def read(reader: Reader, id_: str, info: GraphQLResolveInfo[Any], variables: Mapping[str, Any]) -> Any:
    """A node by its id. What its relationships lead to is read with it, or meanwhile, for whoever resolves them."""
    wanted, selected = reader.selections.of_node(info.field_nodes, info.fragments)
    pages = [*_pages(selected, info, reader.selections, variables)]
    if len(pages) == 1:
        ((place, following),) = pages
        found = await reader.node_with(wanted, following).load(id_)
        ahead = {place: (following, found["found"])} if found else {}
    else:
        if len(pages) <= MOST and not reader.limited:  # how long it takes would tell of a node that is not to be seen
            for _, following in pages:
                reading = reader.neighbours(following).load(id_)
                if isinstance(reading, Future):
                    reading.add_done_callback(_heard)
        found, ahead = await reader.node(wanted).load(id_), {}
    return None if found is None else thing(found["labels"], found["properties"], ahead)


def _pages(
    selected: Iterable[FieldNode],
    info: GraphQLResolveInfo[Any],
    selections: Selections,
    variables: Mapping[str, Any],
) -> Iterator[tuple[int, Following]]:
    """The pages that are asked for, by the ids of the places in the document that do so."""
    for field in selected:
        way = _WAYS.get(field.name.value)
        if way is None or field.directives:
            continue
        given = _arguments(field, variables)
        if given.keys() <= {"first", "after"}:
            with suppress(GraphQLError, TypeError):  # whoever resolves it says what is wrong
                wanted = selections.of_page([field], info.fragments)
                yield id(field), Following(*way, page(given.get("first"), given.get("after"), 2), wanted=wanted)


def _arguments(field: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name.value: value_from_ast_untyped(one.value, dict(variables)) for one in field.arguments or ()}


def _heard(reading: Future[Any]) -> None:
    """Nobody may have waited for it: the node is of another kind, or not there."""
    if not reading.cancelled():
        reading.exception()
