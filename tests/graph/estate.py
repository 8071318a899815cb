"""A small estate to write, and the graph as one value to compare."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.writer import Writer
from muniment.schema import Edge, Listing, Node, Ownership, ScopeId, Status

ACCOUNT = "111122223333"
SCOPE = ScopeId("aws", ACCOUNT, "global", "iam")
OTHER = ScopeId("aws", "444455556666", "global", "iam")
CONCLUSIONS = ScopeId("muniment", "all", "global", "can-assume")
TIMES = {"first_seen", "changed_at"}

_runs = itertools.count(1)


class Clock:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def writer(database: Database, run: str | None = None, clock: Clock | None = None) -> Writer:
    """A writer of a run of its own, which holds the lease from here on."""
    clock = clock or Clock()
    free(database)
    run = run or f"run-{next(_runs)}"
    return Writer(database, Lease.acquire(database, run, 60, clock), run, clock)


def free(database: Database) -> None:
    """Let the next one have the lease, whoever holds it."""
    database.write(lambda tx: tx.run("MATCH (l:Lease) SET l.holder = null").consume())


def role(name: str, account: str = ACCOUNT, **properties: Any) -> Node:
    """A role that its account's scope states."""
    known = {"name": name, "provider": "aws", "account_id": account, **properties}
    return Node("Role", f"arn:aws:iam::{account}:role/{name}", known)


def reference(kind: str, identity: str, **properties: Any) -> Node:
    """A node that is only named."""
    return Node(kind, identity, properties, Ownership.REFERENCE)


def shared(kind: str, identity: str, **properties: Any) -> Node:
    """A node that several scopes state."""
    return Node(kind, identity, properties, Ownership.SHARED)


def trusts(start: Node, end: Node, key: str = "1", **properties: Any) -> Edge:
    """A statement of a trust policy."""
    return Edge("TRUSTS", start.id, end.id, {"effect": "Allow", **properties}, key)


def assumes(start: Node, end: Node, **properties: Any) -> Edge:
    """A conclusion."""
    return Edge("CAN_ASSUME", start.id, end.id, {"derived": True, "decision": "allow", **properties})


def listing(
    nodes: Iterable[Node] = (),
    edges: Iterable[Edge] = (),
    *,
    scope: ScopeId = SCOPE,
    status: Status = Status.COMPLETE,
) -> Listing:
    """A listing, complete unless said otherwise."""
    return Listing(scope, tuple(nodes), tuple(edges), status)


def many(version: str, start: int) -> Listing:
    """Ninety roles in one version; with another start some are gone and some are new."""
    account = reference("Account", ACCOUNT)
    roles = [role(f"r{number:04}", description=version) for number in range(start, start + 90)]
    edges = [Edge("CONTAINS", account.id, node.id) for node in roles]
    edges += [trusts(node, account, effect=version) for node in roles]
    return listing([*roles, account], edges)


def graph(database: Database) -> dict[str, Any]:
    """All facts in the graph, but for the times at which they were written."""
    nodes = database.read("MATCH (n:Asset) RETURN labels(n) AS labels, properties(n) AS properties")
    edges = database.read(
        "MATCH (a:Asset)-[r]->(b:Asset) RETURN a.id AS start, type(r) AS type, b.id AS end, properties(r) AS properties"
    )
    return {
        "nodes": sorted(((sorted(row["labels"]), _timeless(row["properties"])) for row in nodes), key=repr),
        "edges": sorted(
            ((row["start"], row["type"], row["end"], _timeless(row["properties"])) for row in edges), key=repr
        ),
    }


def ids(database: Database) -> list[str]:
    """The ids of all assets."""
    return [row["id"] for row in database.read("MATCH (n:Asset) RETURN n.id AS id ORDER BY id")]


def properties(database: Database, identity: str) -> dict[str, Any]:
    """All properties of one asset."""
    (row,) = database.read("MATCH (n:Asset {id: $id}) RETURN properties(n) AS properties", id=identity)
    found: dict[str, Any] = row["properties"]
    return found


def record(database: Database, scope: ScopeId = SCOPE) -> dict[str, Any]:
    """A scope's record."""
    (row,) = database.read("MATCH (s:Scope {id: $id}) RETURN properties(s) AS properties", id=str(scope))
    found: dict[str, Any] = row["properties"]
    return found


def changes(database: Database, run: str) -> list[tuple[str, str, str]]:
    """What a run recorded: operation, kind, subject."""
    rows = database.read(
        "MATCH (c:Change) WHERE c.run = $run "
        "RETURN c.operation AS operation, c.kind AS kind, c.subject AS subject ORDER BY operation, kind, subject",
        run=run,
    )
    return [(row["operation"], row["kind"], row["subject"]) for row in rows]


def _timeless(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in found.items() if name not in TIMES)
