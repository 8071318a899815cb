"""Takes the way round out of fields, above all of those that only hand out what their object holds.

Strawberry makes an ``Info``, converts arguments and looks for extensions for each field of each object. Where a field
has neither arguments nor extensions, and its resolver asks for the object alone, the resolver is called by itself:
answers with hundreds of nodes are made in half the time. Where its arguments are plain there is nothing to convert.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_nullable_type,
    is_specified_scalar_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from .names import camel


class Getter:
    """A resolver that asks for the object alone."""

    __slots__ = ("get",)

    def __init__(self, get: Callable[[Any], Any]) -> None:
        self.get = get

    def __call__(self, root: Any, _info: Any) -> Any:
        return self.get(root)


class Follower:
    """A resolver that finds out what it hands out, unless its object was read together with that.

    ``at_hand`` tells for a place in a document what hands that out then; it raises an error where it was not.
    """

    __slots__ = ("at_hand", "resolve")

    def __init__(self, resolve: Callable[..., Any], at_hand: Callable[[FieldNode], Callable[[Any], Any]]) -> None:
        self.resolve = resolve
        self.at_hand = at_hand

    def __call__(self, root: Any, info: Any, **given: Any) -> Any:
        return self.resolve(root, info, **given)


def shorten(schema: GraphQLSchema) -> None:
    """Do so in every type of a schema."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                if isinstance(declared, StrawberryField) and not declared.extensions and field.resolve:
                    field.resolve = _resolver(field, declared)


def _resolver(field: GraphQLField, declared: StrawberryField) -> Callable[..., Any]:
    if (getter := _getter(field, declared)) is not None:
        return Getter(getter)
    resolve: Any = _straight(field, declared) or field.resolve
    at_hand = getattr(declared.base_resolver and declared.base_resolver.wrapped_func, "at_hand", None)
    return Follower(resolve, at_hand) if at_hand else resolve


def _straight(field: GraphQLField, declared: StrawberryField) -> Callable[..., Any] | None:
    """The resolver itself, where all that it is given is plain; None where something is to be converted."""
    resolver = declared.base_resolver
    plain = all(_is_plain(get_nullable_type(one.type)) for one in field.args.values())
    if resolver is None or resolver.self_parameter or resolver.parent_parameter or field.subscribe or not plain:
        return None
    function: Any = resolver.wrapped_func
    root, info = resolver.root_parameter, resolver.info_parameter
    names = {one.graphql_name or camel(one.python_name): one.python_name for one in declared.arguments}

    def resolve(source: Any, asked: Any, **given: Any) -> Any:
        words = {names[name]: value for name, value in given.items()}
        if root:
            words[root.name] = source
        if info:
            words[info.name] = Info(_raw_info=asked, _field=declared)
        return function(**words)

    return resolve if names.keys() == field.args.keys() else None


def _is_plain(type_: Any) -> bool:
    return isinstance(type_, GraphQLScalarType) and is_specified_scalar_type(type_)


def _getter(field: GraphQLField, declared: StrawberryField) -> Callable[[Any], Any] | None:
    if field.args:
        return None
    if declared.base_resolver is None:
        return attrgetter(declared.python_name)
    function: Any = declared.base_resolver.wrapped_func
    alone = list(getattr(function, "__annotations__", {})) == ["root", "return"]
    return function if alone and not iscoroutinefunction(function) else None
