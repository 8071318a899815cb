"""Processes that are killed by SIGKILL at every step of telling: nothing is lost, and what comes twice is known.

Each is a process of its own, killed where the test says; another, later, makes up for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from muniment.graph.clock import wall_clock
from muniment.graph.database import Database
from muniment.graph.outbox import CLAIMED
from muniment.run.freshness import Freshness
from muniment.run.webhooks.declared import Webhook, webhooks
from muniment.run.webhooks.delivery import announce, deliver
from muniment.settings import Settings

from ...queries import estate
from .receiver import Receiver, listening

PROCESS = """
import os, signal, sys
from pathlib import Path
from muniment.graph.clock import wall_clock
from muniment.graph.database import connect
from muniment.graph.outbox import Outbox
from muniment.run.freshness import Freshness
from muniment.run.webhooks import delivery
from muniment.run.webhooks.declared import webhooks
from muniment.settings import Settings

data, url, point = sys.argv[1:]
settings = Settings(Path(data), file={"webhook": [{"name": "siem", "url": url, "secret_env": "HOOK_SECRET"}]})
hooks = list(webhooks(settings).values())

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

with connect(settings) as database:
    if point == "before anything is written":
        Outbox.announce = killed
    delivery.announce(database, hooks, Freshness({}), wall_clock)
    if point == "before an attempt is claimed":
        Outbox.claim = killed
    if point == "before it is sent":
        delivery.send = killed
    if point == "before the answer is noted":
        Outbox.delivered = killed
    delivery.deliver(database, hooks, wall_clock)
"""


def later() -> datetime:
    return wall_clock() + CLAIMED + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("point", "seen_before"),
    [
        ("before anything is written", 0),
        ("before an attempt is claimed", 0),
        ("before it is sent", 0),
        ("amid sending", 1),
        ("before the answer is noted", 1),
    ],
)
def test_it_is_told_at_least_once(
    point: str,
    seen_before: int,
    embedded_database: Database,
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "a secret of more than 24 bytes")
    estate.fill(embedded_database)
    with listening(Receiver()) as receiver:
        arguments = [sys.executable, "-c", PROCESS, str(embedded_settings.data_dir), receiver.url, point]
        process = subprocess.Popen(arguments)
        if point == "amid sending":
            receiver.on_got = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        receiver.on_got = lambda: None
        assert len(receiver.got) == seen_before

        hook = declared(receiver)
        announce(embedded_database, [hook], Freshness({}), wall_clock)
        deliver(embedded_database, [hook], later)
        assert receiver.types() == ["baseline"] * (seen_before + 1), "nothing is lost"
        assert len(set(receiver.ids())) == 1, "one that came twice is known by its id"
        deliver(embedded_database, [hook], lambda: later() + timedelta(days=1))
        assert len(receiver.got) == seen_before + 1, "what was taken is not sent again"


def declared(receiver: Receiver) -> Webhook:
    table = {"name": "siem", "url": receiver.url, "secret_env": "HOOK_SECRET"}
    return webhooks(Settings(Path("unused"), file={"webhook": [table]}))["siem"]
