"""`muniment serve`: the API."""

from __future__ import annotations

from typing import Annotated

import typer

from .invocation import invocation

PORT = 8321


def register(app: typer.Typer) -> None:
    """Add ``muniment serve``."""
    app.command()(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.", min=0, max=65535)] = PORT,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Ask nobody on this machine who is calling; for loopback addresses only.")
    ] = False,
) -> None:
    """Answer GraphQL at /graphql, until Ctrl-C.

    Who asks brings a token, which `muniment token create` makes.
    """
    from ..api.application import application
    from ..api.security.setup import check_binding, hosts, security
    from ..api.server import server, settle
    from ..graph.clock import wall_clock

    authenticated = not no_auth
    check_binding(host, authenticated=authenticated)

    given = invocation(context)
    names = hosts(host, given.settings, authenticated=authenticated)
    database = given.connect()
    secured = security(database, given.settings, wall_clock, authenticated=authenticated)
    serving = server(application(database, given.settings, secured, hosts=names), host, port)
    settle()
    typer.echo(f"GraphQL at http://{host if ':' not in host else f'[{host}]'}:{port}/graphql", err=True)
    serving.run()
