"""Who is an effective administrator of which account."""

from __future__ import annotations

from ...analysis.iam.derive import derive_administers
from .analysis import Analysis

ANALYSIS = Analysis(
    "administers",
    ("ADMINISTERS",),
    frozenset({"iam", "organizations"}),
    lambda _, estate: derive_administers(estate),
)
