"""`muniment demo`: an organization that never was, read and questioned as a real one would be."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .invocation import Invocation, invocation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SETTINGS = "muniment-demo.toml"
"""The settings file in the demo's data folder. It also says: the demo made this folder, and may make it anew."""

ROLE = "MunimentCollector"
"""The role that the demo makes in every account for the collector."""

REGION = "eu-west-1"
"""The region in which the demo has things; the organization's policies deny the others."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the demo shows: why, and the command that a person would type."""

    why: str
    command: tuple[str, ...]
    head: int = 0
    """Lines to show of a long answer; 0 for all of it."""
    section: str = ""
    """A line of it from which more is shown, up to the next empty one."""


STEPS = (
    Step("Read it, as a real organization is read.", ("ingest", "aws", "--role-name", ROLE, "--regions", REGION)),
    Step(
        "The question that took an afternoon. Every row follows from trust policies, identity policies, boundaries and "
        "SCPs together, and says how sure it is.",
        ("ask", "who can assume prod admin"),
        head=9,
        section="payments-prod/payments-breakfix",
    ),
    Step(
        "One of those answers, hop by hop: from a load generator of a development account to payments in production.",
        ("path", "payments-load-generator", "payments-breakfix"),
    ),
    Step("Who may do one thing, by whatever policy.", ("who-can", "iam:CreateUser", "*"), head=12),
    Step("And how much of the estate all of this rests on.", ("status",), head=10),
)

NEXT = (
    ("who-can-assume", "spendlens-cost-optimizer", "--explain"),
    ("can", "developer-self-service", "iam:CreateRole", "*", "--explain"),
    ("ask", "who can assume warehouse-prod admin"),
    ("queries", "run", "public-resources"),
    ("queries", "run", "access-to", "--param", "resource=payments-api/database"),
    ("ask", "who can assume prod admin", "--format", "json"),
    ("queries", "list"),
)


def register(app: typer.Typer) -> None:
    """Add ``muniment demo``."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    keep_server: Annotated[
        bool, typer.Option("--keep-server", help="Leave the emulated AWS running until Ctrl-C, to ingest from again.")
    ] = False,
) -> None:
    """Build an organization in an emulated AWS, ingest it, and ask who can become its production's administrator.

    The graph goes to a folder of its own (or to --data-dir), never into one that holds anything else.
    """
    from rich.console import Console

    from ..demo.server import Emulator

    started = time.monotonic()
    console = Console(highlight=False)
    settings = _make_anew(_folder(invocation(context)))
    shown = {"COLUMNS": str(console.width), **({"FORCE_COLOR": "1"} if console.is_terminal else {})}
    own = {"MUNIMENT_CONFIG": str(settings), **shown}
    with Emulator() as emulator, _environment({**emulator.environment, **own}):
        _build(console, emulator.endpoint)
        for step in STEPS:
            _run(console, step)
        _farewell(console, settings, time.monotonic() - started)
        if keep_server:
            _serve(console, emulator.environment)


def _folder(given: Invocation) -> Path:
    """The data folder that was asked for; without one, a folder beside the user's own. Never a Neo4j server."""
    chosen = given.options.get("MUNIMENT_DATA_DIR") or os.environ.get("MUNIMENT_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    own = given.settings.data_dir.absolute()
    return own.with_name(f"{own.name}-demo")


def _make_anew(folder: Path) -> Path:
    """Empty the demo's folder, and say where its settings are; UsageError if the demo did not make what it holds."""
    from ..errors import UsageError
    from ..graph import embedded

    settings = folder / SETTINGS
    if folder.exists() and any(folder.iterdir()):
        if not settings.is_file():
            raise UsageError(
                f"{folder} holds something that is not the demo's", "Give the demo a folder of its own by --data-dir."
            )
        embedded.stop(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"# Made by `muniment demo`.\ndata_dir = {json.dumps(str(folder))}\n", encoding="utf-8")
    return settings


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """The demo's settings and credentials in place of the user's own, as long as the block lasts."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AWS_", "MUNIMENT_"))]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _build(console: Console, endpoint: str) -> None:
    from ..demo.accounts import MEMBERS
    from ..demo.organization import build
    from ..ingest.aws.policy import collector_policy

    console.print("[bold]Halden Logistics[/], a carrier that never was, on an AWS emulated on this machine.")
    with console.status("building") as status:
        built = build(
            endpoint,
            collector_role_name=ROLE,
            collector_policy=collector_policy(),
            progress=lambda step: status.update(f"building {step}"),
        )
    console.print(
        f"{len(MEMBERS) + 1} accounts in {len(built.unit_ids) - 1} organizational units, {built.principals} users and "
        "roles, SCPs, Identity Center, pipelines by OIDC, break-glass, and mistakes of the kind that happen."
    )


def _run(console: Console, step: Step) -> None:
    """Say why, show the command, run it as a person would, and show what it says, or the beginning of it."""
    from rich.text import Text

    from .main import run

    console.print(f"\n[dim]{step.why}[/]")
    console.print(f"[bold green]$[/] [bold]muniment {shlex.join(step.command)}[/]", soft_wrap=True)
    said = io.StringIO()
    with redirect_stdout(said) if step.head else nullcontext():
        code = run(list(step.command))
    if code not in (0, 3):
        raise typer.Exit(code)
    for line in _excerpt([Text.from_ansi(line) for line in said.getvalue().splitlines()], step):
        console.print(line, soft_wrap=True)


def _excerpt(lines: list[Text], step: Step) -> Iterator[Text]:
    """The first lines, the beginning of the section that is wanted, and the last sentence."""
    from rich.text import Text

    plain = [line.plain.strip() for line in lines]
    last = max((at for at, line in enumerate(plain) if not line), default=0)
    if last <= step.head:
        yield from lines
        return
    yield from lines[: step.head]
    begin = next((at for at in range(step.head, last) if plain[at] == step.section), last)
    end = min(last, begin + step.head)
    if begin > step.head:
        yield Text(f"  … {begin - step.head} more lines", "dim")
    yield from lines[begin:end]
    if begin < end < last:
        yield Text(f"  … {last - end} more lines", "dim")
    yield from lines[last:]


def _farewell(console: Console, settings: Path, seconds: float) -> None:
    console.print(f"\n[bold]That took {seconds:.0f} seconds.[/] The graph stays. To explore it:\n")
    console.print(f"  export MUNIMENT_CONFIG={shlex.quote(str(settings))}", soft_wrap=True)
    for command in NEXT:
        console.print(f"  muniment {shlex.join(command)}", soft_wrap=True)
    console.print("\n`muniment db stop` ends its engine, which ends by itself when nobody asks for a while.")
    console.print("Your own estate: `muniment aws policy` prints what to allow, `muniment ingest aws` reads it.")


def _serve(console: Console, environment: Mapping[str, str]) -> None:
    console.print("\nThe emulated AWS stays until Ctrl-C. To ingest from it again, in another terminal:\n")
    for name, value in environment.items():
        console.print(f"  export {name}={shlex.quote(value)}", soft_wrap=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
