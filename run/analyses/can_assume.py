"""Who can assume which role."""

from __future__ import annotations

from ...analysis.iam.derive import derive_can_assume
from .analysis import Analysis

ANALYSIS = Analysis(
    "can-assume",
    ("CAN_ASSUME", "GATHERED_IN"),
    frozenset({"iam", "organizations"}),
    lambda _, estate: derive_can_assume(estate),
)
