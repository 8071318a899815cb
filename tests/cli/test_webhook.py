"""``muniment webhook`` as its users meet it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from muniment.graph.database import Database

from .conftest import Muniment


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A settings file whose receiver does not listen."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + "QUJD" * 10)
    path = tmp_path / "muniment.toml"
    path.write_text(
        f'[[webhook]]\nname = "siem"\nurl = "http://127.0.0.1:{port}/secret-path"\nsecret_env = "HOOK_SECRET"\n'
    )
    return str(path)


def test_what_is_not_taken_fails_and_is_kept(muniment: Muniment, filled: Database, config: str) -> None:
    failed = muniment("--config", config, "webhook", "deliver")
    assert failed.code == 1
    assert "webhook siem: baseline msg_" in failed.out
    assert "cannot be reached" in failed.out
    assert "secret-path" not in failed.out + failed.err
    assert muniment("--config", config, "webhook", "deliver").out == "nothing is due\n"
    listed = muniment("--config", config, "webhook", "list", "--format", "csv").out
    assert listed.splitlines()[1].startswith("siem,http://127.0.0.1:")
    assert "secret-path" not in listed


def test_a_test_tells_that_nobody_listens(muniment: Muniment, config: str) -> None:
    failed = muniment("--config", config, "webhook", "test", "siem")
    assert (failed.code, failed.out) == (1, "")
    assert "cannot be reached" in failed.err


def test_what_is_not_declared(muniment: Muniment, config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The settings file has siem." in muniment("--config", config, "webhook", "test", "chat").err
    monkeypatch.delenv("HOOK_SECRET")
    missing = muniment("--config", config, "webhook", "test", "siem")
    assert (missing.code, "is missing" in missing.err) == (2, True)
