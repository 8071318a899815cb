"""Errors as callers see them: a stable code, a message that says what to do, and nothing of the inside."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from graphql import GraphQLError as GraphQLError


class Code(StrEnum):
    """What kind of error it is, in ``extensions.code``."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    STALE_DATA = "STALE_DATA"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


def failure(code: Code, message: str, hint: str = "", offered: Mapping[str, Any] | None = None) -> GraphQLError:
    """An error with its code, a hint where there is one, and what may have been meant instead."""
    extensions = {"code": str(code), **({"hint": hint} if hint else {}), **(offered or {})}
    return GraphQLError(message, extensions=extensions)


def bad_input(message: str, hint: str = "") -> GraphQLError:
    """An error of the caller's own making."""
    return failure(Code.BAD_USER_INPUT, message, hint)


def code_of(error: GraphQLError) -> Code:
    """The code of an error; without one it is of the caller's own making."""
    return Code((error.extensions or {}).get("code", Code.BAD_USER_INPUT))
