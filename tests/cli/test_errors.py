"""Programs that read what a command prints are never given an error in its place: that is for standard error."""

from __future__ import annotations

import pytest
from muniment.cli.main import run

from .conftest import Muniment

NOWHERE = ("--database-url", "bolt://127.0.0.1:1")
COMMANDS = (
    ("who-can-assume", "admin"),
    ("who-can", "iam:CreateUser", "*"),
    ("can", "alice", "iam:CreateUser", "*"),
    ("path", "alice", "admin"),
    ("escalations",),
    ("status",),
    ("check",),
    ("review", "access"),
    ("least-privilege", "alice"),
    ("queries", "run", "users"),
    ("runs",),
    ("schedule", "list"),
    ("webhook", "list"),
    ("token", "list"),
    ("db", "status"),
    ("ask", "users without mfa"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_where_no_database_answers_only_standard_error_tells(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*NOWHERE, *command, "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: nothing answers at bolt://127.0.0.1:1")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bad_option_is_bad_usage_and_only_standard_error_tells(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--format", "nosuch"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nosuch" in err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("who-can", "nosuch", "*"), 2),
        (("queries", "run", "nosuch"), 1),
        (("ingest", "files", "/nosuchfolder"), 1),
        (("schedule", "run", "nosuch"), 1),
    ],
)
def test_what_is_named_and_is_not_there_is_told_on_standard_error(
    command: tuple[str, ...], code: int, muniment: Muniment
) -> None:
    ran = muniment(*command, "--format", "json")
    assert ran.code == code
    assert ran.out == ""
    assert ran.err.startswith("error: ")


def test_a_dead_network_is_an_error_of_ingestion(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-1"}
    for name, value in {**given, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    assert run([*NOWHERE, "ingest", "aws", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
