"""What the graph of a test states."""

from __future__ import annotations

import json
from typing import Any

from muniment.graph.database import Database


def graph(database: Database) -> dict[str, list[Any]]:
    """All that the graph states, without the times at which it was stated."""
    nodes = database.read("MATCH (n:Asset) RETURN properties(n) AS p, labels(n) AS labels")
    edges = database.read(
        "MATCH (a:Asset)-[r]->(b:Asset) RETURN a.id AS start, type(r) AS type, b.id AS end, properties(r) AS p"
    )
    for row in (*nodes, *edges):
        for name in ("first_seen", "changed_at"):
            row["p"].pop(name, None)
        row["labels"] = sorted(row.get("labels", ()))
    return {"nodes": _sorted(nodes), "edges": _sorted(edges)}


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)
