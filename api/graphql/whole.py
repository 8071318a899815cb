"""Makes lists and nodes of an answer as a whole, where nothing that is selected in them has to be found out.

For each field of each object the executor makes a path, looks whether anything has to be waited for, and asks what kind
of type it has come to. Where only fields are selected that hand out what their object holds (``direct.py``), none of it
matters: what is selected is made by functions that are put together from the selection once; for a document that is
remembered, once for all requests.

What such a function does not expect, a mistake or a value of another type, is left to the executor, which then makes
that list or node anew: the answers are the same, and errors are the executor's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import NoneType
from typing import Any, TypeGuard

from graphql import (
    Executor,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import collect_subfields
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable as is_any_awaitable

from .direct import Follower, Getter

Make = Callable[[Any], Any]
"""Makes of a value what the answer holds of it."""

MOST = 200
"""Makers of an operation that are kept. There is one for each kind of node that something was selected of."""

_AT_HAND = frozenset({dict, list, str, int, float, bool, NoneType})


def is_awaitable(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Whether a value has to be waited for; told at once of those that answers are made of."""
    return type(value) not in _AT_HAND and is_any_awaitable(value)


class _Elsewise(Exception):
    """It is to be made in the executor's way."""


class Makers:
    """What makes the values of one operation, by their type and what is selected of them.

    They hold nothing of a request but the variables that they are given: those that directives ask for.
    """

    def __init__(self, executor: Executor[Any], variables: VariableValues) -> None:
        self._schema, self._fragments, self._operation = executor.schema, executor.fragments, executor.operation
        self._variables = variables
        self._known: dict[tuple[Any, ...], Make] = {}

    def maker(self, type_: Any, selected: Any) -> Make:
        """What makes a value of a type; it raises _Elsewise where something has to be found out."""
        key = (type_, *[id(details.node) for details in selected])
        if key not in self._known:
            if len(self._known) >= MOST:
                self._known.clear()
            try:
                self._known[key] = self._made(type_, selected)
            except (_Elsewise, GraphQLError):
                self._known[key] = _left
        return self._known[key]

    def _made(self, type_: Any, selected: Any) -> Make:
        if isinstance(type_, GraphQLNonNull):
            return _required(self._made(type_.of_type, selected))
        if isinstance(type_, GraphQLList):
            item = self._made(type_.of_type, selected)
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
                found = self._schema.get_type(kind.__strawberry_definition__.name)
                if not isinstance(found, GraphQLObjectType) or not self._schema.is_sub_type(type_, found):
                    raise _Elsewise
                makers[kind] = self.maker(found, selected)
            return makers[kind](value)

        return make

    def _object(self, type_: GraphQLObjectType, selected: Any) -> Make:
        collected = collect_subfields(self._schema, self._fragments, self._variables, self._operation, type_, selected)
        fields = [(name, *self._field(type_, details)) for name, details in collected.grouped_field_set.items()]

        def make(value: Any) -> Any:
            return None if value is None else {name: made(get(value)) for name, get, made in fields}

        return make

    def _field(self, type_: GraphQLObjectType, details: Any) -> tuple[Make, Make]:
        """What gets a field's value of its object, and what makes of that what the answer holds."""
        node = details[0].node
        if node.name.value == "__typename":
            return _constant(type_.name), _same
        field = self._schema.get_field(type_, node.name.value)
        if field is not None and isinstance(field.resolve, Getter):
            return field.resolve.get, self._made(field.type, details)
        if field is not None and isinstance(field.resolve, Follower) and len(details) == 1:
            return field.resolve.at_hand(node), self._made(field.type, details)
        raise _Elsewise


Kept = dict[int, Makers]
"""Makers of the operations of a document, by the ids of these, for as long as it is remembered."""


class Whole(Executor[Any]):
    """The executor, which makes lists and nodes as a whole where it can.

    ``kept`` is that of the document, where no variable has a say in what is selected.
    """

    def __init__(self, *arguments: Any, kept: Kept | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if kept is None:
            self._makers = Makers(self, self.variable_values)
        else:
            key = id(self.operation)
            self._makers = kept.get(key) or kept.setdefault(key, Makers(self, VariableValues({}, {})))

    def complete_list_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """The list, at once or field by field."""
        if type(result) is list and result:
            with suppress(Exception):
                make = self._makers.maker(return_type.of_type, field_details_list)
                return [make(one) for one in result]
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def complete_abstract_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """The node, at once or field by field."""
        with suppress(Exception):
            return self._makers.maker(return_type, field_details_list)(result)
        return super().complete_abstract_value(return_type, field_details_list, info, path, result, position_context)


def _left(_: Any) -> Any:
    raise _Elsewise


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
