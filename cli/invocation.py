"""What every command is given: the global options, and from them the settings and the open graph.

A command asks for it with ``invocation(context)``; nothing is read or opened before it asks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import typer

from ..settings import Settings

if TYPE_CHECKING:
    from ..graph.database import Database


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

    def connect(self, *, start: bool = True) -> Database:
        """Open the graph, starting the embedded engine where need be; the caller closes it."""
        from ..graph.database import connect

        return connect(self.settings, start=start)


def invocation(context: typer.Context) -> Invocation:
    """The global options of the command that is running."""
    found = context.find_object(Invocation)
    if found is None:
        found = context.obj = Invocation()
    return found
