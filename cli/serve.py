"""`muniment serve`: the GraphQL API on this machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

import typer

from ..errors import UsageError
from .invocation import invocation

PORT = 8321


def register(app: typer.Typer) -> None:
    """Add ``muniment serve``."""
    app.command()(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The loopback address to listen on.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.", min=0, max=65535)] = PORT,
) -> None:
    """Answer GraphQL on this machine, at /graphql, until Ctrl-C.

    There is no authentication, so that no address is taken but a loopback one.
    """
    if not _is_loopback(host):
        raise UsageError(
            f"{host} can be reached from elsewhere, and there is no authentication",
            "Listen on 127.0.0.1, and let a proxy that authenticates pass requests on.",
        )
    from ..api.application import application
    from ..api.security.authentication import Authentication
    from ..api.security.caller import LOCAL
    from ..api.server import server, settle

    given = invocation(context)
    database = given.connect()
    serving = server(application(database, given.settings, Authentication(local=LOCAL)), host, port)
    settle()
    typer.echo(f"GraphQL at http://{host if ':' not in host else f'[{host}]'}:{port}/graphql", err=True)
    serving.run()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
