"""A connection that outlives what it leads to, for servers: they run for weeks, and it may be stopped meanwhile.

An embedded engine that starts again has another port and other passwords. A Neo4j server has not: its driver finds it
by itself, and nobody waits for it while it is known not to answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

import neo4j

from ..errors import DatabaseAccessDenied, DatabaseError, DatabaseUnavailable
from ..settings import Settings
from .database import Database, connect
from .outage import PATIENCE, Outage

T = TypeVar("T")

logger = logging.getLogger(__name__)


class LastingDatabase(Database):
    """A Database that connects again when the embedded engine is gone, and starts it; and that has nobody wait for a
    Neo4j server that does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the graph; errors as ``connect``."""
        self._settings = settings
        self._connecting = Lock()
        self._take(connect(settings))
        self._outage = Outage(self.verify)
        if self.state is None:
            self._patience = PATIENCE

    @property
    def is_down(self) -> bool:
        """Whether the server is known not to answer."""
        return self._outage.known

    def read(self, cypher: str, /, timeout: float | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """As ``Database.read``; once more with another connection where this one leads nowhere."""
        self._outage.refuse()
        before = self._reader
        try:
            return super().read(cypher, timeout, **parameters)
        except (DatabaseUnavailable, DatabaseAccessDenied) as error:
            if self.state is None and isinstance(error, DatabaseUnavailable):
                self._outage.begin(error)
            if self.state is None or not self._again(before):
                raise
            return super().read(cypher, timeout, **parameters)

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """As ``Database.write``, unless the server is known not to answer."""
        self._outage.refuse()
        return super().write(work)

    def close(self) -> None:
        """Close all connections."""
        self._outage.close()
        super().close()

    def _again(self, before: object) -> bool:
        """Whether there is another connection than before. One thread makes it; the others do not wait for it."""
        if self._reader is not before:
            return True
        if not self._connecting.acquire(blocking=False):
            return False
        try:
            if self._reader is before:
                old = (self._reader, self._writer)
                self._take(connect(self._settings))
                logger.warning("the embedded engine was gone; connected again, to %s", self.url)
                for driver in old:
                    with suppress(Exception):
                        driver.close()
            return True
        except DatabaseError as error:
            logger.warning("the embedded engine is gone: %s", error.message)
            return False
        finally:
            self._connecting.release()

    def _take(self, opened: Database) -> None:
        """Be the same connection as another."""
        self.__dict__.update(vars(opened))
