"""`muniment serve`: the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .invocation import invocation
from .schedule import keeping_schedules

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
    tls_cert: Annotated[
        Path | None, typer.Option(help="The certificate, and those that signed it: TLS 1.2 or newer.", metavar="FILE")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key.", metavar="FILE")] = None,
    schedule: Annotated[
        bool, typer.Option("--schedule", help="Keep the schedules of muniment.toml too, as `muniment schedule`.")
    ] = False,
) -> None:
    """Answer GraphQL at /graphql, until Ctrl-C or SIGTERM, after which what is under way is still answered.

    Who asks brings a token, which `muniment token create` makes.
    Exit code 0; with --schedule 130 or 143 where a run was interrupted.
    """
    from ..api.application import application
    from ..api.security.setup import check_binding, hosts, is_loopback, security
    from ..api.server import encrypted, listen, server, settle
    from ..graph.clock import wall_clock
    from ..graph.lasting import LastingDatabase

    authenticated = not no_auth
    check_binding(host, authenticated=authenticated)

    tls = encrypted(tls_cert, tls_key)
    listening = listen(host, port)
    given = invocation(context)
    names = hosts(host, given.settings, authenticated=authenticated)
    database = LastingDatabase(given.settings)
    secured = security(database, given.settings, wall_clock, authenticated=authenticated)
    serving = server(application(database, given.settings, secured, hosts=names), tls)
    settle()
    where = f"{host if ':' not in host else f'[{host}]'}:{listening.getsockname()[1]}"
    typer.echo(f"GraphQL at {'https' if tls else 'http'}://{where}/graphql", err=True)
    if not tls and not is_loopback(host):
        typer.echo("warning: tokens come unencrypted; give --tls-cert, or have a proxy encrypt them", err=True)
    with keeping_schedules(given, wanted=schedule):
        serving.run([listening])
