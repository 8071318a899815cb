"""The command line as a whole: help, version, errors, and how little it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from muniment.cli.log import configure
from muniment.cli.main import run

HEAVY = ("boto3", "botocore", "moto", "neo4j", "yaml", "rich", "rapidfuzz", "muniment.ingest", "muniment.analysis")


def python(source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def test_building_the_command_line_loads_nothing_heavy() -> None:
    loaded = python(f"import sys, muniment.cli.main as m; m.build(); print([h for h in {HEAVY} if h in sys.modules])")
    assert loaded.stdout.strip() == "[]", loaded.stderr


def test_a_command_with_a_module_of_its_name_loads_no_other() -> None:
    loaded = python(
        "import sys, muniment.cli.main as m; m.run(['simulate', '--help']);"
        "print(sorted(n for n in sys.modules if n in ('muniment.cli.simulate', 'muniment.cli.demo')))"
    )
    assert loaded.stdout.splitlines()[-1] == "['muniment.cli.simulate']", loaded.stderr


def test_a_module_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["questions"]) == 2
    assert "queries" in capsys.readouterr().err  # it is near, though declared elsewhere


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("muniment ")


@pytest.mark.parametrize("command", [[], ["ask"], ["who-can-assume"], ["can"], ["who-can"], ["path"], ["status"]])
def test_help_shows_how(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Usage: muniment" in out
    assert command == ["status"] or f"muniment {command[0] if command else 'ask'} " in out


def test_shell_completion() -> None:
    completed = python(
        "from muniment.cli.main import main; main()",
        _MUNIMENT_COMPLETE="complete_bash",
        COMP_WORDS="muniment who-",
        COMP_CWORD="1",
    )
    assert set(completed.stdout.split()) == {"who-can", "who-can-assume"}, completed.stderr


def test_a_settings_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--config", str(tmp_path / "none.toml"), "status"]) == 2
    assert "there is no settings file" in capsys.readouterr().err


def test_an_error_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "sing \x1b]0;owned\x07 to the moon"]) == 2
    captured = capsys.readouterr()
    assert "\x1b" not in captured.err
    assert "\\x1b" in captured.err


def test_log_lines_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    logged = python(
        "import logging; from muniment.cli.log import configure; configure(1, as_json=True);"
        "logging.getLogger('muniment.x').info('read %s', 'one\\ntwo')"
    )
    assert '"message":"read one\\ntwo"' in logged.stderr
    assert logged.stderr.count("\n") == 1
    assert configure


@pytest.mark.parametrize("command", ["queries list", "queries list -f json", "queries list -f csv", "queries show can"])
def test_a_reader_who_has_had_enough_is_no_error(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    source = "from muniment.cli.main import main; main()"
    with os.fdopen(writing, "wb") as nobody:
        ended = subprocess.run(
            [sys.executable, "-c", source, *command.split()], stdout=nobody, stderr=subprocess.PIPE, check=False
        )
    assert (ended.returncode, ended.stderr) == (141, b"")
