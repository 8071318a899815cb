"""How many nodes and relationships the writer puts into the embedded engine in a second, and compares in a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.graph import embedded
from muniment.graph.clock import wall_clock
from muniment.graph.counts import Counts
from muniment.graph.database import connect
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.schema import Edge, Listing, Node, ScopeId
from muniment.settings import Settings

from .measure import Figure

ROLES = 10_000
EDGES_EACH = 3


def figures() -> Iterator[Figure]:
    """Write a scope of many facts, then the same again."""
    with TemporaryDirectory(prefix="muniment-bench-") as folder:
        data_dir = Path(folder)
        try:
            with (
                connect(Settings(data_dir)) as database,
                Lease.acquire(database, "benchmark", 600, wall_clock) as lease,
            ):
                Ledger(database, wall_clock).start_run(lease, "benchmark", "aws", {})
                writer = Writer(database, lease, "benchmark", wall_clock)
                _timed(writer, _listing("222222222222", ROLES // 10))  # the engine compiles its code meanwhile
                first, created = _timed(writer, _listing("111122223333", ROLES))
                second, changed = _timed(writer, _listing("111122223333", ROLES))
        finally:
            embedded.stop(data_dir)
    facts = created.nodes.created + created.relationships.created
    yield Figure("facts written", facts, "")
    yield Figure("facts written in a second", facts / first, "", 5_000, at_least=True)
    yield Figure("facts compared in a second, none differing", facts / second, "", 10_000, at_least=True)
    yield Figure("rows of the comparison's own record", changed.rows, "")


def _timed(writer: Writer, listing: Listing) -> tuple[float, Counts]:
    started = time.perf_counter()
    counts = writer.write(listing)
    return time.perf_counter() - started, counts


def _listing(account: str, roles: int) -> Listing:
    """Roles with a trust policy each, and who trusts whom."""
    arns = [f"arn:aws:iam::{account}:role/team/service-{number}" for number in range(roles)]
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}'
    stated = {"provider": "aws", "account_id": account, "path": "/team/", "trust_policy": trust}
    nodes = [Node("Account", account, {"name": account})]
    nodes += [Node("Role", arn, {**stated, "name": arn.rpartition("/")[2]}) for arn in arns]
    edges = [Edge("CONTAINS", account, arn) for arn in arns]
    edges += [
        Edge("TRUSTS", arn, arns[(at * 7 + by) % roles], {"effect": "Allow"}, key=str(by))
        for at, arn in enumerate(arns)
        for by in range(1, EDGES_EACH)
    ]
    return Listing(ScopeId("aws", account, "global", "iam"), nodes, edges)
