"""Who can become what, in graphs of a shape of their own."""

from __future__ import annotations

import pytest
from muniment.errors import NotFound
from muniment.graph.database import Database
from muniment.queries.becoming import who_can_assume
from muniment.schema import Listing, ScopeId

from . import estate
from .estate import CAROL, PROD_ADMIN


def test_an_unknown_hop_makes_the_path_unknown_and_says_why(embedded_database: Database) -> None:
    reason = "the boundary of carol was not read"
    edges = {
        ScopeId.parse("muniment/all/global/can-assume"): [
            estate.can_assume(CAROL, PROD_ADMIN, "unknown", reason=reason)
        ]
    }
    estate.fill(embedded_database, concluded=edges)
    (row,) = who_can_assume(embedded_database, "payments-prod/ProdAdmin").rows
    assert row["decision"] == "unknown"
    assert reason in row["because"]


def test_a_long_chain_and_a_ring(embedded_database: Database) -> None:
    roles = [estate.role_arn(estate.PAY, f"link-{n:02}") for n in range(40)]
    edges = [estate.can_assume(a, b) for a, b in zip(roles, [*roles[1:], roles[0]], strict=True)]
    listing = Listing(ScopeId.parse(f"aws/{estate.PAY}/global/iam"), [estate.role(r) for r in roles], [])
    estate.fill(embedded_database, [listing], {ScopeId.parse("muniment/all/global/can-assume"): edges})
    answer = who_can_assume(embedded_database, roles[-1])
    assert sorted(row["hops"] for row in answer.rows) == list(range(1, 40))
    assert all(row["path"][-1] == roles[-1] for row in answer.rows)


def test_an_empty_graph_says_so(embedded_database: Database) -> None:
    with pytest.raises(NotFound) as refused:
        who_can_assume(embedded_database, "prod admin")
    assert "muniment demo" in refused.value.hint
