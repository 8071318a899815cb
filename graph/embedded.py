"""The embedded engine: one Java process in the background per data folder, started when first needed.

The process outlives the command that started it, and later commands connect at once. In the data folder are

    engine.lock    locked by the running engine itself: the starter opens it and Java inherits the lock, so that it is
                   free exactly when the engine is gone, however it went; whoever takes it is the one to start
    engine.json    address, passwords and process id; 0600; touched whenever the engine is used
    databases/     the data          config/    the engine's users and logging         log/    its logs
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import DatabaseError, DatabaseInUse, DatabaseUnavailable
from . import launch
from .disk import NO_ROOM, full, has_room
from .engine_state import (
    State,
    last_used,
    lock_file,
    locked,
    mark_used,
    read_state,
    running,
    state_file,
    write_state,
)
from .launch import Options

__all__ = [
    "Options",
    "State",
    "Status",
    "answering",
    "kill",
    "mark_used",
    "process_of",
    "read_state",
    "running",
    "start",
    "status",
    "stop",
    "watch",
]

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_STARTS = 5
"""How often to start again when another program took one of the ports in between."""
_POLL_SECONDS = 0.02
_EVENT_LOGS = 5
"""The engine begins a new one at every start; so many old ones are kept."""


@dataclass(frozen=True, slots=True)
class Status:
    """What ``muniment db status`` shows of a data folder."""

    running: bool
    data_dir: Path
    size_bytes: int
    state: State | None
    idle_for: float | None
    """Seconds since the engine was last used; None when it does not run."""


def start(data_dir: Path, options: Options | None = None) -> State:
    """The engine of a data folder, started unless it already runs; ready for queries when this returns.

    DatabaseInUse when something else holds the folder, DatabaseFull, DatabaseUnavailable when Java does not start
    (with the last lines of its log), DatabaseError when the folder cannot be written.
    """
    with _usable(data_dir):
        return _started(_prepared(data_dir), options or Options())


def _started(data_dir: Path, options: Options) -> State:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with lock_file(data_dir) as lock:
            state = _launch(data_dir, options, lock) if locked(lock, fcntl.LOCK_EX) else answering(data_dir)
        if state is not None:
            watch(data_dir)
            return state
        time.sleep(_POLL_SECONDS)
    raise DatabaseInUse(
        f"another process holds the data folder {data_dir}, and no engine answers there",
        "End it with `muniment db stop`, or choose another folder with MUNIMENT_DATA_DIR.",
    )


def stop(data_dir: Path) -> bool:
    """End the engine of a data folder in good order, by force if it does not go; whether one was running."""
    with _usable(data_dir):
        if not running(data_dir):
            state_file(data_dir).unlink(missing_ok=True)
            return False
        pid = process_of(data_dir)
    if pid is None:
        raise DatabaseInUse(f"something that is not Muniment's engine holds the data folder {data_dir}")
    for number, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if _until(lambda: not running(data_dir), seconds):
            state_file(data_dir).unlink(missing_ok=True)
            return True
    raise DatabaseError(f"the engine (process {pid}) of {data_dir} does not end")


def kill(state: State) -> None:
    """End an engine at once, as a power cut would."""
    if read_state(state.data_dir) == state and process_of(state.data_dir) == state.pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(state.pid, signal.SIGKILL)
        _until(lambda: not running(state.data_dir), _STOP_SECONDS)


def status(data_dir: Path) -> Status:
    """What there is in a data folder, and whether its engine runs."""
    with _usable(data_dir):
        alive = running(data_dir)
        state = read_state(data_dir) if alive else None
        return Status(
            running=alive,
            data_dir=data_dir,
            size_bytes=_size(data_dir),
            state=state,
            idle_for=max(0.0, time.time() - last_used(data_dir)) if state else None,
        )


def _size(data_dir: Path) -> int:
    size = 0
    for file in data_dir.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            size += file.stat().st_size
    return size


def _launch(data_dir: Path, options: Options, lock: IO[bytes]) -> State:
    """Start Java, which inherits the lock; on ports that somebody took in between, start again on others."""
    for _ in range(_STARTS):
        state_file(data_dir).unlink(missing_ok=True)
        passwords = launch.write_configuration(data_dir)
        bolt_port, http_port = _free_ports()
        with (data_dir / "log" / "start.log").open("wb") as log:
            process = subprocess.Popen(
                launch.command(data_dir, bolt_port, http_port, options),
                cwd=data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )
        state = State(data_dir, process.pid, bolt_port, http_port, time.time(), options.idle_seconds, passwords)
        write_state(state)
        if _came_up(state, process, data_dir):
            return state
        process.kill()
        process.wait()
        said = _last_lines(state)
        if "Unable to listen" not in said and "Address already in use" not in said:
            break
    state_file(data_dir).unlink(missing_ok=True)
    raise _start_failure(data_dir, said)


def _came_up(state: State, process: subprocess.Popen[bytes], data_dir: Path) -> bool:
    """Wait until the engine takes queries, or has failed: it may stay behind as a process without its main thread."""
    output = data_dir / "log" / "start.log"
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if _ready(state):
            return True
        if process.poll() is not None or b'Exception in thread "main"' in output.read_bytes():
            return False
        time.sleep(_POLL_SECONDS)
    return False


def _start_failure(data_dir: Path, said: str) -> DatabaseError:
    if not has_room(data_dir):
        return full(str(data_dir))
    if "is locked by another process" in said:
        return DatabaseInUse(f"another program has opened the database in {data_dir}", "Close that program.")
    return DatabaseUnavailable(
        f"the embedded engine did not start on {data_dir}; its log ends with\n{said}",
        f"The whole log is in {data_dir / 'log'}.",
    )


def _prepared(data_dir: Path) -> Path:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    data_dir = data_dir.resolve()
    log = data_dir / "log"
    log.mkdir(mode=0o700, exist_ok=True)
    for old in sorted(log.glob("server-event-log-*"))[:-_EVENT_LOGS]:
        old.unlink(missing_ok=True)
    return data_dir


@contextlib.contextmanager
def _usable(data_dir: Path) -> Iterator[None]:
    """Say of a folder that cannot be read or written what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise full(str(data_dir)) from error
        raise DatabaseError(
            f"the data folder {data_dir} cannot be used: {error.strerror}",
            "It must belong to the user who runs Muniment; choose another with MUNIMENT_DATA_DIR.",
        ) from error


def answering(data_dir: Path) -> State | None:
    """The engine that runs on the data folder, once it takes queries."""
    with _usable(data_dir):
        state = read_state(data_dir) if running(data_dir) else None
        return state if state is not None and _ready(state) else None


def _ready(state: State) -> bool:
    """Whether the engine takes queries: it says so over HTTP after Bolt listens and the database is open."""
    try:
        with socket.create_connection(("127.0.0.1", state.http_port), timeout=2) as connection:
            connection.sendall(b"GET /api/v1/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 204")
    except OSError:
        return False


def _last_lines(state: State, lines: int = 12) -> str:
    texts = []
    for log in (state.data_dir / "log" / name for name in ("engine.0.log", "start.log")):
        if log.exists() and log.stat().st_mtime >= state.started_at - 1:
            texts += log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(texts)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        for candidate in (first, second):
            candidate.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def watch(data_dir: Path) -> None:
    """See to it that somebody stops the engine when it idles: start the watcher (``idle.py``) unless there is one."""
    with (data_dir / "watcher.lock").open("ab") as lock:
        if not locked(lock, fcntl.LOCK_EX):
            return
        subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.idle", str(data_dir)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
        )


def process_of(data_dir: Path) -> int | None:
    """The process id of the data folder's engine: a Java whose root path is this folder, never a reused number."""
    import psutil

    mark = f"-Darcadedb.server.rootPath={data_dir.resolve()}"
    state = read_state(data_dir)
    known = [state.pid] if state else []
    for pid in (*known, *psutil.pids()):
        with contextlib.suppress(psutil.Error):
            if mark in psutil.Process(pid).cmdline():
                return pid
    return None


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
