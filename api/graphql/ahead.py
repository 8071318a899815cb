"""What will be asked of a node that is asked for by its id: its relationships can be read while it is read itself."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Iterable, Iterator
from contextlib import suppress

from graphql import GraphQLError
from strawberry.types.nodes import SelectedField, Selection

from ...schema import SCHEMA
from .loading import Reader
from .names import Direction, relationship_field
from .paging import page
from .reading import Following

MOST = 4
"""Relationships that are read ahead. Where more are asked for, most may be of kinds that the node is not of."""

_WAYS: dict[str, tuple[str, Direction]] = {
    **{relationship_field(name, "out"): (name, "out") for name in SCHEMA.relationships},
    **{relationship_field(name, "in"): (name, "in") for name in SCHEMA.relationships},
}


def read_ahead(reader: Reader, id_: str, selected: Iterable[Selection]) -> None:
    """Begin to read what is selected of the node; whoever resolves it finds it under way."""
    pages = [*_pages(selected)]
    if len(pages) <= MOST:
        for following in pages:
            reading = reader.neighbours(following).load(id_)
            if isinstance(reading, Future):
                reading.add_done_callback(_heard)


def _pages(selected: Iterable[Selection]) -> Iterator[Following]:
    for one in selected:
        if not isinstance(one, SelectedField):
            yield from _pages(one.selections)
        elif one.name in _WAYS and not one.directives and not one.arguments.get("decision"):
            first, after = one.arguments.get("first"), one.arguments.get("after")
            with suppress(GraphQLError, ValueError):  # whoever resolves it says what is wrong
                yield Following(*_WAYS[one.name], page(first if first is None else int(first), after, 2))


def _heard(reading: Future[object]) -> None:
    """Nobody may have waited for it: the node is of another kind, or not there."""
    if not reading.cancelled():
        reading.exception()
