"""The command ``muniment``: finds its commands, takes the global options, turns errors into words and exit codes.

Every module in this folder that has a ``register(app)`` adds commands by it. Such a module imports at its top only what
declaring the commands needs; what running them needs is imported when they run, so that a question is answered at once.

Exit codes: 0 answered; 1 error; 2 bad usage or ambiguous; 3 answered but incomplete; 141 where whoever read the output,
such as ``head``, had enough of it: what a shell says of a program that SIGPIPE ended.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Annotated

import typer

from .. import __version__, cli
from ..errors import MunimentError
from .invocation import Invocation
from .rendering.text import printable

NEWLINES = "\n\t"
DRIVER = 2
"""How often ``-v`` is given before the database's driver is heard."""
READER_GONE = 128 + 13
"""The exit code after SIGPIPE."""

SUMMARY = """\
The register of a cloud estate: who may do what, what is exposed, who answers for it, and the evidence.

\b
    muniment demo                              an estate to try it on
    muniment ingest aws                        read your own
    muniment ask "who can assume prod admin"   and ask

Exit codes: 0 answered, 1 error, 2 bad usage or an ambiguous name, 3 answered but from incomplete knowledge.
"""


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """The application with every command of this folder; of a module that is named as the command that the arguments
    begin with, only with that: to declare all the others takes a sixth of the shortest command."""
    modules = dict(_command_modules())
    asked = modules.get(arguments[0]) if arguments else None
    if asked:
        app = _application()
        import_module(asked).register(app)
        if arguments[0] in _names(app):
            return app
    app = _application()
    for name in modules.values():
        import_module(name).register(app)
    return app


def _application() -> typer.Typer:
    """The application with its global options and without commands."""
    app = typer.Typer(
        name="muniment",
        help=SUMMARY,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_globals)
    return app


def _names(app: typer.Typer) -> set[str | None]:
    """What stands first in the command lines of an application: its commands and groups of them."""
    commands = {command.name or getattr(command.callback, "__name__", None) for command in app.registered_commands}
    return commands | {group.name for group in app.registered_groups}


def _command_modules() -> Iterator[tuple[str, str]]:
    """Modules that say ``def register(``, by the name that a command of theirs would have; told by their text, so that
    the others are not imported for nothing."""
    for found in iter_modules(cli.__path__):
        name = f"{cli.__name__}.{found.name}"
        spec = find_spec(name)
        loader = spec.loader if spec else None
        if isinstance(loader, InspectLoader) and "\ndef register(" in (loader.get_source(name) or ""):
            yield found.name.replace("_", "-"), name


def main() -> None:
    """Run the command line of this process and exit."""
    code = run()
    gc.freeze()  # Else all that is left would be gone through for garbage before it is given up.
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        # Threads of a run that ended early wait for answers of AWS, for minutes; nobody wants those answers any more.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run one command line; the exit code. Errors go to standard error, one message and one hint."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written goes nowhere, rather than into the same error when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return code


def _run(arguments: list[str] | None) -> int:
    """The exit code of one command line; BrokenPipeError where nobody reads its output any more."""
    try:
        given = sys.argv[1:] if arguments is None else arguments
        build(given)(args=given, prog_name="muniment")
    except MunimentError as error:
        typer.echo(f"error: {printable(error.message, keep=NEWLINES)}", err=True)
        if error.hint:
            typer.echo(f"hint: {printable(error.hint, keep=NEWLINES)}", err=True)
        return error.exit_code
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None  # Typer and Rich make it an exit with 1
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"muniment {__version__}")
        raise typer.Exit


def _globals(
    context: typer.Context,
    data_dir: Annotated[
        str | None, typer.Option(help="Folder of the embedded engine.", show_default=False, metavar="DIR")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="A Neo4j server instead of it: bolt://…, neo4j://…, neo4j+s://….", metavar="URL")
    ] = None,
    database_user: Annotated[
        str | None, typer.Option(help="Its user; the password only by MUNIMENT_DATABASE_PASSWORD.", metavar="NAME")
    ] = None,
    database_name: Annotated[str | None, typer.Option(help="The database on that server.", metavar="NAME")] = None,
    config: Annotated[str | None, typer.Option(help="The settings file, muniment.toml.", metavar="FILE")] = None,
    queries: Annotated[
        str | None, typer.Option(help="A folder of questions of your own; several with : between.", metavar="DIR")
    ] = None,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Say more; twice, everything.", show_default=False)
    ] = 0,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON on standard error.")] = False,
    version: Annotated[  # noqa: ARG001 - acted on by its callback
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    context.obj = Invocation(
        {
            "MUNIMENT_DATA_DIR": data_dir,
            "MUNIMENT_DATABASE_URL": database_url,
            "MUNIMENT_DATABASE_USER": database_user,
            "MUNIMENT_DATABASE_NAME": database_name,
            "MUNIMENT_CONFIG": config,
            "MUNIMENT_QUERIES": queries,
        },
        verbosity=verbose,
        json_logs=json_logs,
    )
    if verbose < DRIVER:
        # It tells of every connection that is lost and every transaction that is tried again; what comes of it in the
        # end is told by whoever asked.
        logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    if verbose or json_logs:
        from .log import configure

        configure(verbose, as_json=json_logs)


if __name__ == "__main__":
    main()
