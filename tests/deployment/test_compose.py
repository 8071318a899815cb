"""The compose file is one, keeps no password, and opens nothing but loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_port_is_bound_to_loopback() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_password_has_no_default() -> None:
    assert COMPOSE["services"]["neo4j"]["environment"]["NEO4J_AUTH"].startswith("neo4j/${MUNIMENT_DATABASE_PASSWORD:?")


def test_the_server_is_the_supported_release() -> None:
    assert COMPOSE["services"]["neo4j"]["image"].startswith("neo4j:5.26")


def test_every_volume_is_declared() -> None:
    mounted = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert mounted <= COMPOSE["volumes"].keys()
