"""``muniment schedule``: keep the schedules of the settings file, show them, run one."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .ingest import ReportFormat
from .invocation import Invocation, invocation
from .questions import FormatOption
from .rendering.output import Format

if TYPE_CHECKING:
    from ..graph.database import Database
    from ..graph.schedules import ScheduleState
    from ..run.ingest import Work
    from ..run.report import RunReport
    from ..run.schedule.attempt import Attempt
    from ..run.schedule.declared import Schedule
    from ..run.schedule.scheduler import Scheduler
    from .collection import Collection

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The schedule: its table in muniment.toml.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    schedule = typer.Typer(help="Ingest on schedule.", invoke_without_command=True)
    schedule.callback()(keep)
    schedule.command("list")(list_schedules)
    schedule.command("next")(show_next)
    schedule.command()(check)
    schedule.command()(run)
    schedule.command()(forget)
    app.add_typer(schedule, name="schedule")


def keep(context: typer.Context) -> None:
    """Keep the schedules of muniment.toml, until Ctrl-C or SIGTERM, which interrupts a run that is going on.

    One run goes on at a time, whoever began it. Several schedulers of one graph, on several machines, share the work.
    Exit code 0, or 130 or 143 where a run was interrupted.
    """
    if context.invoked_subcommand is not None:
        return
    given = invocation(context)
    told = threading.Event()
    numbers: list[int] = []

    def stop(number: int, _frame: object) -> None:
        numbers.append(number)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with keeping(given) as scheduler:
        while not told.wait(3600):
            pass
    raise typer.Exit(128 + numbers[0] if scheduler.interrupted else 0)


@contextmanager
def keeping(given: Invocation) -> Iterator[Scheduler]:
    """Keep the schedules while the block goes on."""
    from ..errors import UsageError
    from ..graph.clock import wall_clock
    from ..run.freshness import Freshness
    from ..run.retention import Retention
    from ..run.schedule.child import Child
    from ..run.schedule.declared import schedules
    from ..run.schedule.keeper import Keeper
    from ..run.schedule.scheduler import Scheduler
    from ..run.schedule.timer import ticking
    from ..run.webhooks.declared import webhooks
    from ..run.webhooks.delivery import chore
    from .log import configure

    declared = list(schedules(given.settings).values())
    told = list(webhooks(given.settings).values())
    if not told and not any(one.enabled for one in declared):
        raise UsageError(
            "no schedule is declared and enabled, and no webhook",
            "Write one in muniment.toml, [schedule.NAME]: see docs/scheduling.md.",
        )
    for one in declared:
        _collection(given, one)
    for webhook in told:
        webhook.check()
    freshness = Freshness.of(given.settings)
    Retention.of(given.settings)
    configure(max(given.verbosity, 1), as_json=given.json_logs)
    keeper = Keeper(given.connect)
    options = given.arguments() if given.verbosity or given.json_logs else [*given.arguments(), "--verbose"]
    seed = socket.gethostname()
    scheduler = Scheduler(keeper, declared, lambda attempt: Child(options, attempt), clock=wall_clock, seed=seed)
    try:
        with keeper.using():
            pass
        telling = chore(keeper.using, told, freshness, wall_clock, lambda: scheduler.going_on)
        with ticking(scheduler, [telling] if told else ()):
            yield scheduler
    finally:
        keeper.close()


@contextmanager
def keeping_schedules(given: Invocation, *, wanted: bool) -> Iterator[None]:
    """Keep the schedules beside something else, if they are wanted, and stop with it; a signal ends both.

    A server that has dealt with a signal raises it again, for whoever started it: here it ends the block.
    """
    from ..graph.interruption import Interrupted, interruptible

    if not wanted:
        with interruptible(), suppress(Interrupted):
            yield
        return
    number = 0
    with interruptible(), keeping(given) as scheduler:
        try:
            yield
        except Interrupted as told:
            number = told.number
    if number and scheduler.interrupted:
        raise typer.Exit(128 + number)


def list_schedules(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List the schedules: when each runs next, and how it went last."""
    from ..queries.answer import Answer, Column, Knowledge
    from .rendering.output import emit

    rows = _rows(invocation(context))
    emit(Answer("schedule list", {}, _columns(Column), rows, Knowledge()), output)


def summary(given: Invocation) -> Iterator[str]:
    """A line for each schedule of the settings file, for `muniment status`."""
    from ..errors import SettingsError

    try:
        rows = _rows(given) if given.settings.table("schedule") else []
    except SettingsError as error:
        yield f"schedules: {error.message}"
        return
    for row in rows:
        if row["source"] is None:
            continue
        last = f"{row['status']}, begun at {row['last']}" if row["last"] else "never ran"
        times = "once" if row["failures"] == 1 else f"{row['failures']} times in a row"
        why = f": {row['error']}" if row["error"] else " before"
        failures = f", failed {times}{why}" if row["failures"] else ""
        following = f"next at {row['next']}" if row["next"] else "not enabled"
        if row["enabled"] and row["status"] in ("running", "killed") and not row["next"]:
            following = "no end yet" if row["status"] == "running" else "a scheduler goes on with it"
        yield f"schedule {row['name']} ({row['when']}): {last}{failures}; {following}"


def _rows(given: Invocation) -> list[dict[str, Any]]:
    """Every schedule that is declared or known."""
    from ..graph.clock import timestamp, wall_clock
    from ..graph.schedules import Schedules
    from ..run.holder import living_run
    from ..run.schedule.declared import schedules
    from ..run.schedule.scheduler import next_times

    declared = schedules(given.settings)
    with given.connect() as database:
        states = Schedules(database, wall_clock).states()
        living = living_run(database, wall_clock)
    times = next_times(declared.values(), states, datetime.now(UTC), socket.gethostname())
    rows: list[dict[str, Any]] = []
    for name in sorted({*declared, *states}):
        one, state = declared.get(name), states.get(name)
        rows.append(
            {
                "name": name,
                "source": one.source if one else None,
                "when": one.when if one else "not in this settings file",
                "enabled": one.enabled if one else False,
                "next": timestamp(times[name]) if name in times else None,
                "last": timestamp(state.started_at) if state and state.started_at else None,
                "status": _status(state, living),
                "run": state.run if state else None,
                "failures": state.failures if state else 0,
                "error": state.error if state else None,
            }
        )
    return rows


def _status(state: ScheduleState | None, living: str | None) -> str | None:
    """How the last attempt ended; one that says it is running was killed if its run is not the one that is writing."""
    if state is None:
        return None
    return "killed" if state.status == "running" and state.run != living else state.status


def _columns(make: Callable[[str, str], Any]) -> tuple[Any, ...]:
    return tuple(
        make(name, told)
        for name, told in (
            ("name", "Its table in muniment.toml."),
            ("source", "`aws`, `files` or `replay`."),
            ("when", "When it runs."),
            ("enabled", "Whether a scheduler keeps it."),
            ("next", "When it is next attempted, as of what the register knows; a past time is due."),
            ("last", "When the last attempt began."),
            ("status", "How that ended: as of a run, or `interrupted`."),
            ("run", "Its run."),
            ("failures", "Attempts that failed since the last one that did not."),
            ("error", "What made the last attempt fail."),
        )
    )


def show_next(
    context: typer.Context,
    name: NameArgument,
    count: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 5,
) -> None:
    """Show the next times of a schedule, jitter and failures aside."""
    from ..graph.clock import timestamp
    from ..run.schedule.declared import schedule
    from ..run.schedule.plan import upcoming

    for at in upcoming(schedule(invocation(context).settings, name), datetime.now(UTC), count):
        typer.echo(timestamp(at))


def check(context: typer.Context) -> None:
    """Check what muniment.toml says of schedules, webhooks and retention, without a graph, secrets or AWS."""
    from ..run.freshness import Freshness
    from ..run.retention import Retention
    from ..run.schedule.declared import schedules
    from ..run.webhooks.declared import webhooks

    given = invocation(context)
    Freshness.of(given.settings)
    Retention.of(given.settings)
    declared = schedules(given.settings)
    for one in declared.values():
        _collection(given, one)
        typer.echo(f"schedule {one.name}: {one.source}, {one.when}{'' if one.enabled else ', not enabled'}")
    if not declared:
        typer.echo("no schedule is declared")
    for webhook in webhooks(given.settings).values():
        typer.echo(f"webhook {webhook.name}: {webhook.place}, {', '.join(webhook.events)}")


def run(
    context: typer.Context,
    name: NameArgument,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with its last run, if that did not end.")] = False,
    serves: Annotated[datetime | None, typer.Option(hidden=True, formats=["%Y-%m-%dT%H:%M:%S%z"])] = None,
    seen: Annotated[int | None, typer.Option(hidden=True)] = None,
    report: Annotated[ReportFormat, typer.Option("--format", help="How the report is written.")] = ReportFormat.TABLE,
) -> None:
    """Do one run of a schedule now, enabled or not, and record it as one: for cron, systemd and Kubernetes.

    Exit codes as `muniment ingest`: 0 complete, 3 something could not be read, 1 failed, or another run is writing.
    """
    from ..errors import LeaseHeld
    from ..run.schedule.attempt import Attempt, NotOurs
    from ..run.schedule.child import HELD, SKIPPED, end_with_parent
    from ..run.schedule.declared import schedule
    from .ingest import show_report

    given = invocation(context)
    declared = schedule(given.settings, name)
    child = seen is not None
    if child:
        end_with_parent()
    attempt = Attempt(declared, serves, seen)
    try:
        with given.connecting() as graph:
            done = attempt.perform(graph, lambda: _perform(given, graph, attempt, resume=resume))
    except NotOurs as skipped:
        raise typer.Exit(SKIPPED) from skipped
    except LeaseHeld:
        if child:
            raise typer.Exit(HELD) from None
        raise
    if child:
        _log(done)
    else:
        show_report(done, report)
    raise typer.Exit(done.exit_code)


def forget(context: typer.Context, name: NameArgument) -> None:
    """Delete what the register knows of a schedule, as of one that the settings file has no more. Its runs stay.

    If it is still declared, it begins anew. Exit code 1 where nothing is known of it, or while it runs.
    """
    from ..graph.clock import wall_clock
    from ..graph.schedules import Schedules
    from ..run.holder import living_run

    with invocation(context).connect() as database:
        forgotten = Schedules(database, wall_clock).forget(name, living_run(database, wall_clock))
    typer.echo(
        f"schedule {name}: forgotten" if forgotten else f"schedule {name}: nothing is known of it, or it is running",
        err=not forgotten,
    )
    raise typer.Exit(0 if forgotten else 1)


def _perform(given: Invocation, graph: Callable[[], Database], attempt: Attempt, *, resume: bool) -> RunReport:
    from dataclasses import replace

    from .ingest import perform

    work = replace(_work(given, attempt.schedule), resume=resume, trigger=attempt.schedule.asked_by)
    claimed = replace(work, begin=lambda run: attempt.claim(graph(), run))
    return perform(given, graph, claimed, brief=attempt.seen is not None)


def _log(done: RunReport) -> None:
    """One line for a run, in the log of its scheduler."""
    import logging

    told = done.figures()
    logging.getLogger(__name__).info(
        "run %s: %d scopes, %d of them incomplete; %d calls, %d changes, %.0f s",
        *(done.run, told["scopes"], told["incomplete"], told["calls"], told["changes"], done.seconds.get("total", 0)),
    )


def _work(given: Invocation, declared: Schedule) -> Work:
    """What a schedule reads."""
    from pathlib import Path

    from ..ingest import Request
    from ..ingest.door import from_aws, from_files, from_recording
    from ..run.ingest import Work

    if declared.source == "aws":
        chosen = _collection(given, declared)
        plan, source = from_aws(chosen.entrance, chosen.request)
        return Work("aws", plan, source, chosen.asked, chosen.entrance.concurrency)
    folder = Path(declared.folder or "").expanduser()
    if declared.source == "replay":
        plan, source = from_recording(folder, Request())
        return Work("aws", plan, source, {"replay": str(folder.absolute())})
    plan, source = from_files(folder, Request())
    return Work("files", plan, source, {"files": str(folder.absolute())})


def _collection(given: Invocation, declared: Schedule) -> Collection:
    """What of AWS a schedule reads: its own table first, then [aws]. SettingsError where one is wrong."""
    from .collection import Collection

    table = {**given.settings.table("aws"), **declared.options}
    return Collection.of({}, table, f"[schedule.{declared.name}], with what it takes from [aws],")
