"""`muniment token`: who may ask the API."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import UsageError
from .invocation import Invocation, invocation
from .rendering.text import printable

if TYPE_CHECKING:
    from ..api.security.token_store import Token
    from ..graph.database import Database


class RoleOption(StrEnum):
    """What a token is for."""

    READER = "reader"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMIN = "admin"


class ListFormat(StrEnum):
    """How tokens are shown."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add ``muniment token``."""
    token = typer.Typer(no_args_is_help=True)
    token.callback(short_help="Make, list and revoke tokens of the API.")(_token)
    token.command()(create)
    token.command("list")(list_)
    token.command()(revoke)
    app.add_typer(token, name="token")


def _token() -> None:
    """Make, list and revoke tokens of the API.

    They are kept in the graph, as hashes: all processes of the API know the same ones.
    """


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for: siem, alice-laptop.", metavar="NAME")],
    role: Annotated[RoleOption, typer.Option(help="What it may do.")],
    expires: Annotated[str, typer.Option(help="How long it is good for: 90d, 12h, 4w; 365d at most.")] = "90d",
    account: Annotated[
        list[str] | None,
        typer.Option(help="Limit it to this account, by id or name; repeatable.", show_default=False),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            help="Limit it to the accounts of this organizational unit, by id, ARN, name or path of names; repeatable.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a token and print it, this once.

    The token alone goes to standard output: `TOKEN=$(muniment token create siem --role auditor)`.
    """
    from ..api.security.permissions import Role
    from ..api.security.token_store import TokenStore
    from ..graph.clock import wall_clock
    from ..settings import duration

    if not re.fullmatch(r"[\w.@+-][\w.@+ -]{0,99}", name):
        raise UsageError(f"{name!r} is no name for a token", "Letters, digits and . @ + - _, a hundred at most.")
    given = invocation(context)
    with given.connect() as database:
        accounts = _accounts(database, given, account) if account else None
        units = _units(database, unit) if unit else None
        store = TokenStore(database, wall_clock)
        text, made = store.create(name, Role(role.value), duration(expires, "--expires"), accounts, units)
        try:
            _record(given, "token created", made)
        except BaseException:
            store.revoke(made.id)
            raise
    limits = f", limited to {', '.join((*made.accounts, *made.units))}" if made.limited else ""
    typer.echo(f"token {made.id} for {name}: {made.role}{limits}; good until {made.expires_at}", err=True)
    typer.echo("It is shown this once, and kept nowhere:", err=True)
    typer.echo(text)


def list_(
    context: typer.Context,
    output: Annotated[ListFormat, typer.Option("--format", help="For people, or for programs.")] = ListFormat.TABLE,
) -> None:
    """List all tokens that were ever made."""
    from ..api.security.token_store import TokenStore
    from ..graph.clock import timestamp, wall_clock

    with invocation(context).connect() as database:
        found = TokenStore(database, wall_clock).all()
    now = timestamp(wall_clock())
    rows = [_shown(token, now) for token in found]
    if output is ListFormat.JSON:
        typer.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        typer.echo("There is no token. Make one: muniment token create NAME --role reader")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "name", "role", "sees", "state", "expires", "last used", box=None, header_style="bold")
    for row in rows:
        sees = ", ".join([*row["accounts"], *row["units"]]) if row["limited"] else "everything"
        cells = (row["id"], row["name"], row["role"], sees or "nothing", row["state"], row["expires_at"])
        table.add_row(*(Text(printable(cell)) for cell in (*cells, row["last_used_at"] or "never")))
    Console(width=max(Console().width, _WIDTH)).print(table)


def revoke(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(help="The token's id, as `token list` shows it.", metavar="ID")],
) -> None:
    """Revoke a token. Every process of the API refuses it within five seconds."""
    from ..api.security.token_store import TokenStore
    from ..graph.clock import wall_clock

    given = invocation(context)
    with given.connect() as database:
        store = TokenStore(database, wall_clock)
        name = store.revoke(id_)
        _record(given, "token revoked", next(token for token in store.all() if token.id == id_))
    typer.echo(f"revoked {id_} ({printable(name)})")


_WIDTH = 130
"""Columns in which no time is cut."""


def _accounts(database: Database, given: Invocation, named: list[str]) -> list[str]:
    from ..errors import AmbiguousName, NotFound
    from ..queries.atlas import Atlas

    atlas = Atlas.load(database, given.settings.table("environments"))
    ids: list[str] = []
    for text in named:
        found = atlas.called(text)
        if not found:
            raise NotFound(f"no account is called {text!r}", "`muniment queries run accounts` lists them.")
        if len(found) > 1:
            raise AmbiguousName(text, tuple(sorted(found)))
        ids += found
    return sorted(set(ids))


def _units(database: Database, named: list[str]) -> list[str]:
    from ..errors import AmbiguousName, NotFound

    rows = database.read(
        "MATCH (u:OrganizationalUnit) WHERE u.unit_id IS NOT NULL "
        "RETURN u.id AS id, u.unit_id AS unit, u.name AS name, u.path_names AS path"
    )
    ids: list[str] = []
    for text in named:
        found = {
            row["unit"] for row in rows if text in (row["id"], row["unit"], row["name"], "/".join(row["path"] or ()))
        }
        if not found:
            raise NotFound(f"no organizational unit is called {text!r}", "Name it by its id (ou-…), ARN or name.")
        if len(found) > 1:
            raise AmbiguousName(text, tuple(sorted(found)))
        ids += found
    return sorted(set(ids))


def _shown(token: Token, now: str) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": str(token.role),
        "limited": token.limited,
        "accounts": list(token.accounts),
        "units": list(token.units),
        "state": token.state(now),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }


def _record(given: Invocation, event: str, token: Token) -> None:
    """Record it in the audit log, beside what is asked with it."""
    from ..api.security.audit import AuditLog
    from ..api.security.options import Options
    from ..graph.clock import wall_clock

    log = AuditLog(Options.of(given.settings).audit, wall_clock)
    limits = {"accounts": list(token.accounts), "units": list(token.units)} if token.limited else {}
    made = {"token": token.id, "name": token.name, "role": str(token.role), "expires_at": token.expires_at, **limits}
    log.add(event, who=_who(), by="command line", **made)
    log.close()


def _who() -> str:
    """Whose process this is, and not who a variable says: by number where no name is known, as in a container."""
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
