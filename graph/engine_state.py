"""The files by which processes agree about the engine of a data folder: its lock and its state.

Java inherits the lock from whoever starts it: ``engine.lock`` is free exactly when the engine is gone, however it went.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from .launch import write_private


@dataclass(frozen=True, slots=True)
class State:
    """A running engine: where it listens and with which passwords."""

    data_dir: Path
    pid: int
    bolt_port: int
    http_port: int
    started_at: float
    """Seconds since the epoch."""
    idle_seconds: float
    passwords: dict[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        """The address for the driver."""
        return f"bolt://127.0.0.1:{self.bolt_port}"


def running(data_dir: Path) -> bool:
    """Whether an engine runs on the data folder (or is just being started)."""
    try:
        with _lock(data_dir).open("rb") as lock:
            return not locked(lock, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def is_there(data_dir: Path) -> bool:
    """Whether it is a data folder of an engine, which may run or not; one that was deleted is none."""
    return _lock(data_dir).exists()


def read_state(data_dir: Path) -> State | None:
    """What the state file says; None when there is none. It may be of an engine that is gone: ask ``running``."""
    try:
        return State(data_dir=data_dir, **json.loads(state_file(data_dir).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(state: State) -> None:
    """Put down where the engine listens, for its owner alone to read."""
    kept = {name: value for name, value in asdict(state).items() if name != "data_dir"}
    write_private(state_file(state.data_dir), json.dumps(kept))


def mark_used(data_dir: Path) -> None:
    """Note that the engine is in use now, which puts off its stop."""
    with contextlib.suppress(FileNotFoundError):
        os.utime(state_file(data_dir))


def last_used(data_dir: Path) -> float:
    """When the engine was last used, in seconds since the epoch; 0 when there is no engine."""
    try:
        return state_file(data_dir).stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextlib.contextmanager
def lock_file(data_dir: Path) -> Iterator[IO[bytes]]:
    """The engine's lock file, open."""
    with _lock(data_dir).open("ab") as file:
        yield file


def locked(file: IO[bytes], how: int) -> bool:
    """Take the lock if it is free. It is let go when the last process that holds the open file closes it."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def state_file(data_dir: Path) -> Path:
    """Where the state is kept."""
    return data_dir / "engine.json"


def _lock(data_dir: Path) -> Path:
    return data_dir / "engine.lock"
