"""Who can escalate to whom, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...analysis.escalation.escalations import Escalations
from ...analysis.iam.estates.estate import Estate
from ...graph.database import Database
from ...schema import Edge, Node
from ..identity_center import load_centers
from ..root_access import load_root_access
from ..surroundings import load_surroundings, telling_collectors
from .analysis import Analysis


def _facts(database: Database, estate: Estate) -> Iterator[Node | Edge]:
    surroundings = replace(
        load_surroundings(database, estate.accounts),
        centers=load_centers(database, estate),
        root_access=load_root_access(database, estate),
    )
    return Escalations(estate, surroundings).facts()


ANALYSIS = Analysis(
    "escalations",
    ("CAN_ESCALATE_TO", "GATHERED_IN"),
    frozenset({"iam", "organizations", "identity-center", *telling_collectors()}),
    _facts,
)
