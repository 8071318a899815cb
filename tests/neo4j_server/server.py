"""Where a real Neo4j for the tests comes from: a server that is given, a container, or Maven Central.

``MUNIMENT_TEST_NEO4J_URL`` (with ``…_USER``, ``…_PASSWORD``) names a server whose data the tests delete. Without it a
container is started where Docker answers, else the server's own jars where Maven and Java are.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import platformdirs

HERE = Path(__file__).parent
VERSION = "5.26.30"
HOW_TO_GET_ONE = "no Neo4j for the tests: set MUNIMENT_TEST_NEO4J_URL, start Docker, or install Maven and Java 17"

_RESOLVE = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
_MEMORY = ("-Xmx512m", "-XX:+UseSerialGC")
_START_SECONDS = 300.0


class Way(StrEnum):
    """How to come by a Neo4j, in order of preference."""

    GIVEN = "given"
    CONTAINER = "container"
    MAVEN = "maven"


@dataclass(frozen=True)
class Neo4j:
    """A server that tests may fill and empty."""

    url: str
    user: str
    password: str = field(repr=False)


def choose(environment: Mapping[str, str], possible: Mapping[Way, Callable[[], bool]]) -> Way | None:
    """The first way that is open; None when there is none. Asks no further than it must."""
    if environment.get("MUNIMENT_TEST_NEO4J_URL"):
        return Way.GIVEN
    return next((way for way in (Way.CONTAINER, Way.MAVEN) if possible[way]()), None)


def must_run(environment: Mapping[str, str]) -> bool:
    """Whether tests on Neo4j must not be skipped: on a build server."""
    return environment.get("CI", "").lower() in ("true", "1")


def docker_answers() -> bool:
    """Whether a Docker daemon can be reached."""
    import docker

    try:
        client = docker.from_env(timeout=5)
    except docker.errors.DockerException:
        return False
    try:
        return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False
    finally:
        client.close()


def maven_is_there() -> bool:
    """Whether the server can be had from Maven Central and run."""
    return bool(shutil.which("mvn") and shutil.which("java"))


POSSIBLE: Mapping[Way, Callable[[], bool]] = {Way.CONTAINER: docker_answers, Way.MAVEN: maven_is_there}


@contextmanager
def server(way: Way, folder: Path) -> Iterator[Neo4j]:
    """A running Neo4j; ended with the block unless it was given."""
    if way is Way.GIVEN:
        yield Neo4j(
            os.environ["MUNIMENT_TEST_NEO4J_URL"],
            os.environ.get("MUNIMENT_TEST_NEO4J_USER", "neo4j"),
            os.environ.get("MUNIMENT_TEST_NEO4J_PASSWORD", ""),
        )
    elif way is Way.CONTAINER:
        with _container() as neo4j:
            yield neo4j
    else:
        with _from_maven(folder) as neo4j:
            yield neo4j


@contextmanager
def _container() -> Iterator[Neo4j]:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs

    password = secrets.token_hex(12)
    container = DockerContainer(f"neo4j:{VERSION}").with_env("NEO4J_AUTH", f"neo4j/{password}").with_exposed_ports(7687)
    with container:
        wait_for_logs(container, "Started.", timeout=_START_SECONDS)
        yield Neo4j(f"bolt://{container.get_container_host_ip()}:{container.get_exposed_port(7687)}", "neo4j", password)


@contextmanager
def _from_maven(folder: Path) -> Iterator[Neo4j]:
    password = secrets.token_hex(12)
    with started(folder, password) as (port, _):
        yield Neo4j(f"bolt://127.0.0.1:{port}", "neo4j", password)


@contextmanager
def started(folder: Path, password: str, port: int = 0) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A Neo4j from Maven Central on what the folder holds: its port and its process, which is killed at the end."""
    configuration = folder / "neo4j.conf"
    said = (HERE / "neo4j.conf").read_text(encoding="utf-8")
    configuration.write_text(said.replace("127.0.0.1:0", f"127.0.0.1:{port}"), encoding="utf-8")
    program = str(HERE / "Server.java")
    command = ["java", *_MEMORY, "-cp", classpath(), program, str(configuration), str(folder), password]
    with (folder / "errors.log").open("wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        yield _port(process, folder), process
    finally:
        process.kill()
        process.communicate()


def _port(process: subprocess.Popen[str], folder: Path) -> int:
    assert process.stdout
    guard = threading.Timer(_START_SECONDS, process.kill)
    guard.start()
    try:
        for line in process.stdout:
            if line.startswith("port "):
                return int(line.split()[1])
    finally:
        guard.cancel()
    raise RuntimeError(f"Neo4j did not start: {(folder / 'errors.log').read_text(errors='replace')[-2000:]}")


def classpath() -> str:
    """The jars of the server, in Maven's own repository; asked of Maven once and remembered while they are there."""
    pom = HERE / "pom.xml"
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    remembered = platformdirs.user_cache_path("muniment") / "tests" / f"neo4j-{digest}.classpath"
    if not remembered.is_file() or not all(map(os.path.exists, remembered.read_text().split(os.pathsep))):
        remembered.parent.mkdir(parents=True, exist_ok=True)
        fresh = remembered.with_suffix(f".{os.getpid()}")
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(pom), _RESOLVE, f"-Dmdep.outputFile={fresh}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        fresh.replace(remembered)
    return remembered.read_text().strip()
