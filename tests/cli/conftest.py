"""The command line, run in this process against the embedded engine of all tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from muniment.cli.main import run
from muniment.graph.database import Database
from muniment.settings import Settings

from ..queries import estate


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Muniment = Callable[..., Ran]


@pytest.fixture
def muniment(
    embedded_settings: Settings, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Muniment:
    """Runs one command line on the graph of the tests."""
    for name in ("MUNIMENT_DATABASE_URL", "MUNIMENT_CONFIG", "COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str) -> Ran:
        capfdbinary.readouterr()
        code = run(["--data-dir", str(embedded_settings.data_dir), *arguments])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return command


@pytest.fixture(scope="module")
def filled(embedded_connection: Database) -> Database:
    """The estate of the questions' tests, written once for a module."""
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    estate.fill(embedded_connection)
    return embedded_connection
