"""The declarations as a document: ``docs/schema.md`` is this function's output."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Field, Kind, Relationship, Schema

INTRODUCTION = """\
# The graph

Generated from the declarations in `schema/kinds/` by `make docs`; do not edit it by hand.

A node carries the label of its own kind and of every kind above it: a `Role` also answers to `Principal` and `Asset`.
Every node has an `id`, unique in the whole graph. A field that is absent is unknown or does not apply. Timestamps are
texts in ISO 8601, in UTC, to the second. JSON fields hold JSON text.
"""

STORED_ON_RELATIONSHIPS = """\
Every relationship also carries `scope` (the scope that states it), `key` (tells apart several of one type between the
same two nodes), `content_hash`, `first_seen` and `changed_at`, as nodes do.
"""


def markdown(schema: Schema) -> str:
    """All kinds, fields and relationships, each with its description, as Markdown."""
    kinds = sorted(schema.kinds.values(), key=lambda kind: kind.name)
    relationships = sorted(schema.relationships.values(), key=lambda relationship: relationship.name)
    parts = [
        INTRODUCTION,
        "## Kinds of node\n",
        *(_kind(kind, schema) for kind in kinds),
        "## Kinds of relationship\n",
        STORED_ON_RELATIONSHIPS,
        *(_relationship(relationship) for relationship in relationships),
    ]
    return "\n".join(parts)


def _kind(kind: Kind, schema: Schema) -> str:
    lines = [f"### {kind.name}\n", f"{kind.description}\n"]
    if kind.extends:
        lines.append(f"Extends {' → '.join(f'[{name}](#{name.lower()})' for name in schema.lineage(kind.name)[1:])}.")
    if kind.abstract:
        below = sorted(name for name in schema.concrete if schema.is_a(name, kind.name))
        lines.append(f"Abstract; its kinds: {', '.join(f'[{name}](#{name.lower()})' for name in below)}.")
    if kind.identifier:
        lines.append(f"Its `id`: {kind.identifier}")
    return "\n".join([*lines, "", *_fields(kind.fields)])


def _relationship(relationship: Relationship) -> str:
    ends = ", ".join(f"{start} → {end}" for start, end in relationship.ends)
    origin = "Derived by analysis." if relationship.derived else "Stated by sources."
    heading = [f"### {relationship.name}\n", f"{relationship.description}\n", f"{origin} Joins {ends}.", ""]
    return "\n".join([*heading, *_fields(relationship.fields)])


def _fields(fields: Iterable[Field]) -> list[str]:
    rows = [
        f"| `{field.name}` | {field.type.value}{', indexed' if field.indexed else ''} | {_cell(field.description)} |"
        for field in fields
    ]
    return ["| field | type | meaning |", "| --- | --- | --- |", *rows, ""] if rows else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
