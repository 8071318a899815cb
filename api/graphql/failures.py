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


RETRY_AFTER = 2
"""Seconds after which it may be worth asking a database again that did not answer."""


def failure(code: Code, message: str, hint: str = "", more: Mapping[str, Any] | None = None) -> GraphQLError:
    """An error with its code, a hint where there is one, and what else its ``extensions`` say."""
    extensions = {"code": str(code), **({"hint": hint} if hint else {}), **(more or {})}
    return GraphQLError(message, extensions=extensions)


def no_database() -> GraphQLError:
    """The error of a request that the database would have to answer, and does not."""
    return failure(
        Code.UNAVAILABLE, "the database does not answer", "Try again in a while.", {"retryAfter": RETRY_AFTER}
    )


def bad_input(message: str, hint: str = "") -> GraphQLError:
    """An error of the caller's own making."""
    return failure(Code.BAD_USER_INPUT, message, hint)


def code_of(error: GraphQLError) -> Code:
    """The code of an error; without one it is of the caller's own making."""
    return Code((error.extensions or {}).get("code", Code.BAD_USER_INPUT))
