"""A connection that outlives the embedded engine, for servers: they run for weeks, and it may be stopped meanwhile.

An engine that starts again has another port and other passwords. A Neo4j server has not: its driver finds it by itself.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Lock
from typing import Any

from ..errors import DatabaseAccessDenied, DatabaseError, DatabaseUnavailable
from ..settings import Settings
from .database import Database, connect

logger = logging.getLogger(__name__)


class LastingDatabase(Database):
    """A Database that connects again when the embedded engine is gone, and starts it."""

    def __init__(self, settings: Settings) -> None:
        """Open the graph; errors as ``connect``."""
        self._settings = settings
        self._connecting = Lock()
        self._take(connect(settings))

    def read(self, cypher: str, /, timeout: float | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """As ``Database.read``; once more with another connection where this one leads nowhere."""
        before = self._reader
        try:
            return super().read(cypher, timeout, **parameters)
        except (DatabaseUnavailable, DatabaseAccessDenied):
            if self.state is None or not self._again(before):
                raise
            return super().read(cypher, timeout, **parameters)

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
