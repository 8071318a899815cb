"""What lists can be narrowed and ordered by: one input type for each kind, derived from its fields."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

import strawberry

from ...schema import SCHEMA, Type
from .failures import bad_input
from .names import camel
from .reading import Condition

MOST_VALUES = 500
"""The most values that a field is compared with."""


@strawberry.enum(description="What was decided; what is denied has no relationship.")
class Decision(Enum):
    ALLOW = "allow"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


@strawberry.enum
class Direction(Enum):
    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="Tests of a text; all that are given must hold.")
class Text:
    eq: str | None = strawberry.UNSET
    ne: str | None = strawberry.UNSET
    one_of: list[str] | None = strawberry.field(default=strawberry.UNSET, name="in")
    contains: str | None = strawberry.UNSET
    starts_with: str | None = strawberry.UNSET
    ends_with: str | None = strawberry.UNSET
    exists: bool | None = strawberry.UNSET


@strawberry.input(description="Tests of a time, as `2026-01-31T10:00:00Z`; all that are given must hold.")
class Time:
    lt: str | None = strawberry.UNSET
    lte: str | None = strawberry.UNSET
    gt: str | None = strawberry.UNSET
    gte: str | None = strawberry.UNSET
    exists: bool | None = strawberry.UNSET


@strawberry.input(description="Tests of a number; all that are given must hold.")
class Number:
    eq: int | None = strawberry.UNSET
    lt: int | None = strawberry.UNSET
    lte: int | None = strawberry.UNSET
    gt: int | None = strawberry.UNSET
    gte: int | None = strawberry.UNSET
    exists: bool | None = strawberry.UNSET


@strawberry.input(description="Tests of a truth value; all that are given must hold.")
class Truth:
    eq: bool | None = strawberry.UNSET
    exists: bool | None = strawberry.UNSET


@strawberry.input(description="Tests of a list of texts; all that are given must hold.")
class Texts:
    has: str | None = strawberry.UNSET
    exists: bool | None = strawberry.UNSET


_TESTS = {
    Type.STRING: Text,
    Type.TIMESTAMP: Time,
    Type.INTEGER: Number,
    Type.BOOLEAN: Truth,
    Type.STRINGS: Texts,
}


@cache
def filter_of(kind: str) -> Any:
    """The input type that narrows a list of a kind."""
    annotations: dict[str, Any] = {"id": Text | None}
    members: dict[str, Any] = {"id": strawberry.UNSET, "__module__": __name__}
    for field in SCHEMA.fields(kind):
        if field.type in _TESTS:
            annotations[field.name] = _TESTS[field.type] | None
            members[field.name] = strawberry.field(default=strawberry.UNSET, name=camel(field.name))
    return strawberry.input(
        type(f"{kind}Filter", (), {**members, "__annotations__": annotations}),
        description=f"Which {kind} to list; all that is given must hold.",
    )


@cache
def order_of(kind: str) -> Any:
    """The enumeration of what a list of a kind can be ordered by."""
    names = [field.name for field in SCHEMA.fields(kind) if field.type in (Type.STRING, Type.TIMESTAMP)]
    made: Any = Enum(f"{kind}Order", {name.upper(): name for name in ("id", *names)})  # type: ignore[misc]
    return strawberry.enum(made)


def conditions(given: Any) -> Iterator[Condition]:
    """The tests of a filter; BAD_USER_INPUT on too many values."""
    for name, tests in vars(given).items() if given else ():
        for operator, value in vars(tests).items() if tests else ():
            if value is strawberry.UNSET or value is None:
                continue
            if isinstance(value, list) and len(value) > MOST_VALUES:
                raise bad_input(f"{name} is compared with {len(value)} values: {MOST_VALUES} is the most")
            yield Condition(name, operator, value)
