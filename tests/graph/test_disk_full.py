"""A disk that fills up: on a real one of 64 MB, mounted where only the test's own processes see it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PRIVATE = ("unshare", "--user", "--map-root-user", "--mount")

FILL = """
import os, shutil, subprocess, sys
from contextlib import suppress
from pathlib import Path
import psutil
from muniment.errors import DatabaseFull
from muniment.graph import embedded
from muniment.graph.database import connect
from muniment.settings import Settings

disk, prepared = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
settings = Settings(disk / "data", engine_heap="512m", engine_idle_seconds=300)
shutil.copytree(prepared, settings.data_dir / "databases")
POLICY = "x" * 4000

def batch(number):
    return lambda tx: tx.run(
        "UNWIND range(1, 100) AS i CREATE (:Role {id: $n + '/' + toString(i), trust_policy: $policy})",
        n=str(number), policy=POLICY,
    ).consume()

def count():
    with connect(settings) as database:
        return database.read("MATCH (r:Role) RETURN count(r.trust_policy) AS count")[0]["count"]

def take_all(path):
    # What the engine could not use of the room that was left, and what it let go when it died.
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass

def refused():
    try:
        connect(settings).close()
    except DatabaseFull as error:
        return str(error)

try:
    with connect(settings) as database:
        engine = psutil.Process(database.state.pid)
        filler = disk / "filler"
        filler.write_bytes(bytes(20_000_000))
        written = 0
        try:
            while True:
                database.write(batch(written))
                written += 1
        except DatabaseFull as error:
            print("full:", error.hint)
    psutil.wait_procs([engine], timeout=60)
    refused()  # it may come up again: what its log held is in the graph then, and makes room
    embedded.stop(settings.data_dir)
    rest = disk / "rest"
    take_all(rest)
    print("still full:", refused())

    filler.unlink()
    rest.unlink()
    assert written
    assert count() == written * 100, (count(), written)
    with connect(settings) as database:
        database.write(batch(written))
    os.kill(database.state.pid, 9)
    assert count() == (written + 1) * 100, (count(), written)
finally:
    embedded.stop(settings.data_dir)
"""


def can_mount(folder: Path) -> bool:
    mount = (*PRIVATE, "mount", "-t", "tmpfs", "tmpfs", str(folder))
    return bool(shutil.which("unshare")) and not subprocess.run(mount, capture_output=True, check=False).returncode


def test_a_full_disk_is_named_and_costs_nothing_committed(tmp_path: Path, prepared_data_dir: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not can_mount(disk):
        pytest.skip("no right to mount a small disk in a namespace of its own")

    command = (*PRIVATE, sys.executable, "-c", FILL, str(disk), str(prepared_data_dir / "databases"))
    finished = subprocess.run(command, capture_output=True, text=True, check=False)

    assert finished.returncode == 0, finished.stderr
    assert "full: Make room" in finished.stdout
    assert "still full: the disk under" in finished.stdout
