"""`muniment ingest` as a process of its own: how it ends, what it says, and what a killed run leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from muniment.graph import embedded
from muniment.graph.database import Database, connect
from muniment.settings import Settings

from ..ingest.cloud import MANAGEMENT, Cloud, Request
from ..ingest.conftest import cloud, running_cloud
from ..run.small import Small, build
from ..run.state import graph

__all__ = ["cloud", "running_cloud"]

MUNIMENT = str(Path(sys.executable).with_name("muniment"))
SETTINGS = """
[aws]
regions = ["us-east-1"]
collectors = ["account", "iam", "organizations"]
"""
AWS = ("ingest", "aws")


@pytest.fixture
def small(cloud: Cloud) -> Small:
    """A management account, production and development."""
    return build(cloud)


@pytest.fixture
def environment(embedded_settings: Settings, embedded_database: Database, tmp_path: Path) -> dict[str, str]:
    """What leads a process to the empty graph of the tests, and to settings that ask for little."""
    return _environment(embedded_settings.data_dir, tmp_path)


def _environment(data_dir: Path, tmp_path: Path) -> dict[str, str]:
    settings = tmp_path / "muniment.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    return {**os.environ, "MUNIMENT_DATA_DIR": str(data_dir), "MUNIMENT_CONFIG": str(settings)}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Begin a command."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([MUNIMENT, *arguments], env=environment, text=True, **streams)


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command; its exit code, standard output and standard error."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def muniment(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command to its end."""
    return end(start(environment, *arguments))


@dataclass(frozen=True)
class Hold:
    """Calls for details, of accounts but the management's, that are held until the test ends or lets them go on."""

    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def held_up(cloud: Cloud) -> Iterator[Hold]:
    """Holds calls."""
    hold = Hold()

    def wait(request: Request) -> None:
        if request.operation == "GetAccountAuthorizationDetails" and request.account != MANAGEMENT:
            hold.arrived.set()
            hold.go_on.wait(60)

    cloud.front.faults.append(wait)
    yield hold
    hold.go_on.set()


def test_a_run_killed_while_it_reads_is_resumed(
    small: Small, environment: dict[str, str], embedded_database: Database, held_up: Hold
) -> None:
    killed = start(environment, *AWS)
    assert held_up.arrived.wait(60)
    read = "MATCH (s:Scope {collector: 'organizations'}) WHERE s.completed_at IS NOT NULL RETURN s.id AS id"
    _until(lambda: bool(embedded_database.read(read)))
    killed.kill()
    assert end(killed)[0] == -signal.SIGKILL
    small.cloud.front.faults.clear()

    code, out, _ = muniment(environment, "status", "--format", "json")
    unread = f"aws/{small.production}/global/iam"
    assert code == 3
    assert {row["status"] for row in json.loads(out)["rows"] if row["scope"] == unread} == {"never read"}
    assert {"scope": unread, "reason": "never read"} in json.loads(out)["missing"]

    code, out, err = muniment(environment, *AWS, "--resume", "--format", "json")
    assert code == 0, err
    report = json.loads(out)
    assert report["scopes"]["resumed"] >= 1
    resumed = graph(embedded_database)

    embedded_database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    assert muniment(environment, *AWS)[0] == 0
    assert graph(embedded_database) == resumed


def test_told_to_stop_it_ends_in_good_order(small: Small, environment: dict[str, str], held_up: Hold) -> None:
    process = start(environment, *AWS)
    assert held_up.arrived.wait(60)
    process.send_signal(signal.SIGINT)
    code, _, err = end(process)  # while the call is still held
    assert code == 128 + signal.SIGINT
    assert "SIGINT" in err
    assert "--resume" in err
    assert "Traceback" not in err


def test_what_was_refused_is_said_everywhere(small: Small, environment: dict[str, str]) -> None:
    small.cloud.front.answer("AccessDenied", account=small.production, service="iam")
    code, out, _ = muniment(environment, *AWS)
    assert code == 3
    assert "1 denied" in out
    assert "iam:GetAccountAuthorizationDetails" in out
    assert "muniment aws policy" in out
    assert f"aws/{small.production}/global/iam" in out

    code, out, _ = muniment(environment, "status", "--format", "json")
    assert code == 3
    assert f"aws/{small.production}/global/iam" in {row["scope"] for row in json.loads(out)["missing"]}

    code, out, _ = muniment(environment, "who-can-assume", "developer", "--format", "json")
    assert code == 3
    assert any("AccessDenied" in row["reason"] or "denied" in row["reason"] for row in json.loads(out)["missing"])


def test_credentials_that_are_over_at_the_start(small: Small, environment: dict[str, str]) -> None:
    small.cloud.front.expire_after(0)
    code, out, err = muniment(environment, *AWS)
    assert code == 1
    assert out == ""
    assert "ExpiredToken" in err
    assert "hint: " in err
    assert "Traceback" not in err


def test_credentials_that_end_while_it_reads(small: Small, environment: dict[str, str]) -> None:
    small.cloud.front.expire_after(12)
    code, out, _ = muniment(environment, *AWS, "--format", "json")
    report = json.loads(out)
    assert code == 3
    assert report["scopes"]["failed"] + report["scopes"]["partial"] + report["scopes"]["denied"] >= 1
    assert any("ExpiredToken" in missing["reason"] for missing in report["missing"])


def test_the_engine_is_killed_while_it_reads(small: Small, settings: Settings, tmp_path: Path, held_up: Hold) -> None:
    private = _environment(settings.data_dir, tmp_path)
    process = start(private, *AWS, "--concurrency", "1")
    assert held_up.arrived.wait(60)
    state = embedded.read_state(settings.data_dir)
    assert state is not None
    os.kill(state.pid, signal.SIGKILL)
    held_up.go_on.set()
    code, _, err = end(process)
    assert code == 1
    assert "--resume" in err
    assert "Traceback" not in err
    code, _, err = muniment(private, *AWS, "--resume")
    assert code == 0, err
    with connect(settings) as database:
        assert database.read("MATCH (r:IngestRun) RETURN r.status AS status") == [{"status": "complete"}]


def test_a_recording_is_read_without_aws(small: Small, environment: dict[str, str], tmp_path: Path) -> None:
    recording = tmp_path / "recording"
    assert muniment(environment, *AWS, "--record", str(recording))[0] == 0
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environment.pop(name)
    code, out, _ = muniment(environment, *AWS, "--replay", str(recording), "--format", "json")
    report = json.loads(out)
    assert code == 0
    assert report["nodes"] == {"created": 0, "changed": 0, "removed": 0}
    assert report["relationships"] == {"created": 0, "changed": 0, "removed": 0}

    (recording / "notes.txt").write_text("mine", encoding="utf-8")
    details = next(recording.rglob(f"{small.production}/**/GetAccountAuthorizationDetails-*"))
    details.unlink()
    code, out, err = muniment(environment, *AWS, "--replay", str(recording), "--format", "json")
    report = json.loads(out)
    assert code == 3
    assert "notes.txt" in err
    assert report["nodes"]["removed"] == 0
    assert any("NotRecorded" in missing["reason"] for missing in report["missing"])


def test_a_folder_that_is_no_recording(environment: dict[str, str], tmp_path: Path) -> None:
    code, _, err = muniment(environment, *AWS, "--replay", str(tmp_path))
    assert code == 1
    assert "hint: " in err


def test_files_of_the_aws_cli(small: Small, environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "printed"
    folder.mkdir()
    details = small.cloud.client("iam", small.production).get_account_authorization_details(
        Filter=["User", "Role", "Group", "LocalManagedPolicy"]
    )
    (folder / f"{small.production}.json").write_text(json.dumps(details, default=str), encoding="utf-8")
    code, out, err = muniment(environment, "ingest", "files", str(folder), "--format", "json")
    assert code == 3, err
    assert json.loads(out)["nodes"]["created"] > 0
    assert any("NotRecorded" in missing["reason"] for missing in json.loads(out)["missing"])


def test_log_records_are_json_lines(small: Small, environment: dict[str, str]) -> None:
    code, _, err = muniment(environment, "--json-logs", *AWS)
    assert code == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert any("organizations complete" in line["message"] for line in lines)


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (("--accounts", "prod"), "", "'prod' is not an account"),
        (("--record", "a", "--replay", "b"), "", "exclude each other"),
        ((), "[aws]\nacounts = []\n", "no setting 'acounts'"),
        ((), "[aws]\nregions = 'eu-west-1'\n", "regions in [aws]"),
        ((), "[aws]\nconcurrency = true\n", "concurrency in [aws]"),
    ],
)
def test_what_cannot_be_understood_is_said_before_anything_is_done(
    environment: dict[str, str], tmp_path: Path, arguments: tuple[str, ...], settings: str, said: str
) -> None:
    Path(environment["MUNIMENT_CONFIG"]).write_text(settings, encoding="utf-8")
    code, _, err = muniment(environment, *AWS, *arguments)
    assert code == 2
    assert said in err


def _until(holds: object, seconds: float = 30) -> None:
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
