"""``muniment shell``: statements in, rows out, and nothing is ever written."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from muniment.cli.main import run
from muniment.cli.prompt import commands
from muniment.cli.prompt.commands import Session
from muniment.cli.prompt.completion import candidates
from muniment.cli.prompt.reading import _prompt, history
from muniment.cli.prompt.statements import entries, is_whole, split, writing
from muniment.graph.database import Database, connect
from muniment.graph.deadline import _command
from muniment.queries.library import questions
from muniment.settings import Settings
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from ..queries import estate
from .conftest import Ran

Shell = Callable[..., Ran]


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def place(request: pytest.FixtureRequest) -> Settings:
    """The estate, on either engine."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    estate.fill(database)
    found: Settings = request.getfixturevalue(f"{request.param}_settings")
    return found


@pytest.fixture
def shell(place: Settings, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Shell:
    """Pipes a text into the shell."""
    for name in ("MUNIMENT_DATABASE_URL", "MUNIMENT_CONFIG", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MUNIMENT_DATA_DIR", str(place.data_dir))
    if place.database_url:
        monkeypatch.setenv("MUNIMENT_DATABASE_URL", place.database_url)
        monkeypatch.setenv("MUNIMENT_DATABASE_USER", place.database_user)
        monkeypatch.setenv("MUNIMENT_DATABASE_PASSWORD", place.database_password)

    def piped(text: str, *options: str) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        capfdbinary.readouterr()
        code = run(["shell", *options])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return piped


def test_statements_in_rows_out(shell: Shell) -> None:
    ran = shell("MATCH (a:Account)\nWHERE a.management\nRETURN a.name AS name;", "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, [{"name": "acme"}])


def test_parameters_formats_and_an_end_without_a_semicolon(shell: Shell) -> None:
    ran = shell(f":param id = {estate.PAY}\n:format csv\nMATCH (a:Account {{id: $id}}) RETURN a.name AS name, 1 AS n")
    assert (ran.code, ran.out) == (0, "name,n\r\npayments-prod,1\r\n")


def test_saved_questions_say_how_complete_they_are(shell: Shell) -> None:
    ran = shell(":run administrators accounts=payments-prod\n")
    assert "read completely" in ran.out
    assert "payments-prod/ProdAdmin" in ran.out


def test_it_goes_on_after_an_error_and_ends_with_the_first_ones_code(shell: Shell) -> None:
    ran = shell(":run nothing-of-that-id\n:run trusted-by\nMATCH (a:Account RETURN 1;\nRETURN 42 AS answer;\n")
    assert ran.code == 1
    assert "42" in ran.out
    assert "no saved question 'nothing-of-that-id'" in ran.err
    assert "trusted-by needs role" in ran.err
    assert shell(":nonsense\n").code == 2


WRITING = (
    "CREATE (n:Role {id: 'x'}) RETURN n.id AS id",
    "MERGE (n:Role {id: 'x'}) RETURN n.id AS id",
    "MATCH (n:Account) SET n.name = 'x' RETURN n.id AS id",
    "MATCH (n:Account) REMOVE n.name RETURN n.id AS id",
    "MATCH (n:Account) DETACH DELETE n",
    "MATCH (n:Account) FOREACH (x IN [1] | SET n.name = 'x')",
    "DROP CONSTRAINT anything IF EXISTS",
)


@pytest.mark.parametrize("statement", WRITING)
def test_a_statement_that_writes_is_refused(shell: Shell, statement: str) -> None:
    ran = shell(f"{statement};")
    assert ran.code == 2
    assert "it only reads" in ran.err


@pytest.mark.parametrize("statement", WRITING[:5])
def test_the_database_refuses_what_the_shell_would_let_pass(
    shell: Shell, place: Settings, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "writing", lambda _: "")
    before = _graph(place)
    assert shell(f"{statement};").code == 1
    assert _graph(place) == before


def _graph(settings: Settings) -> list[dict[str, object]]:
    with connect(settings) as database:
        return database.read("MATCH (n) WHERE n:Account OR n:Role RETURN n.id AS id, n.name AS name ORDER BY id")


def test_schema_and_questions(shell: Shell) -> None:
    ran = shell(":schema account\n:queries mfa\n:help\n:quit\nRETURN 'never' AS x;\n")
    assert "joined_at" in ran.out
    assert "users-without-mfa" in ran.out
    assert ":param NAME = VALUE" in ran.out
    assert "never" not in ran.out


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("RETURN 1; RETURN 2;", ["RETURN 1", "RETURN 2"]),
        ("RETURN ';' AS a; // none; here\n", ["RETURN ';' AS a"]),
        ('RETURN "a;\\"b" AS x', ['RETURN "a;\\"b" AS x']),
        ("/* ; */ RETURN `a;b`;", ["/* ; */ RETURN `a;b`"]),
        (" ;; ", []),
    ],
)
def test_statements_end_where_they_do(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_lines_become_entries() -> None:
    lines = ["MATCH (a)\n", "RETURN a;\n", "  :format csv\n", "RETURN 1\n", ":not a command\n"]
    assert list(entries(lines)) == ["MATCH (a)\nRETURN a", ":format csv", "RETURN 1\n:not a command"]
    assert [is_whole(text) for text in ("", ":run x", "RETURN ';", "RETURN 1; ")] == [True, True, False, True]


@pytest.mark.parametrize("text", ["RETURN n.set AS x", "MATCH (n {name: 'SET'}) RETURN n", "MATCH (n) RETURN n.create"])
def test_reading_is_not_taken_for_writing(text: str) -> None:
    assert writing(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (r:Rol", {"Role"}),
        ("MATCH (r)-[:CAN_A", {"CAN_ASSUME"}),
        ("MATCH (r)-[:CAN_ASSUME|ADMIN", {"ADMINISTERS"}),
        ("MATCH (r:Role) WHERE r.max_", {"max_session_seconds"}),
        ("MATCH (r)-[c:CAN_ASSUME]->(x) RETURN c.dec", {"decision"}),
        ("MATCH (n {id: $ac", {"account"}),
        ("mat", {"MATCH"}),
        (":ru", {":run"}),
        (":run users-without-m", {"users-without-mfa"}),
        (":run old-access-keys days=9 acc", {"accounts="}),
        (":schema CAN_ES", {"CAN_ESCALATE_TO"}),
        (":format j", {"json"}),
        ("RETURN 'mat", set()),
    ],
)
def test_completion(text: str, expected: set[str]) -> None:
    found = {word for word, _ in candidates(text, questions(), {"account"}, commands.COMMANDS)}
    assert found == expected


def test_what_was_typed_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    path = history(tmp_path / "data")
    assert path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    history(tmp_path / "data")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_statement_over_several_lines_at_the_prompt(tmp_path: Path, place: Settings) -> None:
    session = Session(Settings(tmp_path), lambda: connect(place))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("MATCH (a:Account)\rRETURN a;\r")
        assert _prompt(session).prompt() == "MATCH (a:Account)\nRETURN a;"
    assert "MATCH" in (tmp_path / "shell_history").read_text()


HEAVY = """UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 1000) AS c \
WITH a * b * c AS d WHERE d < 0 RETURN count(d) AS n;"""
"""It takes minutes."""


def test_ctrl_c_ends_a_query_in_the_engine_and_not_the_shell(
    embedded_connection: Database, embedded_settings: Settings
) -> None:
    state = embedded_connection.state
    assert state

    def running() -> bool:
        return any(query["text"].startswith("UNWIND range(1, 3000)") for query in _command(state, "list queries"))

    def until(done: Callable[[], bool]) -> bool:
        return any(done() or time.sleep(0.1) for _ in range(150))

    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("muniment")), "--data-dir", str(embedded_settings.data_dir), "shell"]
    environment = {**os.environ, "TERM": "dumb"}
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:
        os.close(theirs)
        said = b""
        try:
            os.write(ours, f"{HEAVY}\n".encode())
            assert until(running)
            os.write(ours, b"\x03")
            assert until(lambda: not running())
            os.write(ours, b"RETURN 6 * 7 AS answer;\n\x04")
            process.wait(30)
            with suppress(OSError):  # a pty ends so
                while part := os.read(ours, 4096):
                    said += part
        finally:
            process.kill()
            os.close(ours)
    assert b"Ended." in said
    assert b"42" in said
