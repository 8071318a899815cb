"""An organization of 20,000 principals, read from files, and a question to it as a whole process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from muniment.graph.database import connect
from muniment.graph.memory import Memory
from muniment.run.answering import answer
from muniment.settings import Settings

from .account import Size
from .estate import account_details
from .measure import Figure, fresh_engine, median_seconds, muniment

ACCOUNTS = tuple(f"{number:012}" for number in range(110_000_000_000, 110_000_000_010))
SIZE = Size(roles=1_800, users=200, policies=60)
QUESTIONS = (
    ("ask", "who can assume prod admin"),
    ("who-can-assume", f"arn:aws:iam::{ACCOUNTS[0]}:role/terraform-prod-admin"),
)
ASKED = tuple(
    {"action": action, "resource": resource}
    for action, resource in (
        ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNTS[0]}:orders"),
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:eu-west-1:{ACCOUNTS[1]}:table/ledger"),
        ("kms:CreateKey", "*"),
        ("cloudtrail:StopLogging", "*"),
    )
)
TIMES = 5


def figures() -> Iterator[Figure]:
    """Read it, ask it."""
    with TemporaryDirectory(prefix="muniment-bench-") as folder, fresh_engine() as environment:
        _print_files(Path(folder))
        Path(environment["MUNIMENT_CONFIG"]).write_text(_environments(), encoding="utf-8")
        read = muniment("ingest", "files", folder, "--format", "json", environment=environment, answers=(0, 3))
        report = read.document()
        yield Figure("principals", len(ACCOUNTS) * (SIZE.roles + SIZE.users), "")
        yield Figure("nodes", report["nodes"]["created"], "")
        yield Figure("relationships", report["relationships"]["created"] + report["derived"]["created"], "")
        yield from (Figure(f"ingested: {phase}", seconds, "s") for phase, seconds in report["seconds"].items())
        yield Figure("memory of ingesting", read.peak_mb, "MB", 500)
        for question in QUESTIONS:
            seconds = median_seconds(TIMES, *question, "--format", "json", environment=environment)
            yield Figure(f"muniment {' '.join(question)}", seconds, "s", 1)
        yield from _served(Settings.load(environment))


def _served(settings: Settings) -> Iterator[Figure]:
    """How long who-can takes where the connection is a server's."""
    with connect(settings) as database:
        database.memory = Memory()
        seconds = [_seconds(partial(answer, database, settings, "who-can", given)) for given in ASKED]
    yield Figure("who-can of a server, the first time", seconds[0], "s")
    yield Figure("who-can of a server, other questions, median", median(seconds[1:]), "s")


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _print_files(folder: Path) -> None:
    """What `aws iam get-account-authorization-details` would print in each account."""
    for account in ACCOUNTS:
        peers = tuple(other for other in ACCOUNTS if other != account)
        details = account_details(account, SIZE, peers=peers)
        (folder / f"{account}.json").write_text(json.dumps(details), encoding="utf-8")


def _environments() -> str:
    """Three of the accounts are production: there is no organization to say so."""
    return f"[environments.prod]\naccounts = {json.dumps(ACCOUNTS[:3])}\n"
