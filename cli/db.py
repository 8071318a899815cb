"""`muniment db`: the database behind the register, started, stopped and shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import UsageError
from .invocation import invocation

if TYPE_CHECKING:
    from ..settings import Settings


class StatusFormat(StrEnum):
    """How the state of the database is shown."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[StatusFormat, typer.Option("--format", help="For people, or for programs.")]


def register(app: typer.Typer) -> None:
    """Add ``muniment db``."""
    db = typer.Typer(no_args_is_help=True)
    db.callback(short_help="Start, stop and look at the embedded database.")(_db)
    db.command()(start)
    db.command()(stop)
    db.command()(status)
    app.add_typer(db, name="db")


def _db() -> None:
    """Start, stop and look at the embedded database.

    It is a process in the background that every command starts when it needs it, and that stops itself when nobody has
    used it for MUNIMENT_IDLE_SECONDS [1800]. MUNIMENT_HEAP bounds its memory [1g], MUNIMENT_QUERY_SECONDS a statement's
    time [120]; changes take effect when it next starts.
    """


def start(context: typer.Context) -> None:
    """Start the embedded database, unless it runs already."""
    settings = _embedded(context)
    with invocation(context).connect() as database:
        typer.echo(f"running at {database.url} on {settings.data_dir}")


def stop(context: typer.Context) -> None:
    """Stop the embedded database in good order."""
    from ..graph import embedded

    settings = _embedded(context)
    typer.echo("stopped" if embedded.stop(settings.data_dir) else "it was not running")


def status(context: typer.Context, output: FormatOption = StatusFormat.TABLE) -> None:
    """Show which database is used and how it is. Starts nothing."""
    settings = invocation(context).settings
    shown = _of_server(settings) if settings.database_url else _of_engine(settings)
    if output is StatusFormat.JSON:
        typer.echo(json.dumps(shown, indent=2))
        return
    for name, value in shown.items():
        if value is not None:
            label, written = _FOR_PEOPLE.get(name, (name.replace("_", " "), str))
            typer.echo(f"{label:<16}{written(value)}")


def _embedded(context: typer.Context) -> Settings:
    settings = invocation(context).settings
    if settings.database_url:
        raise UsageError(
            f"the database is the server at {settings.database_url}, which Muniment neither starts nor stops",
            "Unset MUNIMENT_DATABASE_URL to use the embedded database.",
        )
    return settings


def _of_engine(settings: Settings) -> dict[str, Any]:
    from ..graph import embedded

    found = embedded.status(settings.data_dir)
    state = found.state
    return {
        "engine": "embedded",
        "running": found.running,
        "pid": state.pid if state else None,
        "url": state.url if state else None,
        "data_dir": str(found.data_dir),
        "size_bytes": found.size_bytes,
        "started_at": _timestamp(state.started_at) if state else None,
        "uptime_seconds": round(time.time() - state.started_at) if state else None,
        "idle_seconds": None if found.idle_for is None else round(found.idle_for),
        "stops_after_idle_seconds": state.idle_seconds if state else None,
        "schema_version": _schema_version(settings) if state else None,
    }


def _of_server(settings: Settings) -> dict[str, Any]:
    return {"engine": "neo4j", "url": settings.database_url, "schema_version": _schema_version(settings)}


def _schema_version(settings: Settings) -> int | None:
    from ..graph.database import attach
    from ..graph.migration import version

    with attach(settings, start=False) as database:
        return version(database)


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


_FOR_PEOPLE: dict[str, tuple[str, Callable[[Any], str]]] = {
    "running": ("running", lambda running: "yes" if running else "no"),
    "data_dir": ("data folder", str),
    "size_bytes": ("size", lambda size: f"{size / 1_000_000:.1f} MB"),
    "uptime_seconds": ("up for", _duration),
    "idle_seconds": ("idle for", _duration),
    "stops_after_idle_seconds": ("stops after", _duration),
}
