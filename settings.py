"""Settings: from the environment, from ``muniment.toml``, from options, each overriding the one before.

The settings file is ``MUNIMENT_CONFIG`` where that is set, else ``muniment.toml`` in the working folder, else the one
in the platform's configuration folder.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import platformdirs

from .errors import SettingsError

APPLICATION = "muniment"

HEAP = "1g"
QUERY_SECONDS = 120.0
IDLE_SECONDS = 1800.0

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Settings:
    """What every command needs to know before it starts."""

    data_dir: Path
    """Where the embedded engine keeps its data and state."""
    database_url: str | None = None
    """A Neo4j server; without it the embedded engine is used."""
    database_user: str = "neo4j"
    database_password: str = field(default="", repr=False)
    database_name: str | None = None
    """The database on that server; without it the user's home database."""
    engine_heap: str = HEAP
    """The embedded engine's largest heap, as Java writes it: ``512m``, ``4g``."""
    engine_query_seconds: float = QUERY_SECONDS
    """The longest that one statement may run on the embedded engine, and one read on Neo4j."""
    engine_idle_seconds: float = IDLE_SECONDS
    """Unused for so long, the embedded engine stops itself."""
    query_folders: tuple[Path, ...] = ()
    """Folders with saved questions of one's own."""
    api_proxies: tuple[str, ...] = ()
    """Proxies that the API believes, where the settings file names none."""
    file: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The settings file as parsed, for the parts that have tables of their own in it."""

    @classmethod
    def load(cls, environment: Mapping[str, str], options: Mapping[str, str | None] | None = None) -> Settings:
        """Put the three sources together; SettingsError where one cannot be understood.

        ``options`` and ``environment`` use the same names: ``MUNIMENT_DATA_DIR`` and so on.
        """
        given = {name: value for name, value in (options or {}).items() if value is not None}
        path = _settings_file(given.get("MUNIMENT_CONFIG") or environment.get("MUNIMENT_CONFIG"))
        file = _parse(path) if path else {}
        database = _table(file, "database")

        def setting(name: str, from_file: object) -> str | None:
            for value in (given.get(name), from_file, environment.get(name)):
                if value not in (None, ""):
                    return str(value)
            return None

        data_dir = setting("MUNIMENT_DATA_DIR", file.get("data_dir"))
        return cls(
            data_dir=Path(data_dir).expanduser() if data_dir else platformdirs.user_data_path(APPLICATION),
            database_url=setting("MUNIMENT_DATABASE_URL", database.get("url")),
            database_user=setting("MUNIMENT_DATABASE_USER", database.get("user")) or "neo4j",
            database_password=setting("MUNIMENT_DATABASE_PASSWORD", database.get("password")) or "",
            database_name=setting("MUNIMENT_DATABASE_NAME", database.get("name")),
            engine_heap=_heap(setting("MUNIMENT_HEAP", database.get("heap"))),
            engine_query_seconds=_seconds(
                setting("MUNIMENT_QUERY_SECONDS", database.get("query_seconds")), QUERY_SECONDS
            ),
            engine_idle_seconds=_seconds(setting("MUNIMENT_IDLE_SECONDS", database.get("idle_seconds")), IDLE_SECONDS),
            query_folders=_folders(
                given.get("MUNIMENT_QUERIES"), _table(file, "queries"), path, environment.get("MUNIMENT_QUERIES")
            ),
            api_proxies=tuple(
                one.strip() for one in environment.get("MUNIMENT_API_PROXIES", "").split(",") if one.strip()
            ),
            file=file,
        )

    def table(self, name: str) -> Mapping[str, Any]:
        """One table of the settings file; empty where the file has none of that name."""
        return _table(self.file, name)


def _settings_file(named: str | None) -> Path | None:
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"there is no settings file at {path}", "Mend MUNIMENT_CONFIG or --config.")
        return path
    for path in (Path("muniment.toml"), platformdirs.user_config_path(APPLICATION) / "muniment.toml"):
        if path.is_file():
            return path
    return None


def _parse(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error}", "It must be TOML in UTF-8.") from error


def _folders(
    option: str | None, table: Mapping[str, Any], file: Path | None, environment: str | None
) -> tuple[Path, ...]:
    """Folders of questions. Those of the settings file are relative to it, others to the working folder."""
    if unknown := table.keys() - {"folders"}:
        raise SettingsError(f"[queries] in the settings file has unknown keys: {', '.join(sorted(unknown))}")
    if not option and file and "folders" in table:
        named = table["folders"]
        if not isinstance(named, list) or not all(isinstance(name, str) and name for name in named):
            raise SettingsError("queries.folders in the settings file is not a list of texts", 'Write ["questions"].')
        return tuple(file.absolute().parent / Path(name).expanduser() for name in named)
    named = (option or environment or "").split(os.pathsep)
    return tuple(Path(name).expanduser().absolute() for name in named if name)


def _heap(given: str | None) -> str:
    if given is not None and not re.fullmatch(r"[1-9]\d*[kmgKMG]", given):
        raise SettingsError(f"the heap {given!r} is not a size", "Write it as 512m or 4g: MUNIMENT_HEAP.")
    return given or HEAP


def _seconds(given: str | None, usual: float) -> float:
    try:
        seconds = usual if given is None else float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise SettingsError(
            f"{given!r} is not a number of seconds above zero", "Mend MUNIMENT_QUERY_SECONDS or MUNIMENT_IDLE_SECONDS."
        )
    return seconds


def _table(file: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = file.get(name, {})
    if not isinstance(table, Mapping):
        raise SettingsError(f"{name!r} in the settings file is not a table", f"Write it as [{name}].")
    return table


def duration(given: object, named: str) -> timedelta:
    """A length of time as settings write it: ``90s``, ``15m``, ``6h``, ``1h30m``, ``7d``, ``2w``; ``0s`` is none.

    SettingsError for anything else, a bare number too: it does not say of what. ``named`` is the setting.
    """
    if isinstance(given, str) and re.fullmatch(r"(?:[0-9]{1,7}[smhdw]){1,5}", given):
        total = timedelta()
        for count, unit in re.findall(r"([0-9]+)([smhdw])", given):
            total += timedelta(**{_UNITS[unit]: int(count)})
        if total <= _LONGEST:
            return total
    raise SettingsError(f"{named} is {given!r}, which is no length of time", "Write it as 90s, 15m, 6h, 1h30m or 7d.")
