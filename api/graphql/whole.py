"""Makes lists of an answer as a whole, where nothing that is selected in them has to be found out.

For each field of each object the executor makes a path, looks whether anything has to be waited for, and asks what kind
of type it has come to. In a list of which only fields are selected that hand out what their object holds
(``direct.py``), none of it matters: it is made by functions that are put together from the selection once.

What such a function does not expect, a mistake or a value of another type, is left to the executor, which then makes
that list anew: the answers are the same, and errors are the executor's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import NoneType
from typing import Any, TypeGuard

from graphql import (
    Executor,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    is_abstract_type,
    is_leaf_type,
)
from graphql.pyutils import is_awaitable as is_any_awaitable

from .direct import Getter

Make = Callable[[Any], Any]
"""Makes of a value what the answer holds of it."""

_AT_HAND = frozenset({dict, list, str, int, float, bool, NoneType})


def is_awaitable(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Whether a value has to be waited for; told at once of those that answers are made of."""
    return type(value) not in _AT_HAND and is_any_awaitable(value)


class _Elsewise(Exception):
    """It is to be made in the executor's way."""


class WholeLists(Executor[Any]):
    """The executor, which makes lists as a whole where it can."""

    def complete_list_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """The list, at once or field by field."""
        if type(result) is list and result:
            with suppress(Exception):
                make = self._maker(return_type.of_type, field_details_list)
                return [make(one) for one in result]
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _maker(self, type_: Any, selected: Any) -> Make:
        """What makes a value of a type, with what is selected of it; _Elsewise where something has to be found out."""
        if isinstance(type_, GraphQLNonNull):
            return _required(self._maker(type_.of_type, selected))
        if isinstance(type_, GraphQLList):
            item = self._maker(type_.of_type, selected)
            return lambda value: None if value is None else _listed(value, item)
        if is_leaf_type(type_):
            return _text if type_ is GraphQLString else _leaf(type_.coerce_output_value)
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, selected)
        if is_abstract_type(type_):
            return self._abstract(type_, selected)
        raise _Elsewise

    def _abstract(self, type_: Any, selected: Any) -> Make:
        makers: dict[type, Make] = {}

        def make(value: Any) -> Any:
            if value is None:
                return None
            kind = type(value)
            if kind not in makers:
                found = self.schema.get_type(kind.__strawberry_definition__.name)
                if not isinstance(found, GraphQLObjectType) or not self.schema.is_sub_type(type_, found):
                    raise _Elsewise
                makers[kind] = self._object(found, selected)
            return makers[kind](value)

        return make

    def _object(self, type_: GraphQLObjectType, selected: Any) -> Make:
        fields: list[tuple[str, Make, Make]] = []
        for name, details in self.collect_subfields(type_, selected).grouped_field_set.items():
            node = details[0].node
            field = self.schema.get_field(type_, node.name.value)
            if node.name.value == "__typename":
                fields.append((name, _constant(type_.name), _same))
            elif field is not None and isinstance(field.resolve, Getter):
                fields.append((name, field.resolve.get, self._maker(field.type, details)))
            else:
                raise _Elsewise

        def make(value: Any) -> Any:
            return None if value is None else {name: made(get(value)) for name, get, made in fields}

        return make


def _required(make: Make) -> Make:
    def made(value: Any) -> Any:
        found = make(value)
        if found is None:
            raise _Elsewise
        return found

    return made


def _listed(value: Any, item: Make) -> list[Any]:
    if type(value) is not list:
        raise _Elsewise
    return [item(one) for one in value]


def _text(value: Any) -> Any:
    if value is None or type(value) is str:
        return value
    raise _Elsewise


def _leaf(coerce: Make) -> Make:
    def made(value: Any) -> Any:
        if value is None:
            return None
        found = coerce(value)
        if found is None:
            raise _Elsewise
        return found

    return made


def _constant(value: str) -> Make:
    return lambda _: value


def _same(value: Any) -> Any:
    return value
