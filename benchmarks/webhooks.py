"""What it takes to compare a million ways to administrators with what a webhook was told, and to keep that."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.graph import embedded
from muniment.graph.database import connect
from muniment.graph.outbox import Outbox
from muniment.run.webhooks.declared import Webhook
from muniment.run.webhooks.delivery import tell
from muniment.run.webhooks.events import NEW_ADMINISTRATOR_PATH, Fact, administrator_paths
from muniment.run.webhooks.facts import Snapshot
from muniment.settings import Settings

from .measure import Figure

ACCOUNTS, EACH = 1_000, 1_000
SIEM = Webhook("siem", "https://hooks.example.com/", (NEW_ADMINISTRATOR_PATH,), ("SECRET",))


def figures() -> Iterator[Figure]:
    """Tell a receiver of them for the first time, then of nothing new, then of one more."""
    started = time.process_time()
    paths = _paths()
    yield Figure("ways to administrators", len(paths), "")
    yield Figure("finding them, of relationships in memory", time.process_time() - started, "s")
    one = Fact(("arn:aws:iam::000000000000:user/new", "000000000000"), 2, {"principal": "new"})
    with TemporaryDirectory(prefix="muniment-bench-") as folder:
        try:
            with connect(Settings(Path(folder))) as database:
                outbox = Outbox(database)
                yield Figure("keeping all of them, at first", _told(outbox, paths), "s")
                yield Figure("comparing all, nothing new", _told(outbox, paths), "s")
                yield Figure("comparing all, one new", _told(outbox, [*paths, one]), "s")
        finally:
            embedded.stop(Path(folder))
    yield Figure("memory, all of it", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def _told(outbox: Outbox, facts: Sequence[Fact]) -> float:
    started = time.process_time()
    tell(outbox, SIEM, Snapshot({NEW_ADMINISTRATOR_PATH: list(facts)}, 0), datetime.now(UTC))
    return time.process_time() - started


def _paths() -> list[Fact]:
    accounts = [f"{number:012}" for number in range(ACCOUNTS)]
    steps = (
        (f"arn:aws:iam::{accounts[37 * number % ACCOUNTS]}:role/teams/Role-{number}-{one}", _admin(account), decision)
        for number, account in enumerate(accounts)
        for one, decision in zip(range(EACH - 1), ["allow", "allow", "conditional"] * EACH, strict=False)
    )
    return administrator_paths(steps, (), [(_admin(account), account, "allow") for account in accounts])


def _admin(account: str) -> str:
    return f"arn:aws:iam::{account}:role/Admin"
