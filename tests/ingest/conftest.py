"""An emulated cloud for the tests of ingestion, empty before each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from botocore.retries.standard import ExponentialBackoff
from muniment.ingest import Entrance

from .cloud import Cloud


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[Cloud]:
    """The one server of all tests; take ``cloud`` instead, which is empty."""
    cloud = Cloud()
    yield cloud
    cloud.stop()


def empty(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Empty the cloud, let it behave, and let boto3's environment point to it and to nothing else."""
    cloud.front.clear()
    requests.post(f"{cloud.endpoint}/moto-api/reset", timeout=10)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(folder / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def cloud(running_cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    """An empty cloud without faults, to which boto3's environment points."""
    empty(running_cloud, monkeypatch, tmp_path)
    return running_cloud


@pytest.fixture
def entrance() -> Entrance:
    """An entrance that gives up soon."""
    return Entrance(attempts=2, connect_timeout=2, read_timeout=10)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without the time between them."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda self, context: 0)
