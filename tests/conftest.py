"""Databases for the tests: real ones, started once for all tests and emptied before each.

A test that takes ``database`` runs on both engines. One that needs an embedded engine of its own, to stop or to kill,
takes ``settings``.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from muniment.graph import embedded
from muniment.graph.database import Database, connect
from muniment.settings import Settings
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from .neo4j_server import server as neo4j

hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")
"""No property fails for want of time: on a busy machine one did, by the health check that wants examples made fast."""


class Together(LoadFileScheduling):
    """Files go to the worker that is free, but what costs to begin goes to one worker whole, and what is long, first.

    The demo's organization is built and read once. One Neo4j starts, not one for each worker, and plans a query once.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if nodeid.startswith(DEMO):
            return DEMO
        return NEO4J if file in ON_NEO4J or OF_NEO4J.search(nodeid) else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = next((unit for unit in LONGEST if unit in self.workqueue), None)
        if first:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


DEMO = "tests/demo/"
NEO4J = "Neo4j"
OF_NEO4J = re.compile(r"[\[-]neo4j[\]-]")
"""In the name of a test that runs on either engine: this time on Neo4j."""

ON_NEO4J = {
    "tests/api/test_outage.py",
    "tests/cli/test_killed_while_writing.py",
    "tests/graph/test_database.py",
    "tests/queries/test_library.py",
}
"""What takes Neo4j without such a name, or makes once what it compares both engines with."""

LONGEST = (
    NEO4J,
    "tests/cli/test_ingest.py",
    DEMO,
    "tests/cli/test_demo.py",
    "tests/cli/test_schedule.py",
    "tests/graph/test_embedded.py",
    "tests/analysis/test_escalation_properties.py",
)
"""What takes longest, though some of it is few tests: begun last, it would have one worker run on alone."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """The above in place of ``--dist loadfile``."""
    return Together(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let what a worker tells of the tests to try again leave at once: Nagle's algorithm held each test back for 40 ms.

    pytest-rerunfailures writes twice to the main process before it reads, once a test.
    """
    told = getattr(getattr(session.config, "failures_db", None), "sock", None)
    if told and hasattr(session.config, "workerinput"):
        told.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


HEAP = "512m"

os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
"""Java then starts with two thirds of the work; no test runs long enough for its better compiler to pay."""


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[neo4j.Neo4j]:
    """A real Neo4j; a skip where there is none to be had, a failure on a build server."""
    way = neo4j.choose(os.environ, neo4j.POSSIBLE)
    if way is None:
        (pytest.fail if neo4j.must_run(os.environ) else pytest.skip)(neo4j.HOW_TO_GET_ONE)
    with neo4j.server(way, tmp_path_factory.mktemp("neo4j")) as running:
        yield running


@pytest.fixture(scope="session")
def neo4j_settings(neo4j_server: neo4j.Neo4j, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that reach the Neo4j of all tests."""
    return Settings(
        tmp_path_factory.mktemp("unused"),
        database_url=neo4j_server.url,
        database_user=neo4j_server.user,
        database_password=neo4j_server.password,
    )


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings that reach the embedded engine of all tests."""
    data_dir = tmp_path_factory.mktemp("embedded")
    yield Settings(data_dir, engine_heap=HEAP, engine_idle_seconds=300)
    embedded.stop(data_dir)


@pytest.fixture(scope="session")
def embedded_connection(embedded_settings: Settings) -> Iterator[Database]:
    """One connection for all tests; take ``database`` instead, which is empty."""
    with connect(embedded_settings) as database:
        yield database


@pytest.fixture(scope="session")
def neo4j_connection(neo4j_settings: Settings) -> Iterator[Database]:
    """One connection for all tests; take ``database`` instead, which is empty."""
    with connect(neo4j_settings) as database:
        yield database


def empty(database: Database) -> None:
    """Leave nothing in the graph but the declared schema."""
    for statement in (
        "MATCH (n) WHERE NOT n:Register DETACH DELETE n",
        "MATCH (r:Register) SET r.learned = null, r.concluded_from = null, r.history_since = null",
    ):
        database.write(lambda tx, statement=statement: tx.run(statement).consume())


@pytest.fixture(params=["embedded", "neo4j"])
def engine_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of either engine, for a second connection to the same graph as ``database``."""
    settings = request.getfixturevalue(f"{request.param}_settings")
    assert isinstance(settings, Settings)
    return settings


@pytest.fixture
def database(engine_settings: Settings, request: pytest.FixtureRequest) -> Database:
    """An empty graph with the declared schema, on either engine."""
    name = "neo4j" if engine_settings.database_url else "embedded"
    connection = request.getfixturevalue(f"{name}_connection")
    assert isinstance(connection, Database)
    empty(connection)
    return connection


@pytest.fixture
def embedded_database(embedded_settings: Settings, embedded_connection: Database) -> Database:
    """An empty graph on the embedded engine alone, for tests that are not about engines."""
    empty(embedded_connection)
    return embedded_connection


@pytest.fixture(scope="session")
def prepared_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the declared schema and no engine: a copy of it starts faster than an empty folder."""
    folder = tmp_path_factory.mktemp("prepared")
    with connect(Settings(folder, engine_heap=HEAP)):
        pass
    embedded.stop(folder)
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, prepared_data_dir: Path) -> Iterator[Path]:
    """A data folder for a private embedded engine, which is stopped at the end."""
    folder = tmp_path / "data"
    shutil.copytree(prepared_data_dir / "databases", folder / "databases")
    yield folder
    embedded.stop(folder)


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    """Settings of a private embedded engine, which starts when first connected to."""
    return Settings(data_dir, engine_heap=HEAP, engine_idle_seconds=300)
