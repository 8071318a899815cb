"""The process that a scheduled run is.

A process of its own, not a thread: all the memory of a run goes back to the system when it ends (a large estate takes
gigabytes); one that is killed, or runs out of memory, takes no scheduler and no API with it; and only the main thread
of a process can be interrupted amid a run, as `muniment ingest` is by Ctrl-C.

It ends with its scheduler: it reads its standard input, a pipe that says nothing and that the system closes when the
scheduler is gone, however it went.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...graph.clock import timestamp

HELD = 75
"""The exit code of a child that found another run writing: EX_TEMPFAIL of sysexits.h. It is due again."""
SKIPPED = 76
"""The exit code of a child that found the attempt begun by another scheduler."""
STOP_SECONDS = 60.0
"""How long a child may take to end in good order."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a child is to do. ``seen`` is the number of attempts that its scheduler knows of."""

    name: str
    serves: datetime
    seen: int
    resume: bool

    def arguments(self) -> list[str]:
        """As options of `muniment schedule run`."""
        given = ["schedule", "run", self.name, "--serves", timestamp(self.serves), "--seen", str(self.seen)]
        return [*given, "--resume"] if self.resume else given


class Child:
    """A run in a process. ``options`` are the global options of the command line."""

    def __init__(self, options: Sequence[str], attempt: Attempt) -> None:
        command = [sys.executable, "-m", "muniment.cli.main", *options, *attempt.arguments()]
        # A session of its own: Ctrl-C on a terminal reaches the scheduler alone, which passes it on once.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait(self) -> int:
        """Its exit code, once it ended; negative if a signal ended it."""
        code = self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        return code

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Interrupt it, and kill it if it does not end in that time."""
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()


def end_with_parent(seconds: float = STOP_SECONDS) -> None:
    """Interrupt this process when its scheduler is gone, and kill it if it does not end in that time, as that would."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent", daemon=True).start()
