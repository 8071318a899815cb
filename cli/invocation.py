"""What every command is given: the global options, and from them the settings and the open graph.

A command asks for it with ``invocation(context)``; nothing is read or opened before it asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from ..settings import Settings

if TYPE_CHECKING:
    from ..graph.database import Database


_OPTIONS = {
    "MUNIMENT_DATA_DIR": "--data-dir",
    "MUNIMENT_DATABASE_URL": "--database-url",
    "MUNIMENT_DATABASE_USER": "--database-user",
    "MUNIMENT_DATABASE_NAME": "--database-name",
    "MUNIMENT_CONFIG": "--config",
}


@dataclass
class Invocation:
    """One run of the command line. ``options`` are named like the environment variables that they override."""

    options: Mapping[str, str | None] = field(default_factory=dict)
    verbosity: int = 0
    json_logs: bool = False

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; SettingsError where one cannot be understood."""
        return Settings.load(os.environ, self.options)

    def arguments(self) -> list[str]:
        """The global options again, as the command line of another process."""
        given = [(name, value) for name, value in self.options.items() if value is not None]
        texts = [text for name, value in given for text in (_OPTIONS[name], value)]
        return [*texts, *["--verbose"] * self.verbosity, *["--json-logs"] * self.json_logs]

    def connect(self, *, start: bool = True) -> Database:
        """Open the graph, starting the embedded engine where need be; the caller closes it."""
        from ..graph.database import connect

        return connect(self.settings, start=start)

    @contextmanager
    def connecting(self) -> Iterator[Callable[[], Database]]:
        """Open the graph while the caller does something else: the engine takes a while to start.

        Yields what waits for the open graph, which is closed at the end. Errors of opening are raised there.
        """
        with ThreadPoolExecutor(1, "connect") as executor:
            opening = executor.submit(self.connect)
            try:
                yield opening.result
            finally:
                if opening.exception() is None:
                    opening.result().close()


def invocation(context: typer.Context) -> Invocation:
    """The global options of the command that is running."""
    found = context.find_object(Invocation)
    if found is None:
        found = context.obj = Invocation()
    return found
