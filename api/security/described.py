"""What a request asked, as the audit log has it: the operation, its root fields and their arguments, never a token."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import FieldNode, ListValueNode, ObjectValueNode, ValueNode, VariableNode, print_ast

from . import tokens

MOST = 300
"""The longest that an argument is recorded."""
FIELDS = 60
_SECRET = re.compile(rf"{tokens.PATTERN}|\beyJ[\w-]+\.[\w-]+\.[\w-]*")
"""A token of Muniment's own, or a JSON Web Token."""


def described(
    query: str, operation: str | None, fields: Sequence[FieldNode], variables: Mapping[str, Any]
) -> dict[str, Any]:
    """What a GraphQL request asked."""
    return {
        "operation": without_secrets(operation or "") or None,
        "query": hashlib.sha256(query.encode()).hexdigest(),
        "fields": [_field(field, variables) for field in fields[:FIELDS]],
    }


def without_secrets(text: str) -> str:
    """A text as it is recorded: shortened, and without what looks like a token."""
    return _SECRET.sub("(a token)", text)[:MOST]


def rows(data: Mapping[str, Any] | None) -> int:
    """How many rows, or nodes of pages, an answer holds."""
    return sum(map(_rows, (data or {}).values()))


def _rows(value: Any) -> int:
    if isinstance(value, list):
        return len(value)
    if isinstance(value, Mapping):
        pages = [value[name] for name in ("rows", "edges") if isinstance(value.get(name), list)]
        return sum(map(len, pages)) if pages else 1
    return int(value is not None)


def _field(field: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    arguments = {one.name.value: without_secrets(_value(one.value, variables)) for one in field.arguments or ()}
    return {"field": field.name.value[:MOST], **({"arguments": arguments} if arguments else {})}


def _value(node: ValueNode, variables: Mapping[str, Any]) -> str:
    """A value as it was written, variables put in."""
    if isinstance(node, VariableNode):
        return str(variables.get(node.name.value))
    if isinstance(node, ListValueNode):
        return "[" + ", ".join(_value(one, variables) for one in node.values) + "]"
    if isinstance(node, ObjectValueNode):
        return "{" + ", ".join(f"{one.name.value}: {_value(one.value, variables)}" for one in node.fields) + "}"
    return print_ast(node)
