"""Keeping a lease while work goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import LeaseLost, MunimentError

logger = logging.getLogger(__name__)


@contextmanager
def heartbeat(renew: Callable[[], None], every: float) -> Iterator[None]:
    """Call ``renew`` every so many seconds until the block ends, or until the lease is lost.

    A renewal that fails for another reason is tried again at the next beat: the lease outlasts several. Losing it needs
    no word from here, since every write checks the fence itself.
    """
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(every):
            try:
                renew()
            except LeaseLost:
                return
            except MunimentError as error:
                logger.warning("the lease could not be renewed: %s", error.message)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(every)
