"""`muniment ingest aws` and `muniment ingest files DIR`: read an estate into the graph."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .garbage import little_garbage
from .invocation import Invocation, invocation

if TYPE_CHECKING:
    from ..graph.database import Database
    from ..run.ingest import Work
    from ..run.report import RunReport


class ReportFormat(StrEnum):
    """How the report of a run is written."""

    TABLE = "table"
    JSON = "json"


Resume = Annotated[bool, typer.Option("--resume", help="Go on with the last run that asked the same and did not end.")]
Format = Annotated[ReportFormat, typer.Option("--format", help="How the report is written.")]


def register(app: typer.Typer) -> None:
    """Add ``muniment ingest``."""
    ingest = typer.Typer(help="Read an estate into the graph.", no_args_is_help=True)
    ingest.command("aws")(aws)
    ingest.command("files")(files)
    app.add_typer(ingest, name="ingest")


def aws(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Option(help="Only these accounts; all of the organization otherwise.", metavar="ID,…")
    ] = None,
    regions: Annotated[
        list[str] | None, typer.Option(help="Only these regions; all that are enabled otherwise.", metavar="NAME,…")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(help="Collectors that run only on request: last-accessed, access-analyzer.", metavar="NAME,…"),
    ] = None,
    role_name: Annotated[
        str | None,
        typer.Option(help="The role to enter in other accounts; MunimentCollector otherwise.", metavar="NAME"),
    ] = None,
    external_id: Annotated[
        str | None, typer.Option(help="The external id that the role asks for.", metavar="TEXT")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A profile of your AWS configuration.", metavar="NAME")] = None,
    record: Annotated[Path | None, typer.Option(help="Keep every response in this folder.", metavar="DIR")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Read what --record kept in this folder, instead of AWS.", metavar="DIR")
    ] = None,
    resume: Resume = False,
    access_key_ids: Annotated[
        bool, typer.Option("--access-key-ids", help="Read ids of access keys too: a call for every user with keys.")
    ] = False,
    concurrency: Annotated[
        int | None,
        typer.Option(help="Scopes at a time, and calls at a time in an account; 8 otherwise.", min=1),
    ] = None,
    report: Format = ReportFormat.TABLE,
) -> None:
    """Read AWS accounts: who is there, what they may do, and who trusts whom.

    What cannot be read is said, and shown by `muniment status`; what is known of it from before stays. What no option
    says is taken from the table [aws] of muniment.toml, where the options have the same names with underscores.
    """
    from ..ingest.door import from_aws, from_recording
    from ..run.ingest import Work
    from .collection import Collection, listed

    if record and replay:
        raise UsageError("--record and --replay exclude each other", "A replay has nothing to record.")
    given = invocation(context)
    options = {
        "accounts": listed(accounts),
        "regions": listed(regions),
        "also": listed(also),
        "role_name": role_name,
        "external_id": external_id,
        "profile": profile,
        "concurrency": concurrency,
        "access_key_ids": access_key_ids or None,
    }
    chosen = Collection.of(options, given.settings.table("aws"))
    with given.connecting() as graph:
        if replay:
            plan, source = from_recording(replay, chosen.request)
        else:
            plan, source = from_aws(chosen.entrance, chosen.request, record)
        asked = {**chosen.asked, **({"replay": str(replay.absolute())} if replay else {})}
        _ingest(given, graph, Work("aws", plan, source, asked, chosen.entrance.concurrency, resume), report)


def files(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of what the AWS CLI printed.", metavar="DIR")],
    resume: Resume = False,
    report: Format = ReportFormat.TABLE,
) -> None:
    """Read files that the AWS CLI printed, without AWS.

    `aws iam get-account-authorization-details > 111122223333/iam.json` makes one that holds nearly all of an account's
    IAM. What is in no file is not known, which is never the same as "none".
    """
    from ..ingest import Request
    from ..ingest.door import from_files
    from ..run.ingest import Work

    given = invocation(context)
    with given.connecting() as graph:
        plan, source = from_files(folder, Request())
        _ingest(given, graph, Work("files", plan, source, {"files": str(folder.absolute())}, resume=resume), report)


def _ingest(given: Invocation, graph: Callable[[], Database], work: Work, report: ReportFormat) -> None:
    """Do the run, show it, and exit as honestly as its report."""
    done = perform(given, graph, work)
    show_report(done, report)
    raise typer.Exit(done.exit_code)


def perform(given: Invocation, graph: Callable[[], Database], work: Work, *, brief: bool = False) -> RunReport:
    """Do the run; what happens is told on standard error, ``brief`` without a line for every scope."""
    from dataclasses import replace

    from rich.console import Console
    from rich.markup import escape

    from ..run.ingest import ingest
    from ..run.retention import Retention
    from .progress import observing

    work = replace(work, retention=Retention.of(given.settings))
    errors = Console(stderr=True, highlight=False)
    for note in work.plan.notes:
        errors.print(f"note: {escape(note)}")
    with observing(errors, json_logs=given.json_logs, brief=brief) as observer, little_garbage():
        return ingest(graph(), work, observer=observer)


def show_report(done: RunReport, report: ReportFormat) -> None:
    """Print what a run did."""
    import orjson
    from rich.console import Console

    from .run_report import show

    if report is ReportFormat.JSON:
        typer.echo(orjson.dumps(done.document(), option=orjson.OPT_INDENT_2))
    else:
        show(done, Console(highlight=False))
