"""An organization of 20,000 principals, read from files, and a question to it as a whole process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from .account import Size
from .estate import account_details
from .measure import Figure, fresh_engine, median_seconds, muniment

ACCOUNTS = tuple(f"{number:012}" for number in range(110_000_000_000, 110_000_000_010))
SIZE = Size(roles=1_800, users=200, policies=60)
QUESTIONS = (
    ("ask", "who can assume prod admin"),
    ("who-can-assume", f"arn:aws:iam::{ACCOUNTS[0]}:role/terraform-prod-admin"),
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


def _print_files(folder: Path) -> None:
    """What `aws iam get-account-authorization-details` would print in each account."""
    for account in ACCOUNTS:
        peers = tuple(other for other in ACCOUNTS if other != account)
        details = account_details(account, SIZE, peers=peers)
        (folder / f"{account}.json").write_text(json.dumps(details), encoding="utf-8")


def _environments() -> str:
    """Three of the accounts are production: there is no organization to say so."""
    return f"[environments.prod]\naccounts = {json.dumps(ACCOUNTS[:3])}\n"
