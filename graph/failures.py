"""Errors of the driver and of either engine, told as Muniment's own.

Neo4j's codes: https://neo4j.com/docs/status-codes/current/errors/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neo4j.exceptions import (
    AuthError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from ..errors import (
    DatabaseAccessDenied,
    DatabaseError,
    DatabaseUnavailable,
    QueryTimeout,
)
from .disk import full, has_room

_FULL = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")
_READ_ONLY = ("Neo.ClientError.Statement.AccessMode", "Neo.ClientError.Security.Forbidden")


@contextmanager
def translated(where: str, *, user: str, data_dir: Path | None = None) -> Iterator[None]:
    """Raise what goes wrong inside as one of ``errors.py``.

    ``where`` is the database's address, for the message; ``data_dir`` is where the embedded engine keeps its data.
    """
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise explained(error, where, user, data_dir) from error


def explained(error: Exception, where: str, user: str, data_dir: Path | None = None) -> DatabaseError:
    """The error of ``errors.py`` that says the same."""
    said, code = " ".join(str(getattr(error, "message", None) or error).split()), getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return DatabaseAccessDenied(
            f"the database at {where} refused user {user!r} or the password",
            "Run `muniment db stop`: the engine then starts with new passwords."
            if data_dir
            else "Set MUNIMENT_DATABASE_USER and MUNIMENT_DATABASE_PASSWORD.",
        )
    if any(words in said for words in _FULL):
        return full(where)
    if "TransactionTimedOut" in code:
        return QueryTimeout(
            f"the database at {where} ended a query that took too long",
            "Narrow the question, or allow more time with MUNIMENT_QUERY_SECONDS.",
        )
    if code in _READ_ONLY:
        return DatabaseAccessDenied(f"the database at {where} does not let {user!r} do this: {said}")
    if data_dir is not None and not has_room(data_dir):
        return full(where)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return DatabaseUnavailable(
            f"nothing answers at {where}: {said}",
            "Start the database, or mend MUNIMENT_DATABASE_URL; without it the embedded engine is used.",
        )
    if isinstance(error, TransientError):
        return DatabaseError(f"the database at {where} cannot do this now: {said}", "Try again.")
    return DatabaseError(f"the database at {where} refused a statement: {said}")
