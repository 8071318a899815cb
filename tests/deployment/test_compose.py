"""The compose file is one, keeps no password, opens nothing but loopback, and gives no container more than it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

import pytest

from .documents import COMPOSE, ROOT

SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("api", "scheduler")


def test_every_port_is_bound_to_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize(
    ("service", "variable", "before"),
    [
        ("neo4j", "NEO4J_AUTH", "neo4j/"),
        *((name, "MUNIMENT_DATABASE_PASSWORD", "") for name in OURS),
    ],
)
def test_the_password_has_no_default(service: str, variable: str, before: str) -> None:
    assert SERVICES[service]["environment"][variable].startswith(before + "${MUNIMENT_DATABASE_PASSWORD:?")


def test_the_server_is_the_supported_release() -> None:
    assert SERVICES["neo4j"]["image"].startswith("neo4j:5.26")


def test_every_volume_is_declared() -> None:
    volumes = [volume for service in SERVICES.values() for volume in service["volumes"]]
    assert {volume.split(":")[0] for volume in volumes if isinstance(volume, str)} == COMPOSE["volumes"].keys()


def test_no_volume_is_shared() -> None:
    """The audit log is the API's: what reads the estate has no way to it."""
    named = [volume for service in SERVICES.values() for volume in service["volumes"] if isinstance(volume, str)]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_has_rights_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].split(":")[0]) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service
    assert name not in OURS or service["read_only"]


def test_no_two_containers_share_a_host_name() -> None:
    """A run of another container would be taken for one of this machine whose process is gone."""
    assert [name for name, service in SERVICES.items() if {"hostname", "network_mode"} & service.keys()] == []


def test_what_reads_the_estate_is_the_scheduler_alone() -> None:
    given = {name for name, one in SERVICES.items() if any(key.startswith("AWS_") for key in one["environment"])}
    assert given == {"scheduler"}


def test_compose_understands_it() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")
    said = subprocess.run(
        [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        env={**os.environ, "MUNIMENT_DATABASE_PASSWORD": "example-password"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
