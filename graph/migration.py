"""Brings a database to the declared schema, or refuses one that cannot be brought there.

The ``Register`` node holds the version and the fingerprint of what was applied last: a later connection asks one small
question and does nothing more.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from .. import schema
from ..errors import DatabaseError, DatabaseUnavailable, SchemaMismatch
from . import constraints, embedded, launch
from .failures import explained

if TYPE_CHECKING:
    from .database import Database

MIGRATIONS: Mapping[int, tuple[str, ...]] = {}
"""Cypher that carries the data of a version to the next, by the version it starts from."""

_APPLIED = """
MATCH (r:Register {id: 'register'})
RETURN r.schema_version AS version, r.schema_fingerprint AS fingerprint
"""
_NOTE = """
MERGE (r:Register {id: 'register'})
SET r.schema_version = $version, r.schema_fingerprint = $fingerprint
"""


def ensure(database: Database) -> None:
    """Apply the declarations unless they are applied already, or another process does so meanwhile.

    SchemaMismatch when the database was written by a newer version, by an older one that has no way here, or holds
    something that Muniment did not write.
    """
    declare = constraints.embedded_statements if database.state else constraints.neo4j_statements
    statements = declare(schema.SCHEMA)
    wanted = [{"version": schema.SCHEMA_VERSION, "fingerprint": constraints.fingerprint(statements)}]
    applied = database.read(_APPLIED)
    if applied == wanted:
        return
    try:
        _apply(database, statements, _steps(database, applied))
        _run(database, _NOTE, **wanted[0])
    except DatabaseError:
        if database.read(_APPLIED) != wanted:
            raise


def _apply(database: Database, statements: tuple[str, ...], steps: list[str]) -> None:
    for step in steps:
        _run(database, step)
    if database.state:
        _declare_over_http(database.state, statements)
    else:
        database.write(lambda tx: [tx.run(statement).consume() for statement in statements])
        _run(database, "CALL db.awaitIndexes(300)")


def version(database: Database) -> int | None:
    """The schema version of what the database holds; None while it holds nothing."""
    applied = database.read(_APPLIED)
    return applied[0]["version"] if applied else None


def _steps(database: Database, applied: list[dict[str, Any]]) -> list[str]:
    """The statements that carry the data from the version found to the present one."""
    if not applied:
        _refuse_foreign(database)
        return []
    found = applied[0]["version"]
    if found > schema.SCHEMA_VERSION:
        raise SchemaMismatch(
            f"the database at {database.url} has schema version {found}; this Muniment knows {schema.SCHEMA_VERSION}",
            "Use the newer Muniment that wrote it, or give this one another database.",
        )
    missing = [version for version in range(found, schema.SCHEMA_VERSION) if version not in MIGRATIONS]
    if missing:
        raise SchemaMismatch(
            f"the database at {database.url} has schema version {found}, which cannot be carried to "
            f"{schema.SCHEMA_VERSION}",
            "Ingest again into an empty database (another MUNIMENT_DATA_DIR or MUNIMENT_DATABASE_NAME).",
        )
    return [statement for version in range(found, schema.SCHEMA_VERSION) for statement in MIGRATIONS[version]]


def _refuse_foreign(database: Database) -> None:
    found = database.read("MATCH (n) RETURN labels(n) AS labels LIMIT 1")
    if found:
        raise SchemaMismatch(
            f"the database at {database.url} holds something else already: a node {':'.join(found[0]['labels'])}",
            "Give Muniment a database of its own.",
        )


def _run(database: Database, statement: str, **parameters: Any) -> None:
    database.write(lambda tx: tx.run(statement, parameters).consume())


def _declare_over_http(state: embedded.State, statements: tuple[str, ...]) -> None:
    """Types with inheritance exist in the engine's SQL only, which it takes over HTTP."""
    credentials = base64.b64encode(f"{launch.WRITER}:{state.passwords[launch.WRITER]}".encode()).decode()
    script = json.dumps({"language": "sqlscript", "command": ";\n".join(statements) + ";"})
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {credentials}"}
    connection = HTTPConnection("127.0.0.1", state.http_port, timeout=300)
    try:
        connection.request("POST", f"/api/v1/command/{launch.DATABASE}", script, headers)
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise DatabaseUnavailable(f"the embedded engine stopped answering: {error}", "Try again.") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise explained(DatabaseError(f"the schema: {said[:500]}"), state.url, launch.WRITER, state.data_dir)
