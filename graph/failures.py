"""Errors of the driver and of either engine, told as Muniment's own.

Neo4j's codes: https://neo4j.com/docs/status-codes/current/errors/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from ..errors import DatabaseAccessDenied, DatabaseError, DatabaseFull, DatabaseUnavailable, QueryTimeout, SettingsError

_FULL = ("no space left on device", "file too large", "there is not enough space on the disk", "disk full")
_TIMEOUT = ("timedout", "timed out", "timeoutexception")
_READ_ONLY = ("accessmode", "forbidden", "not allowed to")


@contextmanager
def translated(where: str, *, user: str) -> Iterator[None]:
    """Raise what goes wrong inside as one of ``errors.py``; ``where`` is the database's address, for the message."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise explained(error, where, user) from error
    except ConfigurationError as error:
        raise SettingsError(f"the database address {where} cannot be used: {error}") from error
    except OSError as error:
        raise _unavailable(where, error) from error


def explained(error: Exception, where: str, user: str) -> DatabaseError:
    """The error of ``errors.py`` that says the same."""
    if isinstance(error, AuthError):
        return DatabaseAccessDenied(
            f"the database at {where} refused user {user!r} or the password",
            "Set MUNIMENT_DATABASE_USER and MUNIMENT_DATABASE_PASSWORD.",
        )
    said = f"{getattr(error, 'code', '')} {error}".lower()
    if any(words in said for words in _FULL):
        return DatabaseFull(f"the disk under the database at {where} is full", "Make room; nothing committed is lost.")
    if isinstance(error, Neo4jError) and any(words in said for words in _TIMEOUT):
        return QueryTimeout(f"the database at {where} ended a query that took too long", "Narrow the question.")
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return _unavailable(where, error)
    if isinstance(error, ClientError) and any(words in said for words in _READ_ONLY):
        return DatabaseAccessDenied(f"the database at {where} does not let {user!r} do this: {_text(error)}")
    if isinstance(error, TransientError):
        return DatabaseError(f"the database at {where} is overloaded or short of memory: {_text(error)}", "Try again.")
    return DatabaseError(f"the database at {where} refused a statement: {_text(error)}")


def _text(error: Exception) -> str:
    return str(getattr(error, "message", None) or error)


def _unavailable(where: str, error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"nothing answers at {where}: {_text(error)}",
        "Start the database, or mend MUNIMENT_DATABASE_URL; without it the embedded engine is used.",
    )
