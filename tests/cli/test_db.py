"""`muniment db`."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest
from muniment.cli.main import run


@pytest.fixture
def on(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command line works on a private data folder."""
    monkeypatch.setenv("MUNIMENT_DATA_DIR", str(data_dir))
    monkeypatch.setenv("MUNIMENT_HEAP", "512m")
    monkeypatch.delenv("MUNIMENT_DATABASE_URL", raising=False)
    return data_dir


def test_the_database_is_started_shown_and_stopped(on: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["db", "start"]) == 0
    assert str(on) in capsys.readouterr().out

    assert run(["db", "status", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["running"] is True
    assert shown["schema_version"] == 1
    assert psutil.pid_exists(shown["pid"])

    assert run(["db", "status"]) == 0
    assert "up for" in capsys.readouterr().out

    assert run(["db", "stop"]) == 0
    assert capsys.readouterr().out == "stopped\n"
    assert run(["db", "stop"]) == 0
    assert capsys.readouterr().out == "it was not running\n"


def test_status_starts_nothing(on: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["db", "status", "--format", "json"]) == 0

    shown = json.loads(capsys.readouterr().out)
    assert shown["running"] is False
    assert shown["pid"] is None
    assert shown["size_bytes"] > 0


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("command", ["start", "stop"])
def test_a_server_is_neither_started_nor_stopped(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MUNIMENT_DATABASE_URL", "bolt://127.0.0.1:1")

    assert run(["db", command]) == 2
    assert "MUNIMENT_DATABASE_URL" in capsys.readouterr().err
