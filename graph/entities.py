"""Nodes, relationships and paths that a query returns whole, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neo4j.graph import Node, Path, Relationship


class WholeNode(dict[str, Any]):
    """A node as its fields. ``labels`` say what it is, so that what is private is known wherever it got to."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.labels = frozenset(node.labels)


def told(value: Any) -> Any:
    """A value of a row with its entities as plain values, in the driver's own form (``Record.data``)."""
    match value:
        case Node():
            return WholeNode(value)
        case Relationship():
            start, end = value.nodes
            return (_end(start), value.type, _end(end))
        case Path():
            steps = zip(value.relationships, value.nodes[1:], strict=True)
            return [_end(value.start_node), *(part for hop, node in steps for part in (hop.type, _end(node)))]
        case Mapping():
            return {name: told(one) for name, one in value.items()}
        case list():
            return [told(one) for one in value]
    return value


def _end(node: Node | None) -> Any:
    return {} if node is None else WholeNode(node)
