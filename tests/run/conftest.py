"""A small organization to run ingestion on."""

from __future__ import annotations

import pytest

from ..ingest.cloud import Cloud
from ..ingest.conftest import cloud, running_cloud
from .small import Small, build

__all__ = ["cloud", "running_cloud"]


@pytest.fixture
def small(cloud: Cloud) -> Small:
    """A management account, production and development."""
    return build(cloud)
