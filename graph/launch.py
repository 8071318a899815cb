"""How the embedded engine's Java process is configured: its command, its users, what each may do, where it logs.

No password is ever on a command line or in the environment, where other users of the machine can read them: the engine
gets hashes, in a file that only the owner can read, and new ones at every start.

ArcadeDB's settings: https://docs.arcadedb.com/#settings
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..errors import DatabaseUnavailable
from ..settings import HEAP, IDLE_SECONDS, QUERY_SECONDS, Settings
from .messages import MESSAGE_BYTES

DATABASE = "muniment"
"""The name of the one database in a data folder."""

WRITER = "root"
READER = "reader"

_HASH_ROUNDS = 1000
"""Few, on purpose: the passwords are 192 random bits, which stretching cannot make harder to guess."""

_LOG_BYTES = 5_000_000
_LOG_FILES = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen about the engine; it takes effect when the engine next starts."""

    heap: str = HEAP
    """The most memory for Java's heap, as Java writes it: ``512m``, ``4g``."""
    query_seconds: float = QUERY_SECONDS
    """The longest that one statement may run."""
    idle_seconds: float = IDLE_SECONDS
    """Without connections for so long, the engine stops itself."""

    @classmethod
    def of(cls, settings: Settings) -> Options:
        """As the settings say."""
        return cls(settings.engine_heap, settings.engine_query_seconds, settings.engine_idle_seconds)


def command(data_dir: Path, bolt_port: int, http_port: int, options: Options) -> list[str]:
    """The command line that runs the engine on a data folder, listening on loopback only."""
    settings = {
        "arcadedb.server.rootPath": data_dir,
        "arcadedb.server.logsDirectory": data_dir / "log",
        "arcadedb.server.mode": "development",
        "arcadedb.opencypher.loadCsv.allowFileUrls": "false",
        "arcadedb.opencypher.loadCsv.allowRemoteUrls": "false",
        "arcadedb.server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "arcadedb.server.defaultDatabases": f"{DATABASE}[]",
        "arcadedb.server.httpIncomingHost": "127.0.0.1",
        "arcadedb.server.httpIncomingPort": http_port,
        "arcadedb.bolt.host": "127.0.0.1",
        "arcadedb.bolt.port": bolt_port,
        "arcadedb.bolt.defaultDatabase": DATABASE,
        "arcadedb.bolt.maxMessageSize": MESSAGE_BYTES,
        "arcadedb.txWalFlush": 2,
        "arcadedb.command.timeout": round(options.query_seconds * 1000),
        "arcadedb.indexDefaultPageSize": 65536,
        "arcadedb.support.autoRegister": "false",
        "arcadedb.serverMetrics": "false",
        "arcadedb.server.healthCheck.enabled": "false",
        "java.util.logging.config.file": data_dir / "config" / "logging.properties",
    }
    home = _package()
    return [
        str(home / "jre" / "bin" / "java"),
        f"-Xmx{options.heap}",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={data_dir / 'log' / 'crash.log'}",
        "--add-modules=jdk.incubator.vector",
        *(f"-D{name}={value}" for name, value in settings.items()),
        "-cp",
        str(home / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def write_configuration(data_dir: Path) -> dict[str, str]:
    """Write the engine's users, their rights and its logging; the new passwords by user.

    The reader's group has ``readRecord`` and nothing else: the engine itself refuses whatever would change data or
    schema, where a read session of the driver would not.
    """
    passwords = {WRITER: secrets.token_urlsafe(24), READER: secrets.token_urlsafe(24)}
    users = (
        {"name": WRITER, "databases": {"*": ["admin"]}, "password": _hashed(passwords[WRITER])},
        {"name": READER, "databases": {DATABASE: ["reader"]}, "password": _hashed(passwords[READER])},
    )
    everything = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
    administration = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]
    groups = {
        "*": {"groups": {"admin": _group(administration, everything), "*": _group([], [])}},
        DATABASE: {"groups": {"admin": _group(administration, everything), "reader": _group([], ["readRecord"])}},
    }
    config = data_dir / "config"
    config.mkdir(mode=0o700, exist_ok=True)
    write_private(config / "server-users.jsonl", "".join(json.dumps(user) + "\n" for user in users))
    write_private(config / "server-groups.json", json.dumps({"databases": groups, "version": 2}))
    write_private(config / "logging.properties", _logging(data_dir / "log"))
    return passwords


def write_private(path: Path, text: str) -> None:
    """Replace a file at once by one that only its owner can read."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def _package() -> Path:
    found = find_spec("arcadedb_embedded")
    if found is None or found.origin is None:
        raise DatabaseUnavailable(
            "the embedded engine is not installed",
            "Install the package arcadedb-embedded, or set MUNIMENT_DATABASE_URL to use a Neo4j server.",
        )
    return Path(found.origin).parent


def _hashed(password: str) -> str:
    """As the engine keeps it: algorithm, rounds, salt and PBKDF2 hash. The salt's text, not its bytes, is hashed."""
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    derived = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _HASH_ROUNDS, 32)
    return f"PBKDF2WithHmacSHA256${_HASH_ROUNDS}${salt}${base64.b64encode(derived).decode()}"


def _group(access: list[str], records: list[str]) -> dict[str, object]:
    return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": records}}}


def _logging(folder: Path) -> str:
    return f"""\
handlers = java.util.logging.FileHandler
.level = WARNING
com.arcadedb.level = INFO
java.util.logging.FileHandler.pattern = {folder.as_posix()}/engine.%g.log
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.limit = {_LOG_BYTES}
java.util.logging.FileHandler.count = {_LOG_FILES}
"""
