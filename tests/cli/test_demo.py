"""`muniment demo`: the whole of it, and whose folder it may empty."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from muniment.graph import embedded

MUNIMENT = str(Path(sys.executable).with_name("muniment"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose engine is stopped at the end."""
    yield tmp_path / "demo"
    embedded.stop(tmp_path / "demo")


def muniment(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command as a process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MUNIMENT_"))}
    return subprocess.run(
        [MUNIMENT, *arguments], env={**kept, **environment}, capture_output=True, text=True, timeout=240, check=False
    )


def test_it_ends_with_a_graph_that_answers_as_printed(folder: Path) -> None:
    ran = muniment("--data-dir", str(folder), "demo")
    assert ran.returncode == 0, ran.stderr
    assert "muniment ask 'who can assume prod admin'" in ran.stdout
    assert "everything that this rests on was read" in ran.stdout
    settings = folder / "muniment-demo.toml"
    assert f"export MUNIMENT_CONFIG={settings}" in ran.stdout

    asked = muniment("ask", "who can assume prod admin", "--format", "json", MUNIMENT_CONFIG=str(settings))
    assert asked.returncode == 0
    assert "payments-breakfix" in asked.stdout


def test_it_never_empties_the_folder_of_somebody_else(folder: Path) -> None:
    folder.mkdir()
    (folder / "precious").touch()
    ran = muniment("--data-dir", str(folder), "demo")
    assert ran.returncode == 2
    assert "is not the demo's" in ran.stderr
    assert (folder / "precious").exists()
