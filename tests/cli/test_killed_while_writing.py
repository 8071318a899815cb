"""`muniment ingest`, killed amid a listing that takes several transactions: nothing is lost, and nothing lies.

The listing is an account's authorization details in a file: what the AWS CLI prints.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from muniment.graph import embedded
from muniment.graph.database import Database, connect
from muniment.graph.execution import INTERRUPTED
from muniment.settings import Settings

from ..conftest import empty
from ..run.state import graph

ACCOUNT = "111122223333"
SCOPE = f"aws/{ACCOUNT}/global/iam"
ROLES = 2_000
STATUS = "MATCH (s:Scope {id: $id}) RETURN s.status AS status, s.completed_at AS completed_at"
MUNIMENT = str(Path(sys.executable).with_name("muniment"))

Graph = dict[str, list[Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account whose roles, policies and what joins them are more than fits into one transaction."""
    folder = tmp_path_factory.mktemp("printed")
    roles = [_role(number) for number in range(ROLES)]
    details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": []}
    (folder / f"{ACCOUNT}.json").write_text(json.dumps(details), encoding="utf-8")
    return folder


def _role(number: int) -> dict[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:role/team/role-{number}"
    trusted = {"Service": "ec2.amazonaws.com"} if number % 2 else {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"{arn}*"}
    return {
        "Arn": arn,
        "RoleName": f"role-{number}",
        "RoleId": f"AROA{number:017}",
        "Path": "/team/",
        "CreateDate": "2026-01-31T10:00:00+00:00",
        "AssumeRolePolicyDocument": _document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}),
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": _document(may)}],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
        "Tags": [],
    }


def _document(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture(scope="module")
def undisturbed(folder: Path, embedded_settings: Settings, embedded_connection: Database) -> Graph:
    """What the graph holds after a run that nobody disturbed."""
    empty(embedded_connection)
    code, _, err = _end(_start(embedded_settings, folder))
    assert code == 3, err
    return graph(embedded_connection)


def test_the_process_is_killed(folder: Path, undisturbed: Graph, engine_settings: Settings, database: Database) -> None:
    process = _start(engine_settings, folder)
    _wait(process, lambda: _status(database) == INTERRUPTED)
    process.kill()
    assert _end(process)[0] == -signal.SIGKILL
    assert _status(database) == INTERRUPTED
    assert database.read(STATUS, id=SCOPE)[0]["completed_at"] is None

    code, out, _ = _end(_start(engine_settings, folder, "--resume"))
    assert code == 3
    assert json.loads(out)["scopes"]["resumed"] == 0
    assert graph(database) == undisturbed
    assert database.read("MATCH (r:IngestRun) RETURN r.status AS status") == [{"status": "incomplete"}]


def test_the_engine_is_killed(folder: Path, undisturbed: Graph, settings: Settings) -> None:
    with connect(settings) as database:
        process = _start(settings, folder)
        _wait(process, lambda: _status(database) == INTERRUPTED)
        state = embedded.read_state(settings.data_dir)
        assert state is not None
        os.kill(state.pid, signal.SIGKILL)
        code, _, err = _end(process)
    assert code == 1
    assert "--resume" in err
    assert "Traceback" not in err
    assert _end(_start(settings, folder, "--resume"))[0] == 3
    with connect(settings) as database:
        assert graph(database) == undisturbed


def _start(settings: Settings, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "MUNIMENT_DATA_DIR": str(settings.data_dir)}
    if settings.database_url:
        environment["MUNIMENT_DATABASE_URL"] = settings.database_url
        environment["MUNIMENT_DATABASE_USER"] = settings.database_user
        environment["MUNIMENT_DATABASE_PASSWORD"] = settings.database_password
    command = [MUNIMENT, "ingest", "files", str(folder), "--format", "json", *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, text=True, **streams)


def _end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=180)
    return process.returncode, out, err


def _status(database: Database) -> str | None:
    found = database.read(STATUS, id=SCOPE)
    return found[0]["status"] if found else None


def _wait(process: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    """Until something holds; a failure if the process ends before."""
    while not holds():
        assert process.poll() is None, _end(process)
        time.sleep(0.02)
