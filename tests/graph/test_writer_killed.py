"""A writer or an engine that is killed leaves nothing that wrongly claims to be complete, and the next run mends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from muniment.errors import DatabaseError
from muniment.graph import batches
from muniment.graph.database import Database, connect
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.settings import Settings

from .estate import Clock, graph, many, record, writer

ROWS = 40
"""Rows in a transaction here, so that a small listing takes many."""

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from estate import many, writer
from muniment.graph import batches
from muniment.graph.database import connect
from muniment.graph.lease import Lease
from muniment.settings import Settings

data_dir, url, user, password, rows = sys.argv[2:]
settings = Settings(Path(data_dir), database_url=url or None, database_user=user, database_password=password)
batches.BATCH_ROWS = batches.TRANSACTION_ROWS = int(rows)
write = Lease.write
def told(lease, work):
    written = write(lease, work)
    print("written", flush=True)
    return written
Lease.write = told
with connect(settings) as database:
    writer(database, "killed").write(many("Deny", 30))
"""


def mended(database: Database) -> None:
    """Write what was being written once more, and compare with a graph that holds nothing else."""
    assert record(database)["status"] == "interrupted"
    assert Ledger(database, Clock()).completed_scopes("killed") == set()
    writer(database).write(many("Deny", 30))
    assert record(database)["status"] == "complete"
    after = graph(database)
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    writer(database).write(many("Deny", 30))
    assert after == graph(database)


@pytest.mark.parametrize("after", [1, 4, 7])
def test_a_writing_process_is_killed(database: Database, engine_settings: Settings, after: int) -> None:
    writer(database).write(many("Allow", 0))
    where = [
        str(engine_settings.data_dir),
        engine_settings.database_url or "",
        engine_settings.database_user,
        engine_settings.database_password,
        str(ROWS),
    ]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(Path(__file__).parent), *where],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        for _ in range(after):
            assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    mended(database)


def test_the_engine_is_killed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    write = Lease.write
    with connect(settings) as database:
        writer(database).write(many("Allow", 0))
        state = database.state
        assert state is not None

        def killing(lease: Lease, work: object) -> object:
            nonlocal written
            written += 1
            if written > 5:
                os.kill(state.pid, signal.SIGKILL)
            return write(lease, work)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(batches, "BATCH_ROWS", ROWS)
            patched.setattr(batches, "TRANSACTION_ROWS", ROWS)
            patched.setattr(Lease, "write", killing)
            with pytest.raises(DatabaseError):
                writer(database, "killed").write(many("Deny", 30))
    with connect(settings) as database:
        mended(database)
