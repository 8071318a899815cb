"""How much one operation may ask for, told before any of it is carried out.

Fragments are measured once each, however often they are spread: a document of a few kilobytes can expand to billions of
fields, and telling so must not take as long as answering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from .failures import Code, bad_input, failure
from .paging import FIRST, MOST

_EDGES = "edges"
_NESTING = frozenset({"types", "fields", "inputFields", "interfaces", "possibleTypes", "args"})
"""Introspection fields that list what can be listed from again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of everything. ``cost`` is the number of nodes that could be read."""

    bytes: int = 100_000
    tokens: int = 5_000
    depth: int = 20
    aliases: int = 50
    fields: int = 2_000
    directives: int = 50
    operations: int = 10
    introspection: int = 4
    """How many lists of the schema may be nested within each other."""
    cost: int = 20_000
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to, fragments expanded. ``cost`` is for one node of where it is made."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    nesting: int = 0
    cost: int = 0

    def beside(self, other: Size) -> Size:
        """Both of them, in one place."""
        return Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            max(self.nesting, other.nesting),
            self.cost + other.cost,
        )


def measure(document: DocumentNode, operation: str | None, variables: Mapping[str, Any], limits: Limits) -> Size:
    """The size of the operation that is to be carried out; QUERY_TOO_COMPLEX where it is over a limit.

    BAD_USER_INPUT where fragments spread each other in a circle. What else is wrong with a document is not told here.
    """
    definitions = document.definitions
    if len(definitions) > limits.operations + limits.fields:
        raise _too_much("definitions", len(definitions), limits.operations)
    operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        raise _too_much("operations", len(operations), limits.operations)
    chosen = [one for one in operations if operation is None or (one.name and one.name.value == operation)]
    fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
    scale = _Scale(fragments, variables)
    size = Size()
    for one in chosen:
        size = size.beside(scale.of(one.selection_set))
    for what in ("depth", "fields", "aliases", "directives", "cost"):
        if getattr(size, what) > getattr(limits, what):
            raise _too_much(what, getattr(size, what), getattr(limits, what))
    if size.nesting > limits.introspection:
        raise _too_much("nested lists of the schema", size.nesting, limits.introspection)
    return size


@dataclass
class _Scale:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    known: dict[str, Size] = field(default_factory=dict)
    spreading: set[str] = field(default_factory=set)

    def of(self, selections: SelectionSetNode | None, within: str = "") -> Size:
        size = Size()
        for part in self._parts(selections, within):
            size = size.beside(part)
        return size

    def _parts(self, selections: SelectionSetNode | None, within: str) -> Iterator[Size]:
        for node in selections.selections if selections else ():
            directives = Size(directives=len(node.directives or ()))
            if isinstance(node, FieldNode):
                yield self._field(node).beside(directives)
            elif isinstance(node, InlineFragmentNode):
                yield self.of(node.selection_set, within).beside(directives)
            elif isinstance(node, FragmentSpreadNode):
                yield self._fragment(node.name.value).beside(directives)

    def _field(self, node: FieldNode) -> Size:
        name = node.name.value
        inner = self.of(node.selection_set, name)
        times = self._first(node) if self._is_list(node) else 1
        return Size(
            inner.depth + 1,
            inner.fields + 1,
            inner.aliases + (node.alias is not None),
            inner.directives,
            inner.nesting + (name in _NESTING),
            times * (1 + inner.cost) if times > 1 or name == _EDGES else inner.cost,
        )

    def _fragment(self, name: str) -> Size:
        if name in self.spreading:
            raise bad_input(f"the fragment {name} spreads itself")
        if name not in self.known:
            self.spreading.add(name)
            found = self.fragments.get(name)
            self.known[name] = self.of(found.selection_set) if found else Size()
            self.spreading.discard(name)
        return self.known[name]

    def _is_list(self, node: FieldNode) -> bool:
        """Whether it is a page: all of them, and nothing else, have ``edges``."""
        return any(self._has_edges(node.selection_set, set()))

    def _has_edges(self, selections: SelectionSetNode | None, seen: set[str]) -> Iterator[bool]:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                yield node.name.value == _EDGES
            elif isinstance(node, InlineFragmentNode):
                yield from self._has_edges(node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                found = self.fragments.get(node.name.value)
                yield from self._has_edges(found.selection_set if found else None, seen)

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                if isinstance(argument.value, IntValueNode):
                    return min(max(int(argument.value.value), 1), MOST) if len(argument.value.value) < 10 else MOST
                if isinstance(argument.value, VariableNode):
                    given = self.variables.get(argument.value.name.value)
                    return min(max(given, 1), MOST) if isinstance(given, int) else MOST
        return FIRST


def _too_much(what: str, found: int, most: int) -> Exception:
    return failure(
        Code.QUERY_TOO_COMPLEX, f"the query has {what} of {found:,}; {most:,} is the most", "Ask for less at a time."
    )
