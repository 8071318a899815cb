"""What declarations are called in GraphQL.

``CAN_ASSUME`` is the field ``canAssume`` of those who can, and ``canAssumeFrom`` of what they can assume;
``account_id`` is ``accountId``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["out", "in"]


def camel(name: str) -> str:
    """``account_id`` or ``CAN_ASSUME`` as ``accountId``, ``canAssume``."""
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal(name: str) -> str:
    """``CAN_ASSUME`` as ``CanAssume``."""
    whole = camel(name)
    return whole[0].upper() + whole[1:]


def relationship_field(name: str, direction: Direction) -> str:
    """The field that follows a relationship from one of its ends."""
    return camel(name) + ("" if direction == "out" else "From")


def plural(kind: str) -> str:
    """The field that lists a kind's nodes: ``Policy`` as ``policies``, ``MfaDevice`` as ``mfaDevices``."""
    name = kind[0].lower() + kind[1:]
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
