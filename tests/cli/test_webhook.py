"""``muniment webhook`` as its users meet it."""

from __future__ import annotations

import json
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


def test_a_receiver_that_is_gone_is_shown_and_asked_again(muniment: Muniment, filled: Database, config: str) -> None:
    muniment("--config", config, "webhook", "deliver")
    filled.write(lambda tx: tx.run("MATCH (w:Webhook {id: 'siem'}) SET w.gone = 'of another address'").consume())
    (row,) = json.loads(muniment("--config", config, "webhook", "list", "--format", "json").out)["rows"]
    assert (row["name"], row["state"]) == ("siem", "gone")
    assert "webhook siem: its receiver answered 410 Gone" in muniment("--config", config, "status").out
    assert muniment("--config", config, "webhook", "retry").out == "webhook siem is asked again\n"
    assert "410" not in muniment("--config", config, "status").out


def test_a_test_tells_that_nobody_listens(muniment: Muniment, config: str) -> None:
    failed = muniment("--config", config, "webhook", "test", "siem")
    assert (failed.code, failed.out) == (1, "")
    assert "cannot be reached" in failed.err


def test_what_is_not_declared(muniment: Muniment, config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The settings file has siem." in muniment("--config", config, "webhook", "test", "chat").err
    monkeypatch.delenv("HOOK_SECRET")
    missing = muniment("--config", config, "webhook", "test", "siem")
    assert (missing.code, "is missing" in missing.err) == (2, True)


def test_what_was_given_up_is_listed_tried_again_and_deleted(muniment: Muniment, filled: Database, config: str) -> None:
    muniment("--config", config, "webhook", "forget", "siem")
    assert muniment("--config", config, "webhook", "deliver").code == 1
    give_up = "MATCH (m:WebhookMessage) SET m.status = 'failed', m.created_at = '2026-01-01T00:00:00Z'"
    filled.write(lambda tx: tx.run(give_up).consume())
    (row,) = json.loads(muniment("--config", config, "webhook", "messages", "--format", "json").out)["rows"]
    assert (row["webhook"], row["event"], row["status"], row["attempts"]) == ("siem", "baseline", "failed", 1)
    assert "nobody listens" in row["error"]
    assert "body" not in row

    missing = muniment("--config", config, "webhook", "retry", "msg_0")
    assert (missing.code, missing.out) == (1, "no such message was given up\n")
    assert muniment("--config", config, "webhook", "retry", row["id"]).out == "1 message is due again\n"
    assert muniment("--config", config, "webhook", "prune", "--older-than", "0s").out == "0 messages are deleted\n"
    filled.write(lambda tx: tx.run(give_up).consume())
    assert muniment("--config", config, "webhook", "prune", "--webhook", "chat").out == "0 messages are deleted\n"
    assert muniment("--config", config, "webhook", "prune").out == "1 message is deleted\n"
    assert muniment("--config", config, "webhook", "deliver").out == "nothing is due\n"

    assert muniment("--config", config, "webhook", "forget", "siem").out == "webhook siem: forgotten\n"
    assert muniment("--config", config, "webhook", "forget", "siem").code == 1
    assert "baseline" in muniment("--config", config, "webhook", "deliver").out
