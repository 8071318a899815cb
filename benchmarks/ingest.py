"""Reading an account of 3,000 roles by real calls: the whole of `muniment ingest aws`, twice.

The emulator's own seconds are part of the figure. What it holds is put into its memory, so that only reading is timed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from . import emulator
from .account import Document, Size
from .estate import account_details
from .measure import Figure, fresh_engine, muniment

ACCOUNT = "123456789012"
"""The account that the emulator takes its callers for."""
SIZE = Size(roles=3_000, users=300, policies=100)
PEERS = ("222222222222", "333333333333", "444444444444")


def figures() -> Iterator[Figure]:
    """First run and second run, their API calls, and what the second one wrote."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # a thousand images, each with a snapshot
    emulator.hold(ACCOUNT, account_details(ACCOUNT, SIZE, peers=PEERS))
    with emulator.serve() as endpoint, fresh_engine() as environment:
        environment |= emulator.credentials(endpoint)
        command = ("ingest", "aws", "--regions", "eu-west-1", "--format", "json")
        first = muniment(*command, environment=environment, answers=(0, 3))
        second = muniment(*command, environment=environment, answers=(0, 3))
    before, after = first.document(), second.document()
    yield Figure("3,000 roles, first run", first.seconds, "s", 15)
    yield from (Figure(f"  of it {phase}", seconds, "s") for phase, seconds in before["seconds"].items())
    yield Figure("  processor of the process", first.processor, "s")
    yield Figure("second run, unchanged", second.seconds, "s")
    yield from (Figure(f"  of it {phase}", seconds, "s") for phase, seconds in after["seconds"].items())
    yield Figure("  processor of the process", second.processor, "s")
    yield Figure("second run, of the first's time", 100 * second.seconds / first.seconds, "%", 40)
    yield Figure("second run, of the first's rows written", 100 * _rows(after) / _rows(before), "%", 1)
    yield Figure("nodes and relationships", _created(before), "")
    yield Figure("IAM calls for a thousand roles", before["calls"]["iam"] / SIZE.roles * 1000, "", 40)
    yield Figure("memory of the process", first.peak_mb, "MB", 500)


def _rows(report: Document) -> float:
    return float(report["written"]["rows"])


def _created(report: Document) -> float:
    return float(sum(report[what]["created"] for what in ("nodes", "relationships", "derived")))
