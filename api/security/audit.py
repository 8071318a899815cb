"""The audit log: who asked what, as JSON Lines, each with the hash of the one before.

A line that is changed, removed or put in breaks the chain, which ``verify`` tells. It cannot tell of lines missing at
the end, nor of a log that was written anew as a whole: whoever must be sure of these keeps the last hash elsewhere, or
ships the lines as they come.

Several processes write to one file: each appends under a lock, after the line that is last by then. The file may be
renamed for rotation at any time; the next line opens a new one, which goes on from the last hash of the old. A line has
reached the operating system before the request is answered, and the disk within ``SYNC`` seconds.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ...errors import AuditBroken, AuditUnwritable
from ...graph.clock import Clock, timestamp

SYNC = 1.0
BEGINNING = "0" * 64
"""What the first line of all names as the hash of the one before."""
_HASH = re.compile(rb',"hash":"([0-9a-f]{64})"}\Z')
_TAIL = 1 << 20
"""No line is longer."""


@dataclass
class AuditLog:
    """A file that is only ever added to, readable by its owner alone."""

    path: Path
    now: Clock
    _file: int | None = None
    _size: int = -1
    _last: str = BEGINNING
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _syncing: threading.Timer | None = None

    def add(self, event: str, **said: Any) -> None:
        """Add a line; AuditUnwritable where it is not there in whole."""
        with self._lock:
            try:
                line = {"at": timestamp(self.now()), "event": event, **said}
                while not self._append(line):
                    self._open()
            except OSError as error:
                raise AuditUnwritable(
                    f"the audit log {self.path} cannot be written: {error.strerror or error}",
                    "Make room, or mend its owner and permissions.",
                ) from error
        self._sync_soon()

    def lines(self, most: int) -> list[bytes]:
        """The last lines, oldest first."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL * 4))
            return file.read().splitlines()[-most:]

    def close(self) -> None:
        """Bring everything to the disk."""
        with self._lock:
            if self._syncing is not None:
                self._syncing.cancel()
            if self._file is not None:
                _to_disk(self._file)
                os.close(self._file)
                self._file = None

    def _open(self) -> None:
        """Have the file open that the path names now, and know the last hash of what it goes on from."""
        if self._file is not None:
            with _locked(self._file):
                self._last = _last_hash(self._file) or self._last
            _to_disk(self._file)
            os.close(self._file)
            self._file = None
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._size = -1
        if not os.fstat(self._file).st_size:
            self._last = _last_of_rotated(self.path) or self._last

    def _append(self, said: Mapping[str, Any]) -> bool:
        """Add a line to the file that is open; False where it is no longer the one that the path names."""
        if self._file is None:
            return False
        with _locked(self._file):
            if not _same(self._file, self.path):
                return False
            size = os.fstat(self._file).st_size
            torn = b""
            if size != self._size:
                self._last = _last_hash(self._file) or self._last
                torn = b"\n" if size and os.pread(self._file, 1, size - 1) != b"\n" else b""
            body = orjson.dumps({**said, "previous": self._last}, default=str)
            hash_ = hashlib.sha256(body).hexdigest()
            line = torn + body[:-1] + f',"hash":"{hash_}"}}\n'.encode()
            try:
                written = os.write(self._file, line)
                if written < len(line):
                    raise OSError(None, "the disk is full")
            except OSError:
                os.ftruncate(self._file, size)
                raise
            self._last, self._size = hash_, size + len(line)
        return True

    def _sync_soon(self) -> None:
        with self._lock:
            if self._syncing is None:
                self._syncing = threading.Timer(SYNC, self._sync)
                self._syncing.daemon = True
                self._syncing.start()

    def _sync(self) -> None:
        with self._lock:
            self._syncing = None
            file = os.dup(self._file) if self._file is not None else None
        if file is not None:
            _to_disk(file)
            os.close(file)


@dataclass(frozen=True, slots=True)
class Verified:
    """What ``verify`` found to be whole."""

    lines: int
    first: str | None
    last: str | None
    hash: str
    expected: bool
    """Whether the hash that was looked for is that of one of the lines."""


def verify(files: Sequence[Path], after: str = BEGINNING, expect: str | None = None) -> Verified:
    """Check that files of a log, oldest first, are one chain from ``after`` on; AuditBroken says where it is not."""
    lines, first, last, expected = 0, None, None, False
    for path in files:
        for number, line in enumerate(_lines(path), 1):
            found = _HASH.search(line)
            if not found or hashlib.sha256(line[: found.start()] + b"}").hexdigest() != found[1].decode():
                raise AuditBroken(f"line {number} of {path} is not as it was written")
            said = orjson.loads(line)
            if said["previous"] != after:
                missing = (
                    "lines before it are missing" if lines else "it does not begin here: earlier lines are missing"
                )
                raise AuditBroken(f"line {number} of {path} does not follow: {missing}", "Give rotated files first.")
            after, lines = found[1].decode(), lines + 1
            first, last, expected = first or said["at"], said["at"], expected or after == expect
    return Verified(lines, first, last, after, expected)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n")
    except OSError as error:
        raise AuditBroken(f"{path} cannot be read: {error.strerror}") from error


def _last_hash(file: int) -> str | None:
    """The hash of the last whole line; None where there is none."""
    size = os.fstat(file).st_size
    tail = os.pread(file, min(size, _TAIL), max(0, size - _TAIL))
    found = (_HASH.search(line) for line in reversed(tail.split(b"\n")))
    return next((match[1].decode() for match in found if match), None)


def _last_of_rotated(path: Path) -> str | None:
    """The last hash of the newest file that the log was renamed to, as far as such are still beside it."""
    rotated = sorted(path.parent.glob(f"{path.name}[.-]*"), key=lambda one: one.stat().st_mtime, reverse=True)
    for one in rotated:
        file = os.open(one, os.O_RDONLY | os.O_CLOEXEC)
        try:
            with _locked(file):
                found = _last_hash(file)
            if found:
                return found
        finally:
            os.close(file)
    return None


def _to_disk(file: int) -> None:
    """Have the disk hold all of a file; pipes and devices have none."""
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise


def _same(file: int, path: Path) -> bool:
    """Whether an open file is the one that a path names."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(file)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)


@contextmanager
def _locked(file: int) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
