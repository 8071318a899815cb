"""The embedded engine: one process per data folder, private to its owner, there when needed and gone when not."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from muniment.errors import DatabaseAccessDenied, DatabaseError, DatabaseInUse, DatabaseUnavailable, QueryTimeout
from muniment.graph import embedded, idle, launch
from muniment.graph.database import Database, connect
from muniment.settings import Settings

CONNECT = """
import sys
from pathlib import Path
from muniment.graph.database import connect
from muniment.settings import Settings
with connect(Settings(Path(sys.argv[1]), engine_heap="512m", engine_idle_seconds=300)) as database:
    print(database.state.pid)
"""

SQL_WRITES = (
    "CREATE VERTEX TYPE Sneaked",
    "CREATE PROPERTY Role.sneaked STRING",
    "CREATE INDEX ON Role (path) NOTUNIQUE",
    "INSERT INTO Role SET id = 'sneaked'",
    "CREATE VERTEX Role SET id = 'sneaked'",
    "UPDATE Role SET name = 'sneaked'",
    "DELETE FROM Role",
    "TRUNCATE TYPE Role",
    "DROP TYPE Role UNSAFE",
    "ALTER DATABASE `arcadedb.dateFormat` 'yyyy'",
    "BACKUP DATABASE",
    "IMPORT DATABASE file:///etc/passwd",
)


def started(settings: Settings) -> embedded.State:
    with connect(settings) as database:
        assert database.state
        return database.state


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill(state: embedded.State) -> None:
    os.kill(state.pid, signal.SIGKILL)
    assert eventually(lambda: not embedded.running(state.data_dir))


def ask(state: embedded.State, user: str, path: str, body: dict[str, str]) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", state.http_port, timeout=30)
    credentials = base64.b64encode(f"{user}:{state.passwords[user]}".encode()).decode()
    connection.request("POST", path, json.dumps(body), {"Authorization": f"Basic {credentials}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_commands_started_at_once_end_up_on_one_engine_that_outlives_them(data_dir: Path) -> None:
    commands = [
        subprocess.Popen([sys.executable, "-c", CONNECT, str(data_dir)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    pids = {command.communicate(timeout=120)[0].strip() for command in commands}

    assert len(pids) == 1
    assert psutil.Process(int(pids.pop())).is_running()


def test_an_empty_folder_becomes_a_register(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "not" / "yet" / "there", engine_heap="512m")
    try:
        with connect(settings) as database:
            assert database.read("MATCH (r:Register) RETURN r.schema_version AS version") == [{"version": 1}]
        assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    finally:
        embedded.stop(settings.data_dir)


def test_it_listens_on_this_machine_only(embedded_database: Database) -> None:
    assert embedded_database.state
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(embedded_database.state.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert len(listening) == 2
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_passwords_are_nowhere_that_others_can_read(embedded_database: Database) -> None:
    state = embedded_database.state
    assert state
    process = psutil.Process(state.pid)
    visible = " ".join((*process.cmdline(), *process.environ().values(), repr(state)))
    readable = [
        file
        for file in state.data_dir.rglob("*")
        if file.is_file() and any(password.encode() in file.read_bytes() for password in state.passwords.values())
    ]

    assert not any(password in visible for password in state.passwords.values())
    assert [file.name for file in readable] == ["engine.json"]
    assert stat.S_IMODE(readable[0].stat().st_mode) == 0o600


@pytest.mark.parametrize("statement", SQL_WRITES)
def test_the_reader_cannot_write_by_the_other_door(embedded_database: Database, statement: str) -> None:
    state = embedded_database.state
    assert state
    embedded_database.write(lambda tx: tx.run("CREATE (:Role {id: 'r1', name: 'one'})").consume())

    code, said = ask(state, launch.READER, "/api/v1/command/muniment", {"language": "sql", "command": statement})

    assert code != 200, said
    assert embedded_database.read("MATCH (r:Role) RETURN r.id AS id, r.name AS name") == [{"id": "r1", "name": "one"}]


@pytest.mark.parametrize("command", ["drop database muniment", "create database other", "shutdown", "list databases"])
def test_the_reader_cannot_administer_the_engine(embedded_database: Database, command: str) -> None:
    state = embedded_database.state
    assert state

    code, said = ask(state, launch.READER, "/api/v1/server", {"command": command})

    assert code != 200 or json.loads(said)["result"] == ["muniment"]
    assert embedded_database.read("MATCH (r:Register) RETURN r.id AS id") == [{"id": "register"}]


def test_a_killed_engine_is_started_again_and_its_number_is_not_mistaken(settings: Settings) -> None:
    state = started(settings)
    kill(state)
    recorded = json.loads((state.data_dir / "engine.json").read_text())
    (state.data_dir / "engine.json").write_text(json.dumps({**recorded, "pid": os.getpid()}))

    assert not embedded.status(state.data_dir).running
    assert not embedded.stop(state.data_dir)
    assert started(settings).pid not in (state.pid, os.getpid())


def test_a_damaged_state_file_is_survived(settings: Settings) -> None:
    state = started(settings)
    (state.data_dir / "engine.json").write_text("{ not json")

    assert embedded.stop(state.data_dir)
    assert started(settings).pid != state.pid


def test_a_connection_whose_engine_was_killed_says_so(settings: Settings) -> None:
    with connect(settings) as database:
        assert database.state
        kill(database.state)

        with pytest.raises(DatabaseUnavailable):
            database.read("RETURN 1 AS one")


def test_without_leave_to_start_nothing_is_started(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="not running") as caught:
        connect(settings, start=False)

    assert "muniment db start" in caught.value.hint
    assert not embedded.running(settings.data_dir)


WRITER = """
import sys
from pathlib import Path
from muniment.errors import DatabaseError
from muniment.graph.database import connect
from muniment.settings import Settings

NODES = "UNWIND range(0, 99) AS i CREATE (:Role {id: $batch + '/' + toString(i), path: $batch})"
LINKS = \"\"\"
UNWIND range(1, 99) AS i MATCH (a:Role {id: $batch + '/' + toString(i)}), (b:Role {id: $batch + '/0'})
CREATE (a)-[:CAN_ASSUME]->(b)
\"\"\"

def batch(number):
    def work(tx):
        for statement in (NODES, LINKS):
            tx.run(statement, batch=str(number)).consume()
    return work

settings = Settings(Path(sys.argv[1]), engine_heap="512m", engine_idle_seconds=300)
number = 0
while number < 25:
    try:
        with connect(settings) as database:
            while number < 25:
                number += 1
                database.write(batch(number))
                print(number, flush=True)
    except DatabaseError:
        pass
"""


def test_killing_it_amid_writing_loses_nothing_that_was_acknowledged(settings: Settings) -> None:
    command = [sys.executable, "-c", WRITER, str(settings.data_dir)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    acknowledged = []
    for line in writer.stdout:
        acknowledged.append(int(line))
        if len(acknowledged) in (3, 8, 15):
            state = embedded.read_state(settings.data_dir)
            assert state
            os.kill(state.pid, signal.SIGKILL)
    assert writer.wait(60) == 0

    with connect(settings) as database:
        rows = database.read("MATCH (r:Role) RETURN r.path AS batch, count(r) AS all, count(DISTINCT r.id) AS distinct")
        linked = database.read("MATCH (a:Role)-[r:CAN_ASSUME]->(b:Role) WHERE a.path = b.path RETURN count(r) AS all")
    assert {int(row["batch"]) for row in rows} >= set(acknowledged)
    assert {(row["all"], row["distinct"]) for row in rows} == {(100, 100)}
    assert linked == [{"all": 99 * len(rows)}]


def test_it_stops_when_nobody_uses_it_and_not_before(settings: Settings) -> None:
    settings = replace(settings, engine_idle_seconds=1)
    with connect(settings) as database:
        time.sleep(2.5)
        assert database.read("RETURN 1 AS one") == [{"one": 1}]

    assert eventually(lambda: not embedded.running(settings.data_dir))
    assert database.state
    assert not psutil.pid_exists(database.state.pid) or psutil.Process(database.state.pid).status() == "zombie"


def test_a_watcher_that_died_is_replaced(settings: Settings) -> None:
    settings = replace(settings, engine_idle_seconds=1.5)
    with connect(settings):
        watchers = [process for process in psutil.process_iter() if is_watcher(process, settings.data_dir)]
        assert len(watchers) == 1
        watchers[0].kill()
        assert eventually(lambda: not any(is_watcher(p, settings.data_dir) for p in psutil.process_iter()))
        with connect(settings):
            pass

    assert eventually(lambda: not embedded.running(settings.data_dir))


def is_watcher(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.cmdline()[-2:] == ["muniment.graph.idle", str(data_dir)] and process.status() != "zombie"
    except psutil.Error:
        return False


def test_an_engine_whose_folder_was_deleted_ends(settings: Settings, tmp_path: Path) -> None:
    settings = replace(settings, engine_idle_seconds=1)
    with connect(settings) as database:
        assert database.state
        engine = psutil.Process(database.state.pid)
        settings.data_dir.rename(tmp_path / "gone")

        assert eventually(lambda: not engine.is_running() or engine.status() == "zombie")


def test_an_engine_whose_folder_was_deleted_before_anybody_watched_it_ends(settings: Settings, tmp_path: Path) -> None:
    with (settings.data_dir / "watcher.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        engine = psutil.Process(started(settings).pid)
    settings.data_dir.rename(tmp_path / "gone")

    idle.watch(settings.data_dir)

    assert eventually(lambda: not engine.is_running() or engine.status() == "zombie")


def test_a_folder_that_another_program_holds_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_START_SECONDS", 0.3)
    with (settings.data_dir / "engine.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(DatabaseInUse, match="data folder") as caught:
            connect(settings)
        with pytest.raises(DatabaseInUse):
            embedded.stop(settings.data_dir)

    assert caught.value.hint


def test_a_database_that_another_arcadedb_has_open_is_in_use(settings: Settings) -> None:
    with (settings.data_dir / "databases" / "muniment" / "database.lck").open("ab") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)

        with pytest.raises(DatabaseInUse):
            connect(settings)


def test_a_port_taken_in_between_is_given_up_for_another(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = embedded._free_ports
    with embedded.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        choices = iter([(port, choose()[1]), (choose()[0], port)])
        monkeypatch.setattr(embedded, "_free_ports", lambda: next(choices, None) or choose())

        state = started(settings)

    assert next(choices, None) is None
    assert port not in (state.bolt_port, state.http_port)


def test_a_java_that_does_not_start_is_quoted(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="heap"):
        connect(replace(settings, engine_heap="999999g"))

    assert not embedded.running(settings.data_dir)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DatabaseError, match="file/data") as caught:
        connect(Settings(tmp_path / "file" / "data"))

    assert "MUNIMENT_DATA_DIR" in caught.value.hint


def test_a_statement_ends_at_the_time_allowed(settings: Settings) -> None:
    with connect(replace(settings, engine_query_seconds=1)) as database:
        endless = "UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN sum(a * b % 7) AS sum"

        with pytest.raises(QueryTimeout) as caught:
            database.read(endless)
        with pytest.raises(QueryTimeout):
            database.write(lambda tx: tx.run(endless).data())

        assert "MUNIMENT_QUERY_SECONDS" in caught.value.hint
        assert database.read("RETURN 1 AS one") == [{"one": 1}]


def test_what_is_too_long_for_the_engine_is_refused_in_plain_words(embedded_database: Database) -> None:
    """It would not answer to a message that is too long, and whoever sent it would wait for ever."""
    keep = "CREATE (r:Role {id: 'r1'}) SET r.anything = $text RETURN size(r.anything) AS size"
    count = "RETURN size($texts) AS size"
    with pytest.raises(DatabaseError, match=r"length 17,?000,?000 exceeds the maximum"):
        embedded_database.write(lambda tx: tx.run(keep, text="x" * 17_000_000).single())
    with pytest.raises(DatabaseError, match=r"a statement with 70,\d+,\d+ bytes of values"):
        embedded_database.read(count, texts=["ü" * 500] * 70_000)
    assert embedded_database.read(count, texts=["x" * 1000] * 50_000) == [{"size": 50_000}]


def test_passwords_that_do_not_fit_are_explained(settings: Settings) -> None:
    state = started(settings)
    recorded = json.loads((state.data_dir / "engine.json").read_text())
    (state.data_dir / "engine.json").write_text(
        json.dumps({**recorded, "passwords": dict.fromkeys(state.passwords, "x")})
    )

    with pytest.raises(DatabaseAccessDenied) as caught:
        connect(settings)

    assert "muniment db stop" in caught.value.hint
