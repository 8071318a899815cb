"""An open graph that is kept, and opened anew when it failed.

While a connection is open the embedded engine does not idle out; one that was stopped, or restarted with other
passwords, is found again at the next use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...errors import DatabaseError
from ...graph.database import Database


class Keeper:
    """Opens the graph when it is first used. For several threads."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        self._connect = connect
        self._database: Database | None = None
        self._opening = threading.Lock()

    @contextmanager
    def using(self) -> Iterator[Database]:
        """The open graph; after a DatabaseError the next use opens it again."""
        with self._opening:
            database = self._database = self._database or self._connect()
        try:
            yield database
        except DatabaseError:
            self._forget(database)
            raise

    def close(self) -> None:
        """Close it, if it is open."""
        with self._opening:
            database, self._database = self._database, None
        if database is not None:
            database.close()

    def _forget(self, database: Database) -> None:
        with self._opening:
            if self._database is database:
                self._database = None
        database.close()
