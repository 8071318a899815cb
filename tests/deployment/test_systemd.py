"""The units are what systemd understands, and give a process no more than it needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from .documents import UNITS

SERVICES = [path for path in UNITS if path.suffix == ".service"]
HARDENED = {
    "DynamicUser": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
    "KillMode": "mixed",
}


def settings(unit: Path) -> dict[str, str]:
    """What a unit sets; the last where it sets a thing twice."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_systemd_understands_them(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("systemd-analyze is not installed")
    there = str(shutil.which("true"))
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/muniment/bin/muniment", there)
        (tmp_path / unit.name.replace("@.", "@estate.")).write_text(text, encoding="utf-8")
    said = subprocess.run(
        [verify, "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, [line for line in said.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_service_is_hardened(unit: Path) -> None:
    found = settings(unit)
    assert {name: found.get(name) for name in HARDENED} == HARDENED


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_no_secret_is_in_a_unit(unit: Path) -> None:
    assert settings(unit)["EnvironmentFile"] == "/etc/muniment/environment"
    assert "PASSWORD" not in settings(unit)["Environment"]


def test_a_run_that_could_not_read_everything_has_not_failed() -> None:
    (unit,) = (path for path in SERVICES if path.name == "muniment-ingest@.service")
    assert settings(unit)["SuccessExitStatus"] == "3"


def test_every_timer_has_its_service() -> None:
    timers = [path for path in UNITS if path.suffix == ".timer"]
    assert timers
    assert all(path.with_suffix(".service") in SERVICES for path in timers)
