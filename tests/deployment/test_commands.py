"""What the templates have Muniment do is what it can do."""

from __future__ import annotations

import re

import pytest
from muniment.cli.main import build
from typer.testing import CliRunner

from .documents import ROOT, commands

COMMANDS = commands()


def test_every_template_runs_something() -> None:
    assert len(COMMANDS) == 12


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_is_one(name: str) -> None:
    said = CliRunner().invoke(build(), [*COMMANDS[name], "--help"])
    assert said.exit_code == 0, said.output


@pytest.mark.parametrize("name", [name for name, words in COMMANDS.items() if "serve" in words])
def test_nobody_is_let_in_without_a_token(name: str) -> None:
    assert "--no-auth" not in COMMANDS[name]


def test_every_setting_is_one() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    paths = [ROOT / "docker-compose.yml", *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
    named = {name for path in paths for name in re.findall(r"MUNIMENT_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert {name for name in named if f"`{name}`" not in documented} == set()
