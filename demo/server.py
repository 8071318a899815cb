"""The emulator as a process of its own: building and ingesting then use one core, the emulator the other."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from queue import Empty, Queue
from threading import Thread
from types import TracebackType

from ..errors import SourceError

START_SECONDS = 60


class EmulatorMissing(SourceError):
    """The emulator is not installed: it is an extra."""


class Emulator:
    """A running emulator of AWS on the loopback interface; ends with the ``with`` block, or with this process."""

    def __init__(self) -> None:
        """Start it; EmulatorMissing without moto, SourceError where it does not come up."""
        if find_spec("moto") is None or find_spec("flask") is None:
            raise EmulatorMissing("the demo needs moto's server, which is not installed", "pip install muniment[demo]")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.emulator"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        port = self._read_port()
        if not port.isdigit():
            self.stop()
            raise SourceError(
                "the emulator of AWS did not start",
                f"Run `{sys.executable} -m {__package__}.emulator` to see why.",
            )
        self.endpoint = f"http://127.0.0.1:{port}"

    @property
    def pid(self) -> int:
        """The process id of the emulator."""
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The variables that turn boto3, and so ``muniment ingest aws``, to this emulator."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "demonstration",
            "AWS_SECRET_ACCESS_KEY": "demonstration",  # not a secret: the emulator asks for none
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def stop(self) -> None:
        """End it; harmless when it has ended."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def _read_port(self) -> str:
        lines: Queue[str] = Queue()
        output = self._process.stdout
        assert output is not None
        Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
        try:
            return lines.get(timeout=START_SECONDS).strip()
        except Empty:
            return ""
