"""Running the command line as a user does, and holding what it took against a target."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import orjson

from .account import Document


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and the most (or least) that it is meant to be."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Value over target; up to 1 is as good as meant, whichever way the target runs."""
        if not self.target:
            return None
        return self.target / self.value if self.at_least else self.value / self.target


@dataclass(frozen=True, slots=True)
class Finished:
    """One ended process: wall and processor seconds, the most memory it held in MB, and its standard output."""

    seconds: float
    processor: float
    peak_mb: float
    output: bytes

    def document(self) -> Document:
        """The output as JSON."""
        parsed: Document = orjson.loads(self.output)
        return parsed


Benchmark = Callable[[], Iterator[Figure]]


def muniment(*arguments: str, environment: Mapping[str, str], answers: tuple[int, ...] = (0,)) -> Finished:
    """Run one command line to its end in a process of its own; RuntimeError on an exit code that is not an answer."""
    command = [str(Path(sys.executable).with_name("muniment")), *arguments]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in answers:
        raise RuntimeError(f"muniment {' '.join(arguments)} ended with {process.returncode}")
    return Finished(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def median_seconds(times: int, *arguments: str, environment: Mapping[str, str]) -> float:
    """The middle of several runs of one command that answers, completely or not; the engine is up by then."""
    return median(muniment(*arguments, environment=environment, answers=(0, 3)).seconds for _ in range(times))


@contextmanager
def fresh_engine() -> Iterator[dict[str, str]]:
    """The environment of commands that share an empty embedded engine, already started, stopped at the end."""
    with TemporaryDirectory(prefix="muniment-bench-") as folder:
        environment = {"MUNIMENT_DATA_DIR": str(Path(folder) / "data"), "MUNIMENT_CONFIG": str(_settings(folder))}
        muniment("db", "start", environment=environment)
        try:
            yield environment
        finally:
            muniment("db", "stop", environment=environment)


def _settings(folder: str) -> Path:
    """An empty settings file, so that the user's own says nothing here."""
    path = Path(folder) / "muniment.toml"
    path.touch()
    return path
