"""Conclusions: what follows from the facts in the graph, compared as a whole with what was concluded before.

Conclusions are drawn from the facts as they are known, whole or not. Each analysis is a scope of its own, complete only
if all that it rests on is; what is not known makes decisions ``unknown``, never absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..analysis.iam.derive import derive_administers, derive_can_assume
from ..analysis.iam.estate import Estate
from ..analysis.identity_center import PermissionSet, ReservedRole, provisioned_as
from ..graph.counts import Counts
from ..graph.database import Database
from ..graph.ledger import Ledger, ScopeState
from ..graph.writer import Writer
from ..schema import GLOBAL, Arn, Edge, Listing, Node, Refusal, ScopeId, Status
from .estate import load_estate
from .estate_queries import PERMISSION_SETS

SOURCE = "muniment"
"""The source of scopes that are concluded, not read."""
SETS = ScopeId(SOURCE, "all", GLOBAL, "principal-sets")
"""Nodes that conclusions are about. They are there before the first relationship to them, and go after the last."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: what it concludes, and the collectors whose facts it rests on."""

    name: str
    types: tuple[str, ...]
    rests_on: frozenset[str]
    facts: Callable[[Database, Estate], Iterable[Node | Edge]]

    @property
    def scope(self) -> ScopeId:
        """What it concludes is of this scope."""
        return ScopeId(SOURCE, "all", GLOBAL, self.name)


def _provisioned_as(database: Database, estate: Estate) -> Iterator[Edge]:
    sets = [
        PermissionSet(row["id"], row["name"], frozenset(row["accounts"]) or None)
        for row in database.read(PERMISSION_SETS)
        if row["name"]
    ]
    roles = (
        ReservedRole(role.arn, role.account, _path(role.arn), role.name)
        for role in (estate.roles.values() if sets else ())
    )
    return provisioned_as(sets, roles)


ANALYSES = (
    Analysis("provisioned-as", ("PROVISIONED_AS",), frozenset({"identity-center", "iam"}), _provisioned_as),
    Analysis(
        "can-assume",
        ("CAN_ASSUME", "GATHERED_IN"),
        frozenset({"iam", "organizations"}),
        lambda _, estate: derive_can_assume(estate),
    ),
    Analysis(
        "administers",
        ("ADMINISTERS",),
        frozenset({"iam", "organizations"}),
        lambda _, estate: derive_administers(estate),
    ),
)
"""All analyses, in the order in which they are made."""


def conclude(database: Database, ledger: Ledger, writer: Writer) -> Counts:
    """Make all analyses of the graph as it is, and write what is new or no longer so."""
    estate = load_estate(database)
    known = [state for state in ledger.scopes() if state.id.source != SOURCE]
    nodes: dict[str, Node] = {}
    counts = Counts()
    for analysis in ANALYSES:
        edges: list[Edge] = []
        for fact in analysis.facts(database, estate):
            if isinstance(fact, Edge):
                edges.append(fact)
            else:
                nodes[fact.id] = fact
        counts += writer.write(Listing(SETS, list(nodes.values()), (), Status.PARTIAL))
        counts += writer.derive(
            analysis.scope, analysis.types, edges, complete=True, refusals=list(_doubts(analysis, known))
        )
    return counts + writer.write(Listing(SETS, list(nodes.values()), (), Status.COMPLETE))


def _doubts(analysis: Analysis, known: Iterable[ScopeState]) -> Iterator[Refusal]:
    """What the analysis rests on and was not read completely."""
    for state in known:
        if state.id.collector in analysis.rests_on and not state.complete:
            yield Refusal(str(state.id), state.status)


def _path(arn: str) -> str:
    """The path in a role's ARN: ``/a/b/`` of ``role/a/b/name``."""
    parsed = Arn.maybe(arn)
    resource = parsed.resource.removeprefix("role") if parsed else ""
    return resource[: resource.rfind("/") + 1]
