"""Who has access to which data resource, at which level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...analysis.access.accesses import Accesses
from ...analysis.access.families import families
from ...analysis.iam.estates.estate import Estate
from ...graph.database import Database
from ...ingest.aws import collectors
from ...schema import Edge, Node
from ..resource_reading import all_resources
from .analysis import Analysis


def _facts(database: Database, estate: Estate) -> Iterator[Node | Edge]:
    resources = all_resources(database)
    return Accesses(replace(estate, resources=resources)).facts()


def telling_collectors() -> frozenset[str]:
    """Collectors that read what resources say of access: those with a call that takes an action on such a resource."""
    decided = frozenset().union(*(family.names for family in families().values()))
    return frozenset(
        name
        for name, collector in collectors().items()
        if any(action.lower() in decided for call in collector.calls for action in call.actions)
    )


ANALYSIS = Analysis(
    "has-access",
    ("HAS_ACCESS", "SHARES_ACCESS", "ALIKE_IN"),
    frozenset({"iam", "organizations", *telling_collectors()}),
    _facts,
)
