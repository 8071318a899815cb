"""Conclusions: what follows from the facts in the graph, compared as a whole with what was concluded before.

Conclusions are drawn from the facts as they are known, whole or not. Each analysis is a scope of its own, complete only
if all that it rests on is; what is not known makes decisions ``unknown``, never absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..graph.counts import Counts
from ..graph.database import Database
from ..graph.ledger import Ledger, ScopeState
from ..graph.writer import Writer
from ..schema import GLOBAL, Edge, Listing, Node, Refusal, ScopeId, Status
from .analyses import SOURCE, Analysis, analyses
from .estate import load_estate

SETS = ScopeId(SOURCE, "all", GLOBAL, "principal-sets")
"""Nodes that conclusions are about. They are there before the first relationship to them, and go after the last."""


def conclude(database: Database, ledger: Ledger, writer: Writer) -> Counts:
    """Make all analyses of the graph as it is, and write what is new or no longer so."""
    estate = load_estate(database)
    known = [state for state in ledger.scopes() if state.id.source != SOURCE]
    nodes: dict[str, Node] = {}
    counts = Counts()
    for analysis in analyses():
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
