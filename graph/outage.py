"""A server that does not answer: once that is known nobody waits for it any more, until it answers again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ..errors import DatabaseError, DatabaseUnavailable

PATIENCE = 5.0
"""Seconds that a read waits for a server that may be back in a moment; after that it is known not to answer."""
BEAT = 1.0
"""Seconds between two questions whether it is back."""

logger = logging.getLogger(__name__)


class Outage:
    """Whether there is one. ``ask`` asks the server once; it raises a DatabaseError where that does not answer."""

    def __init__(self, ask: Callable[[], None], beat: float = BEAT) -> None:
        self._ask = ask
        self._beat = beat
        self._changing = threading.Lock()
        self._known: DatabaseError | None = None
        self._closed = threading.Event()

    @property
    def known(self) -> bool:
        """Whether the server is known not to answer."""
        return self._known is not None

    def refuse(self) -> None:
        """DatabaseUnavailable where it is."""
        if (known := self._known) is not None:
            raise DatabaseUnavailable(known.message, known.hint)

    def begin(self, why: DatabaseError) -> None:
        """It did not answer. From now on it is asked by itself, again and again."""
        with self._changing:
            if self._known is not None or self._closed.is_set():
                return
            self._known = why
        logger.warning("%s; nobody waits for it until it answers", why.message)
        threading.Thread(target=self._watch, name="outage", daemon=True).start()

    def close(self) -> None:
        """Ask no more."""
        self._closed.set()

    def _watch(self) -> None:
        """Ask until it answers. Whatever else goes wrong with asking is told once and ends nothing: nobody would ask
        any more, and the server be taken for gone for ever."""
        told: set[str] = set()
        while not self._closed.wait(self._beat):
            try:
                self._ask()
            except DatabaseError:
                continue
            except Exception as error:
                if str(error) not in told:
                    told.add(str(error))
                    logger.exception("whether the database answers could not be asked; it is asked again")
                continue
            self._known = None
            logger.warning("the database answers again")
            return
