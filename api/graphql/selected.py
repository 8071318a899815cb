"""What a request wants of what it asks for, told from the text of it: the database is asked for no more.

A role carries its policies, and a page of roles megabytes of them, where most requests want names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode

from ...schema import SCHEMA
from .names import camel

Fragments = Mapping[str, FragmentDefinitionNode]
Fields = tuple[str, ...]

_PROPERTIES: Mapping[str, str] = {
    camel(field.name): field.name
    for fields in (
        *(kind.fields for kind in SCHEMA.kinds.values()),
        *(relationship.fields for relationship in SCHEMA.relationships.values()),
    )
    for field in fields
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Properties of what a relationship leads to, and of the relationship itself."""

    node: Fields = ("id",)
    edge: Fields = ("key",)


NO_MORE = Wanted()
"""What tells places in a list apart."""


def fields_within(nodes: Iterable[FieldNode], fragments: Fragments) -> Iterator[FieldNode]:
    """The fields that are selected of these, in whatever fragments and under whatever conditions. Names may recur."""
    for node in nodes:
        if node.selection_set:
            yield from _fields(node.selection_set, fragments)


def properties(nodes: Iterable[FieldNode], fragments: Fragments, always: str = "id") -> Fields:
    """The properties among the fields that are selected of these."""
    names = {node.name.value for node in fields_within(nodes, fragments)}
    return tuple(sorted({_PROPERTIES[name] for name in names & _PROPERTIES.keys()} | {always}))


def of_nodes(info: GraphQLResolveInfo[Any]) -> Fields:
    """What is wanted of the nodes of a list."""
    return properties(_below(info.field_nodes, info.fragments, "edges", "node"), info.fragments)


def of_page(nodes: Iterable[FieldNode], fragments: Fragments) -> Wanted:
    """What is wanted of the page of a relationship."""
    edges = [*_below(nodes, fragments, "edges")]
    return Wanted(
        properties(_below(edges, fragments, "node"), fragments),
        properties(edges, fragments, always="key"),
    )


@dataclass
class Selections:
    """What is wanted, told once for each place in a document, for which its nodes of syntax stand.

    No variable has a say in it: what one may leave out is wanted all the same.
    """

    _pages: dict[tuple[int, ...], Wanted] = field(default_factory=dict)
    _nodes: dict[tuple[int, ...], tuple[Fields, tuple[FieldNode, ...]]] = field(default_factory=dict)

    def of_page(self, nodes: Sequence[FieldNode], fragments: Fragments) -> Wanted:
        """What is wanted of the page of a relationship."""
        key = tuple(map(id, nodes))
        if key not in self._pages:
            self._pages[key] = of_page(nodes, fragments)
        return self._pages[key]

    def of_node(self, nodes: Sequence[FieldNode], fragments: Fragments) -> tuple[Fields, tuple[FieldNode, ...]]:
        """The properties that are wanted of a node, and the fields that are selected of it."""
        key = tuple(map(id, nodes))
        if key not in self._nodes:
            self._nodes[key] = properties(nodes, fragments), tuple(fields_within(nodes, fragments))
        return self._nodes[key]


def _below(nodes: Iterable[FieldNode], fragments: Fragments, *path: str) -> Iterable[FieldNode]:
    for step in path:
        nodes = [node for node in fields_within(nodes, fragments) if node.name.value == step]
    return nodes


def _fields(selections: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments)
        else:
            yield from _fields(fragments[node.name.value].selection_set, fragments)  # type: ignore[attr-defined]
