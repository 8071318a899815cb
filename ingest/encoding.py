"""Responses as JSON and back, exactly: instants and bytes are marked, and what should never be kept is not.

datetime        {"$time": "2026-01-31T10:00:00+00:00"}
bytes           {"$bytes": "…base64…"}
an object that looks like one of these   {"$object": {…}}
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

SECRET_MEMBERS = frozenset(
    {
        "AuthorizationToken",
        "Password",
        "PrivateKey",
        "SecretAccessKey",
        "SecretBinary",
        "SecretString",
        "SessionToken",
        "TemplateBody",
        "UserData",
        "buildspec",
    }
)
"""Members of responses whose value is a secret, or may hold one."""

SECRET_MAPS = frozenset(
    {"Arguments", "DefaultArguments", "NonOverridableArguments", "RuntimeEnvironmentVariables", "Variables"}
)
"""Members whose value is an object of secrets, such as a function's environment: its names are kept."""

SECRET_LISTS = frozenset({"Outputs", "Parameters", "environment", "environmentVariables"})
"""Members whose value is a list of things with a name and a secret value, such as a container's environment."""

SECRET_TEXTS = frozenset({"command", "entryPoint"})
"""Members whose value is a list of texts, such as a container's command."""

NOT_SECRET_FIELDS = ("@", "resourceRole", "role", "type")
"""How the keys begin of those fields of a data pipeline's definition whose values are kept."""

NOT_KEPT = "(not recorded)"

_TIME, _BYTES, _OBJECT = "$time", "$bytes", "$object"


def encode(value: Any) -> Any:
    """A response, or the parameters of a call, as JSON can hold it; secrets replaced. TypeError on what it cannot."""
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        members = {str(name): _member(name, inner) for name, inner in value.items()}
        return {_OBJECT: members} if _is_mark(members) else members
    if isinstance(value, list | tuple):
        return [encode(inner) for inner in value]
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, bytes | bytearray):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"a {type(value).__name__} cannot be recorded")


def decode(value: Any) -> Any:
    """What was encoded; ValueError where a mark holds nothing that can be read."""
    if isinstance(value, list):
        return [decode(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if not _is_mark(value):
        return {name: decode(inner) for name, inner in value.items()}
    ((mark, inner),) = value.items()
    if mark == _OBJECT:
        return {name: decode(member) for name, member in inner.items()}
    return datetime.fromisoformat(inner) if mark == _TIME else base64.b64decode(inner, validate=True)


def _member(name: object, value: Any) -> Any:
    if name in SECRET_MAPS and isinstance(value, Mapping):
        return encode(dict.fromkeys(value, NOT_KEPT))
    if name in SECRET_LISTS and isinstance(value, list):
        return [encode(_without_values(entry)) for entry in value]
    if name in SECRET_TEXTS and isinstance(value, list):
        return [NOT_KEPT for _ in value]
    if name == "fields" and isinstance(value, list):
        return [encode(_without_text(entry)) for entry in value]
    return NOT_KEPT if name in SECRET_MEMBERS and isinstance(value, str | bytes) else encode(value)


def _without_values(entry: Any) -> Any:
    """An entry of ``SECRET_LISTS`` with its name, and without what ends in ``value``."""
    if not isinstance(entry, Mapping):
        return entry
    return {name: NOT_KEPT if str(name).lower().endswith("value") else value for name, value in entry.items()}


def _without_text(field: Any) -> Any:
    """A field of a data pipeline's definition without its text, unless that is known to be no secret."""
    if not isinstance(field, Mapping) or str(field.get("key")).startswith(NOT_SECRET_FIELDS):
        return field
    return {name: NOT_KEPT if name == "stringValue" else value for name, value in field.items()}


def _is_mark(members: Mapping[str, Any]) -> bool:
    return len(members) == 1 and next(iter(members)) in (_TIME, _BYTES, _OBJECT)
