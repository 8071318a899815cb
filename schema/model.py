"""The language in which kinds of node and relationship are declared.

A declaration is all there is to say about a kind: constraints, writing, deletion, types of the API and the
documentation are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeVar


class Type(StrEnum):
    """The type of a field, as both engines can store it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    """ISO 8601 in UTC to the second, as text: ``2026-01-31T10:00:00Z``. Text order is time order."""
    STRINGS = "strings"
    """A list of texts."""
    JSON = "json"
    """A document, kept as JSON text."""


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a node or relationship. Absent means unknown or not applicable, never empty."""

    name: str
    type: Type
    description: str
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node.

    ``identifier`` says in words what its ``id`` is. A kind with ``abstract`` is only ever inherited: it has a label
    of its own on every node below it, and no nodes of its own. What is ``private`` tells of all accounts at once, or of
    who may ask: questions and the API answer nothing of it.
    """

    name: str
    description: str
    extends: str | None = None
    abstract: bool = False
    private: bool = False
    identifier: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Relationship:
    """A kind of relationship, with the pairs of kinds that it may join (start, end)."""

    name: str
    description: str
    ends: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...] = ()
    derived: bool = False


@dataclass(frozen=True)
class Schema:
    """All declarations together, checked once when they are put together."""

    kinds: Mapping[str, Kind]
    relationships: Mapping[str, Relationship]
    _lineages: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, kinds: Iterable[Kind], relationships: Iterable[Relationship]) -> Schema:
        """Put declarations together; ValueError on a name declared twice or never."""
        schema = cls(_unique(kinds), _unique(relationships))
        for kind in schema.kinds.values():
            schema.lineage(kind.name)
        for relationship in schema.relationships.values():
            for end in (end for pair in relationship.ends for end in pair):
                if end not in schema.kinds:
                    raise ValueError(f"{relationship.name} joins {end}, which is not declared")
        return schema

    def lineage(self, kind: str) -> tuple[str, ...]:
        """The kind and all that it inherits from, most specific first."""
        known = self._lineages.get(kind)
        if known is None:
            declared = self.kinds.get(kind)
            if declared is None:
                raise ValueError(f"the kind {kind} is not declared")
            above = self.lineage(declared.extends) if declared.extends else ()
            known = self._lineages[kind] = (kind, *above)
        return known

    def fields(self, kind: str) -> tuple[Field, ...]:
        """All fields of a kind, inherited ones first."""
        return tuple(f for name in reversed(self.lineage(kind)) for f in self.kinds[name].fields)

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether every node of ``kind`` also carries the label ``ancestor``."""
        return ancestor in self.lineage(kind)

    @cached_property
    def public(self) -> Mapping[str, Kind]:
        """Kinds that may be asked about, by name."""
        return {name: kind for name, kind in self.kinds.items() if not kind.private}

    @cached_property
    def concrete(self) -> tuple[str, ...]:
        """Kinds that have nodes of their own, in alphabetical order."""
        return tuple(sorted(name for name, kind in self.kinds.items() if not kind.abstract))


Declared = TypeVar("Declared", Kind, Relationship)


def _unique(declarations: Iterable[Declared]) -> dict[str, Declared]:
    by_name: dict[str, Declared] = {}
    for declaration in declarations:
        if declaration.name in by_name:
            raise ValueError(f"{declaration.name} is declared twice")
        by_name[declaration.name] = declaration
    return by_name
