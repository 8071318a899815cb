"""`muniment schedule` as processes: how it ends, what it leaves when it is killed, and two of it at once."""

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

import psutil
import pytest
from muniment.graph.clock import wall_clock
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.outbox import Message, Outbox
from muniment.graph.schedules import Schedules
from muniment.settings import Settings

from ..queries import estate
from ..run.webhooks.receiver import Receiver, listening
from .conftest import Muniment
from .test_killed_while_writing import ACCOUNT, _role

ROLES = 400
"""Enough for a run to be killed amid it."""

SCHEDULES = """
[schedule.printed]
source = "files"
folder = "{folder}"
every = "2h"
retry = "1s"

[schedule.nightly]
cron = "0 3 * * *"
timezone = "Europe/Berlin"
regions = ["eu-west-1"]
enabled = false
"""


def write(folder: Path, roles: int) -> Path:
    """A folder of what the AWS CLI printed of one account, and settings that read it on schedule."""
    printed = folder / "printed"
    printed.mkdir()
    details = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    details["RoleDetailList"] = [_role(number) for number in range(roles)]
    (printed / f"{ACCOUNT}.json").write_text(json.dumps(details), encoding="utf-8")
    config = folder / "muniment.toml"
    config.write_text(SCHEDULES.format(folder=printed), encoding="utf-8")
    return config


def start(settings: Settings, config: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "MUNIMENT_DATA_DIR": str(settings.data_dir), "MUNIMENT_CONFIG": str(config)}
    if settings.database_url:
        environment["MUNIMENT_DATABASE_URL"] = settings.database_url
        environment["MUNIMENT_DATABASE_USER"] = settings.database_user
        environment["MUNIMENT_DATABASE_PASSWORD"] = settings.database_password
    command = [str(Path(sys.executable).with_name("muniment")), *arguments]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, text=True, **streams)


def end(process: subprocess.Popen[str], number: int | None = None) -> tuple[int, str, str]:
    if number:
        process.send_signal(number)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def until(holds: Callable[[], Any], *processes: subprocess.Popen[str]) -> None:
    """Until something holds; a failure if a process ends before."""
    for _ in range(1200):
        if holds():
            return
        assert [end(process) for process in processes if process.poll() is not None] == []
        time.sleep(0.05)
    raise AssertionError("it never came to pass")


def statuses(database: Database) -> list[str]:
    return [run.status for run in Ledger(database, wall_clock).runs()]


def status(database: Database) -> str | None:
    state = Schedules(database, wall_clock).states().get("printed")
    return state.status if state else None


def test_two_schedulers_of_one_graph_run_once(engine_settings: Settings, database: Database, tmp_path: Path) -> None:
    config = write(tmp_path, 3)
    both = [start(engine_settings, config, "--json-logs", "schedule") for _ in range(2)]
    until(lambda: status(database) == "incomplete", *both)
    ended = [end(process, signal.SIGTERM) for process in both]
    assert [code for code, _, _ in ended] == [0, 0]
    assert statuses(database) == ["incomplete"]
    assert Schedules(database, wall_clock).states()["printed"].claims == 1
    for _, out, err in ended:
        assert out == ""
        assert all(json.loads(line)["level"] in {"info", "warning"} for line in err.splitlines())


def test_a_scheduler_and_its_run_are_killed_and_the_next_one_goes_on(
    engine_settings: Settings, database: Database, tmp_path: Path
) -> None:
    config = write(tmp_path, ROLES)
    killed = start(engine_settings, config, "schedule")
    until(lambda: "running" in statuses(database), killed)
    children = psutil.Process(killed.pid).children()
    for process in (killed, *children):
        process.kill()
    assert end(killed)[0] == -signal.SIGKILL
    assert status(database) == "running"
    shown = start(engine_settings, config, "status")
    assert "printed (every 2h): killed, begun at" in end(shown)[1]

    again = start(engine_settings, config, "schedule")
    until(lambda: status(database) == "incomplete", again)
    code, _, err = end(again, signal.SIGTERM)
    assert code == 0
    assert "was killed" in err
    assert statuses(database) == ["incomplete"], "it went on with the same run"
    assert database.read("MATCH (r:Role) WHERE r.scope STARTS WITH 'aws/' RETURN count(r) AS n") == [{"n": ROLES}]


def test_a_run_ends_with_a_scheduler_that_is_killed(
    embedded_settings: Settings, embedded_database: Database, tmp_path: Path
) -> None:
    config = write(tmp_path, ROLES)
    killed = start(embedded_settings, config, "schedule")
    until(lambda: "running" in statuses(embedded_database), killed)
    (child,) = psutil.Process(killed.pid).children()
    killed.kill()
    _, _, said = end(killed)
    child.wait(30)
    assert statuses(embedded_database) == ["failed"], said
    assert status(embedded_database) == "interrupted"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_the_run_and_says_so(
    number: int, embedded_settings: Settings, embedded_database: Database, tmp_path: Path
) -> None:
    process = start(embedded_settings, write(tmp_path, ROLES), "schedule")
    until(lambda: "running" in statuses(embedded_database), process)
    assert end(process, number)[0] == 128 + number
    assert statuses(embedded_database) == ["failed"]
    assert status(embedded_database) == "interrupted"


def test_the_api_keeps_schedules_too(embedded_settings: Settings, embedded_database: Database, tmp_path: Path) -> None:
    process = start(embedded_settings, write(tmp_path, 3), "serve", "--no-auth", "--port", "0", "--schedule")
    until(lambda: status(embedded_database) == "incomplete", process)
    code, _, err = end(process, signal.SIGTERM)
    assert code == 0, err
    assert "Traceback" not in err


def test_one_run_of_a_schedule_is_as_honest_as_ingestion(
    embedded_settings: Settings, embedded_database: Database, tmp_path: Path, muniment: Muniment
) -> None:
    config = str(write(tmp_path, 3))
    ran = muniment("--config", config, "schedule", "run", "printed", "--format", "json")
    assert ran.code == 3
    run = json.loads(ran.out)["run"]
    shown = json.loads(muniment("runs", "--format", "json").out)
    assert [(row["run"], row["trigger"], row["status"]) for row in shown["rows"]] == [
        (run, "schedule printed", "incomplete")
    ]
    listed = json.loads(muniment("--config", config, "schedule", "list", "--format", "json").out)["rows"]
    assert [(row["name"], row["status"], row["failures"]) for row in listed] == [
        ("nightly", None, 0),
        ("printed", "incomplete", 0),
    ]
    told = muniment("--config", config, "status").out.splitlines()
    assert told[0] == "schedule nightly (cron 0 3 * * * (Europe/Berlin)): never ran; not enabled"
    assert told[1].startswith("schedule printed (every 2h): incomplete, begun at 20")
    assert "; next at 20" in told[1]
    assert "schedule" not in muniment("--config", config, "status", "--format", "csv").out
    (Path(config).parent / "printed" / f"{ACCOUNT}.json").unlink()
    assert muniment("--config", config, "schedule", "run", "printed").code == 1
    failed = json.loads(muniment("--config", config, "schedule", "list", "--format", "json").out)["rows"][1]
    assert (failed["status"], failed["failures"]) == ("failed", 1)
    assert failed["error"]
    assert ", failed once: " in muniment("--config", config, "status").out
    Path(config).write_text("", encoding="utf-8")
    (gone,) = json.loads(muniment("--config", config, "schedule", "list", "--format", "json").out)["rows"]
    assert (gone["name"], gone["when"], gone["next"]) == ("printed", "not in this settings file", None)
    assert muniment("--config", config, "schedule", "forget", "printed").out == "schedule printed: forgotten\n"
    assert muniment("--config", config, "schedule", "forget", "printed").code == 1


def test_what_is_declared_is_checked_and_told(tmp_path: Path, muniment: Muniment) -> None:
    config = str(write(tmp_path, 1))
    checked = muniment("--config", config, "schedule", "check")
    assert checked.code == 0
    assert "schedule nightly: aws, cron 0 3 * * * (Europe/Berlin), not enabled" in checked.out
    assert len(muniment("--config", config, "schedule", "next", "nightly", "--count", "3").out.split()) == 3
    assert muniment("--config", config, "schedule", "run", "hourly").code == 1
    Path(config).write_text('[schedule.x]\nevery = "6h"\nregoins = ["eu-west-1"]\n', encoding="utf-8")
    refused = muniment("--config", config, "schedule", "check")
    assert refused.code == 2
    assert "[schedule.x]" in refused.err
    hook = '[[webhook]]\nname = "siem"\nurl = "https://hooks.example.com/secret-path"\nsecret_env = "NOT_SET"\n'
    Path(config).write_text(hook, encoding="utf-8")
    shown = muniment("--config", config, "schedule", "check").out.splitlines()
    assert shown[0] == "no schedule is declared"
    assert shown[1].startswith("webhook siem: https://hooks.example.com, new-exposure")
    Path(config).write_text(hook.replace("secret_env", "secret"), encoding="utf-8")
    assert muniment("--config", config, "schedule", "check").code == 2
    Path(config).write_text('[schedule.x]\nevery = "6h"\nregoins = ["eu-west-1"]\n', encoding="utf-8")
    assert "regoins" in refused.err


def test_nothing_to_keep_is_said(tmp_path: Path, muniment: Muniment) -> None:
    (tmp_path / "muniment.toml").write_text("", encoding="utf-8")
    refused = muniment("--config", str(tmp_path / "muniment.toml"), "schedule")
    assert refused.code == 2
    assert "[schedule.NAME]" in refused.err


def test_webhooks_alone_are_enough(embedded_settings: Settings, embedded_database: Database, tmp_path: Path) -> None:
    estate.fill(embedded_database)
    with listening(Receiver()) as receiver:
        config = tmp_path / "muniment.toml"
        (tmp_path / "secret").write_text("a secret of more than 24 bytes", encoding="utf-8")
        config.write_text(
            f'[[webhook]]\nname = "siem"\nurl = "{receiver.url}"\nsecret_file = "{tmp_path}/secret"\n', encoding="utf-8"
        )
        process = start(embedded_settings, config, "schedule")
        until(lambda: receiver.got, process)
        code, out, err = end(process, signal.SIGTERM)
        assert (code, out) == (0, ""), err
        assert receiver.types() == ["baseline"]


def test_a_receiver_that_hangs_does_not_hold_up_the_end(
    embedded_settings: Settings, embedded_database: Database, tmp_path: Path
) -> None:
    """All that is due is not attempted before a scheduler ends that was told to."""
    with listening(Receiver()) as receiver:
        receiver.on_got = lambda: time.sleep(1)
        config = tmp_path / "muniment.toml"
        (tmp_path / "secret").write_text("a secret of more than 24 bytes", encoding="utf-8")
        config.write_text(
            f'[[webhook]]\nname = "siem"\nurl = "{receiver.url}"\nsecret_file = "{tmp_path}/secret"\n', encoding="utf-8"
        )
        outbox = Outbox(embedded_database)
        waiting = [Message(f"msg_{number}", "siem", "new-exposure", "{}") for number in range(500)]
        outbox.announce("siem", outbox.announced("siem", []), {}, waiting, now=wall_clock(), token=None)
        process = start(embedded_settings, config, "schedule")
        until(lambda: receiver.got, process)
        assert end(process, signal.SIGTERM)[0] == 0
        assert len(receiver.got) < 100


def test_exit_codes_for_cron(
    embedded_settings: Settings, embedded_database: Database, tmp_path: Path, muniment: Muniment
) -> None:
    """As docs/scheduling.md has them: 3, 1, 2 and 143 here, 0 with AWS."""
    config = write(tmp_path, ROLES)
    interrupted = start(embedded_settings, config, "schedule", "run", "printed")
    until(lambda: "running" in statuses(embedded_database), interrupted)
    assert end(interrupted, signal.SIGTERM)[0] == 143
    assert muniment("--config", str(config), "schedule", "run", "printed", "--resume").code == 3
    assert statuses(embedded_database) == ["incomplete"], "it went on with the same run"
    with Lease.acquire(embedded_database, "another", 600, wall_clock):
        held = muniment("--config", str(config), "schedule", "run", "printed")
    assert held.code == 1
    assert "another is writing the graph" in held.err
    config.write_text('[schedule.printed]\nevery = "6"\n', encoding="utf-8")
    assert muniment("--config", str(config), "schedule", "run", "printed").code == 2


def test_a_run_deletes_what_was_kept_long_enough(
    embedded_database: Database, tmp_path: Path, muniment: Muniment
) -> None:
    config = write(tmp_path, 3)
    config.write_text(f'{config.read_text("utf-8")}\n[retention]\nhistory = "30d"\n', encoding="utf-8")
    old = {"id": "run/1", "run": "run", "at": "2020-01-01T00:00:00Z", "scope": "aws/1/global/iam"}
    embedded_database.write(lambda tx: tx.run("CREATE (c:Change) SET c = $old", old=old).consume())
    ran = muniment("--config", str(config), "-v", "schedule", "run", "printed")
    assert ran.code == 3
    assert "deleted by [retention]: 1 changes, 0 runs" in ran.err
    assert embedded_database.read("MATCH (c:Change {run: 'run'}) RETURN c.id AS id") == []
    config.write_text('[retention]\nhistory = "soon"\n[schedule.x]\nevery = "1h"\n', encoding="utf-8")
    refused = muniment("--config", str(config), "schedule")
    assert (refused.code, "retention.history" in refused.err) == (2, True)
