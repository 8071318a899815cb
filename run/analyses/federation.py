"""Whom trusts in identity providers let in."""

from __future__ import annotations

from ...analysis.federation.derive import derive_federation
from .analysis import Analysis

ANALYSIS = Analysis(
    "federation",
    ("ADMITTED_TO",),
    frozenset({"iam"}),
    lambda _, estate: derive_federation(estate),
)
