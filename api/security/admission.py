"""Whether a caller may ask for what an operation asks for: its root fields, told from the text of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from ..graphql.failures import Code, failure
from .caller import Caller
from .permissions import fields

_FREE = "__typename"


def root_fields(document: DocumentNode, operation: str | None) -> list[FieldNode]:
    """The root fields of the operations that may be meant, those in fragments and under directives too."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return [
        found
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and (operation is None or (one.name and one.name.value == operation))
        for found in _fields(one.selection_set, fragments, set())
    ]


def admit(caller: Caller, asked: list[FieldNode], known: Mapping[str, object]) -> None:
    """FORBIDDEN where one of the root fields is not for this caller. ``known`` are all root fields that there are.

    What there is not is left to those who tell mistakes.
    """
    declared = fields()
    for field in asked:
        name = field.name.value
        permission = declared.get(name)
        if name == _FREE or (permission and caller.may(permission)):
            continue
        if permission or name in known:
            raise failure(Code.FORBIDDEN, f"the role {caller.role} may not ask for {name}")


def _fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in fragments and name not in seen:
                seen.add(name)
                yield from _fields(fragments[name].selection_set, fragments, seen)
        else:
            yield from _fields(node.selection_set, fragments, seen)  # type: ignore[attr-defined]
