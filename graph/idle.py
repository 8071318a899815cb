"""The watcher of the embedded engine: a small process that stops it when nobody has used it for a while.

Run as ``python -m muniment.graph.idle DATA_DIR``. It inherits ``watcher.lock``, locked, so there is one for each data
folder, and every later connection starts a new one should this one have died.
"""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

import psutil

from ..errors import MunimentError
from .embedded import process_of, stop
from .engine_state import State, is_there, last_used, mark_used, read_state, running

_LONGEST_PAUSE = 15.0
"""Seconds between two looks."""


def watch(data_dir: Path) -> None:
    """Look at the engine until it is gone, and stop it when it has idled for the time that its state file names.

    An engine whose data folder was deleted under it is ended too: nothing could find it any more.
    """
    while running(data_dir):
        state = read_state(data_dir)
        if state is None:
            time.sleep(0.2)
            continue
        with contextlib.suppress(psutil.NoSuchProcess):
            engine = psutil.Process(state.pid)
            if _connected(engine, state):
                mark_used(data_dir)
            elif time.time() - last_used(data_dir) >= state.idle_seconds:
                with contextlib.suppress(MunimentError):  # it would not stop in time; it is asked again
                    stop(data_dir)
                    break
            with contextlib.suppress(psutil.TimeoutExpired):
                engine.wait(min(_LONGEST_PAUSE, max(0.1, state.idle_seconds / 4)))
    orphan = None if is_there(data_dir) else process_of(data_dir)
    if orphan is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(orphan).terminate()


def _connected(engine: psutil.Process, state: State) -> bool:
    """Whether any client has a connection open; if that cannot be seen, it might."""
    try:
        connections = engine.net_connections("tcp")
    except psutil.AccessDenied:
        return True
    ports = {state.bolt_port, state.http_port}
    return any(c.status == psutil.CONN_ESTABLISHED and c.laddr and c.laddr.port in ports for c in connections)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
