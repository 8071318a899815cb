"""The doors that facts come in by: AWS, a recording, a folder of files. Each gives a plan, and the source to read.

plan, source = from_aws(Entrance(), Request())
for listing in listings(plan, source): …
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import UsageError
from .aws import collectors
from .aws.collector import Source
from .aws.discovery import discover
from .aws.live import LiveSource
from .aws.plan import Plan, Request
from .aws.session import Entrance
from .aws.values import timestamp
from .files.source import FilesSource
from .recording import RecordingSource, ReplaySource


def _now() -> datetime:
    return datetime.now(UTC)


def from_aws(
    entrance: Entrance,
    request: Request,
    record: Path | None = None,
    clock: Callable[[], datetime] = _now,
) -> tuple[Plan, Source]:
    """AWS itself; with ``record``, every response is kept in that folder.

    CredentialsError if the caller has none that work; UsageError on a collector that does not exist, or on a folder
    that holds something else than a recording.
    """
    if record is None:
        live = LiveSource(entrance)
        return discover(live, request), live
    RecordingSource.check(record)
    recording = RecordingSource(LiveSource(entrance), record)
    plan = discover(recording, request)
    recording.keep(plan, timestamp(clock()) or "")
    return plan, recording


def from_recording(folder: Path, request: Request) -> tuple[Plan, Source]:
    """What a recording holds, or the part of it that is asked for, with the options that it was made with.

    ReplayError if the folder is no recording; UsageError if it has nothing of what is asked for.
    """
    source = ReplaySource(folder)
    plan = _narrowed(source.plan, request)
    strangers = source.strangers()
    if strangers:
        plan = replace(plan, notes=(*plan.notes, f"not part of the recording, and ignored: {', '.join(strangers)}"))
    return plan, source


def from_files(folder: Path, request: Request) -> tuple[Plan, Source]:
    """What the AWS CLI printed into the files of a folder.

    ReplayError if the folder holds nothing that is understood.
    """
    source = FilesSource(folder)
    asked = replace(
        request,
        accounts=request.accounts or source.accounts,
        regions=request.regions or source.regions,
    )
    plan = discover(source, asked)
    return replace(plan, notes=(*plan.notes, *source.notes)), source


def _narrowed(plan: Plan, request: Request) -> Plan:
    known = collectors()
    tasks = tuple(
        task
        for task in plan.tasks
        if task.scope.collector in known
        and (not request.accounts or task.scope.account in request.accounts)
        and (not request.regions or task.scope.region in (*request.regions, "global"))
        and (not request.collectors or task.scope.collector in request.collectors)
    )
    if not tasks:
        raise UsageError(
            "the recording holds nothing of what is asked for",
            f"It holds the accounts {', '.join(plan.accounts)}.",
        )
    accounts = tuple(account for account in plan.accounts if not request.accounts or account in request.accounts)
    return replace(plan, tasks=tasks, accounts=accounts)
