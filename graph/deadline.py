"""When a piece of work must be over: reads that are still under way then are ended in the database too.

A read knows the deadline that was set where it was asked for (``DEADLINE``, also in another thread). Neo4j is told how
much time is left and ends the query itself. The embedded engine does not heed what it is told: ``end``, which whoever
gave up waiting calls, has it end the query.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep
from typing import Any

from . import embedded, launch

logger = logging.getLogger(__name__)

_SECONDS = 5.0
_TRIES, _PAUSE = 10, 0.05
_APART = 1.0
"""Seconds by which our own clock of a query and the engine's may differ."""


@dataclass
class Deadline:
    """So many seconds from now."""

    seconds: float
    began: float = field(default_factory=monotonic)
    _running: dict[int, Callable[[], None]] = field(default_factory=dict)
    _count: int = 0

    @property
    def left(self) -> float:
        """Seconds that are left; none or fewer when it is over."""
        return self.began + self.seconds - monotonic()

    @contextmanager
    def reading(self, end: Callable[[], None]) -> Iterator[None]:
        """While inside, something is read that ``end`` ends."""
        self._count += 1
        number = self._count
        self._running[number] = end
        try:
            yield
        finally:
            self._running.pop(number, None)

    def end(self) -> None:
        """It is over, whatever is left: end what is under way. What comes after it is not begun."""
        self.seconds = 0.0
        for _ in range(_TRIES):
            for end in [*self._running.values()]:
                end()
            if not self._running:
                return
            sleep(_PAUSE)  # it may have been sent and not be running yet


DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""The deadline of the work that is being done."""


def terminate(state: embedded.State, cypher: str, began: float) -> None:
    """End a query of ours on the embedded engine: the one of this text that began then."""
    try:
        for query in _command(state, "list queries"):
            same = cypher.startswith(query["text"].removesuffix("..."))
            if same and abs(query["elapsedMs"] / 1000 - (monotonic() - began)) < _APART:
                _command(state, f"terminate query {query['id']}")
    except (OSError, HTTPException, ValueError, KeyError) as error:
        logger.warning("a query that took too long could not be ended: %s", error)


def _command(state: embedded.State, command: str) -> list[dict[str, Any]]:
    """Have the engine do something with queries of the user that reads."""
    credentials = base64.b64encode(f"{launch.READER}:{state.passwords[launch.READER]}".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {credentials}"}
    connection = HTTPConnection("127.0.0.1", state.http_port, timeout=_SECONDS)
    try:
        connection.request("POST", "/api/v1/server", json.dumps({"command": command}), headers)
        result = json.loads(connection.getresponse().read()).get("result", [])
    finally:
        connection.close()
    return result if isinstance(result, list) else []
