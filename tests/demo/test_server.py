"""The emulator as a process: it starts, it ends, and it says what is missing."""

from __future__ import annotations

import sys

import psutil
import pytest
from muniment.demo.aws import Aws
from muniment.demo.server import Emulator, EmulatorMissing


def test_it_answers_while_it_runs_and_leaves_nothing_behind():
    with Emulator() as emulator:
        assert emulator.endpoint.startswith("http://127.0.0.1:")
        assert Aws(emulator.endpoint).client("sts").get_caller_identity()["Account"] == "123456789012"
        process = psutil.Process(emulator.pid)
        assert {connection.laddr.ip for connection in process.net_connections("inet")} == {"127.0.0.1"}

    assert not psutil.pid_exists(emulator.pid)
    emulator.stop()


def test_it_ends_with_its_parent():
    emulator = Emulator()
    process = psutil.Process(emulator.pid)

    emulator._process.stdin.close()  # what the system does when the parent is killed

    assert process.wait(timeout=10) == 0
    emulator.stop()


def test_without_moto_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "moto", None)

    with pytest.raises(EmulatorMissing) as refused:
        Emulator()

    assert refused.value.hint == "pip install muniment[demo]"
