"""From sources to facts: what AWS, a recording or a folder of files says, as nodes and relationships."""

from __future__ import annotations

from .aws.discovery import discover
from .aws.live import LiveSource
from .aws.plan import Plan, Request
from .aws.session import Entrance
from .door import from_aws, from_files, from_recording
from .listing import listings

__all__ = [
    "Entrance",
    "LiveSource",
    "Plan",
    "Request",
    "discover",
    "from_aws",
    "from_files",
    "from_recording",
    "listings",
]
