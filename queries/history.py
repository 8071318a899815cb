"""What a question about changes asks for that is no longer kept: an answer that lacks it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..graph.retention import history_since
from .answer import Knowledge, Missing
from .question import Slot

if TYPE_CHECKING:
    from ..graph.database import Database
    from .library import SavedQuery

SCOPE = "muniment/all/global/history"
"""What is named as missing: no scope of the graph, but written as one."""
_READS = re.compile(r":Change\b")


def with_history(database: Database, query: SavedQuery, values: Mapping[str, Any], known: Knowledge) -> Knowledge:
    """How completely the answer is known, the deleted changes among what is missing where it would tell of them."""
    if not _READS.search(query.cypher):
        return known
    days = [values[parameter.name] for parameter in query.parameters.values() if parameter.slot is Slot.DAYS]
    since = history_since(database)
    if since is None or min(days, default="") >= since:
        return known
    gone = Missing(SCOPE, f"what changed before {since} is no longer kept: [retention] in muniment.toml says how long")
    return replace(known, missing=(*known.missing, gone))
