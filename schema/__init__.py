"""What can exist: kinds of node and relationship, their fields, their identifiers. No input, no output.

``SCHEMA`` is all declarations under ``kinds/``, found automatically.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from . import kinds as _kinds
from .facts import NEVER_READ, Edge, Listing, Node, Ownership, Refusal, Status, content_hash
from .identifiers import GLOBAL, Arn, ScopeId
from .model import Field, Kind, Relationship, Schema, Type

SCHEMA_VERSION = 1
"""Raised when a database written before cannot be read as it is."""


def _discover() -> Schema:
    modules = [import_module(f"{_kinds.__name__}.{found.name}") for found in iter_modules(_kinds.__path__)]
    declared = [value for module in modules for value in vars(module).values()]
    return Schema.of(
        {id(value): value for value in declared if isinstance(value, Kind)}.values(),
        {id(value): value for value in declared if isinstance(value, Relationship)}.values(),
    )


SCHEMA = _discover()

__all__ = [
    "GLOBAL",
    "NEVER_READ",
    "SCHEMA",
    "SCHEMA_VERSION",
    "Arn",
    "Edge",
    "Field",
    "Kind",
    "Listing",
    "Node",
    "Ownership",
    "Refusal",
    "Relationship",
    "Schema",
    "ScopeId",
    "Status",
    "Type",
    "content_hash",
]
