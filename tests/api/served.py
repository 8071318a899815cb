"""`muniment serve` in a process of its own, as it is started by those who run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from muniment.settings import Settings

READY = re.compile(r"GraphQL at (\w+)://([^/]+)/graphql")

UNHURRIED = """
[api.rates]
requests = "1000000/second"
cost = "1000000000/second"
strangers = "1000000/second"
"""
"""Tests ask as much as they like."""


@contextmanager
def serving(
    settings: Settings,
    *options: str,
    authenticated: bool = False,
    table: str = "",
    more: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Its address, without the scheme, and its process; it is stopped at the end, if it did not end itself.

    ``table`` is put into its settings file, ``more`` into its environment.
    """
    asked = [] if authenticated else ["--no-auth"]
    command = [str(Path(sys.executable).with_name("muniment")), "serve", *asked, "--port", "0", *options]
    config = settings.data_dir / "served.toml"
    config.write_text(UNHURRIED + table, encoding="utf-8")
    environment = {
        **os.environ,
        **(more or {}),
        "MUNIMENT_CONFIG": str(config),
        "MUNIMENT_DATA_DIR": str(settings.data_dir),
        "MUNIMENT_HEAP": settings.engine_heap,
        "MUNIMENT_IDLE_SECONDS": str(settings.engine_idle_seconds),
    }
    if settings.database_url:
        environment |= {
            "MUNIMENT_DATABASE_URL": settings.database_url,
            "MUNIMENT_DATABASE_USER": settings.database_user,
            "MUNIMENT_DATABASE_PASSWORD": settings.database_password,
        }
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            said = ""
            while (found := READY.search(said)) is None:
                line = process.stderr.readline()
                assert line, f"it ended: {said}"
                said += line
            yield found[2], process
        finally:
            process.terminate()
            process.wait(30)
