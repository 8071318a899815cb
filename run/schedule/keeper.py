"""An open graph that is kept, and opened anew when it failed.

While a connection is open the embedded engine does not idle out; one that was stopped, or restarted with other
passwords, is found again at the next use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...errors import DatabaseError
from ...graph.database import Database


class Keeper:
    """Opens the graph when it is first used. For several threads."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        self._connect = connect
        self._kept: _Open | None = None
        self._changing = threading.Lock()

    @contextmanager
    def using(self) -> Iterator[Database]:
        """The open graph; after a DatabaseError the next use opens it again. Who still uses it is not cut off."""
        with self._changing:
            opened = self._kept = self._kept or _Open(self._connect())
            opened.users += 1
        try:
            yield opened.database
        except DatabaseError:
            with self._changing:
                if self._kept is opened:
                    self._kept = None
            raise
        finally:
            with self._changing:
                opened.users -= 1
                unused = self._kept is not opened and not opened.users
            if unused:
                opened.database.close()

    def close(self) -> None:
        """Close it, if it is open."""
        with self._changing:
            opened, self._kept = self._kept, None
        if opened is not None:
            opened.database.close()


@dataclass(eq=False)
class _Open:
    database: Database
    users: int = 0
