"""Compares derived relationships with those in the graph while they are still being derived.

There may be a million. What the graph holds is kept as two numbers each, an identity and a hash; what is derived passes
through once, and only what differs is gathered, a part at a time. What was not derived again is found by walking once
more through what the graph holds, and only if there is any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

import neo4j

from ..schema import Edge, ScopeId
from . import statements
from .database import Database
from .diff import EdgeChange
from .holding import Nearer, find, kinds_of
from .stated import EdgeIdentity, StatedEdge, check_ends, state_edge

PART = 5_000
"""Derived relationships that are looked at together."""
GONE = 100_000
"""Relationships not derived again that are gathered in one walk."""


@dataclass
class Derivation:
    """Derived relationships of some types that belong to one scope, against those of the same scope in the graph."""

    database: Database
    scope: ScopeId
    types: tuple[str, ...]
    edges: int = 0
    """How many the graph holds once all that is yielded was written."""
    kinds: dict[str, str] = field(default_factory=dict, repr=False)
    """Kinds of the nodes that relationships join, as far as they were looked up."""
    _held: dict[int, int] = field(default_factory=dict, repr=False)
    """By identity the hash, or its complement, which is negative, once it was derived again."""

    def load(self) -> None:
        """Learn what the graph holds."""
        query = statements.edges_of_scope(self.types)

        def read(transaction: neo4j.ManagedTransaction) -> dict[int, int]:
            found = transaction.run(query, scope=str(self.scope))
            return {
                _number((type_, start, end, key)): _short(hashed)
                for type_, start, end, key, hashed in (record.values() for record in found)
            }

        self._held = self.database.write(read)
        self.edges = len(self._held)

    def differing(self, edges: Iterable[Edge]) -> Iterator[tuple[list[EdgeChange], Nearer]]:
        """What is new or changed, in parts.

        ValueError for what is not declared, what is derived twice and differently, and what ends at no node.
        """
        stated = (state_edge(str(self.scope), edge, derived=True) for edge in edges)
        while part := list(islice(stated, PART)):
            created, changed = self._sorted(part)
            self._check([*created, *changed])
            self.edges += len(created)
            nearer = Nearer(edge.identity for edge in changed)
            before = {
                edge.identity: edge for edge in find(self.database, [e.identity for e in changed], nearer, self.kinds)
            }
            yield (
                [EdgeChange(None, edge) for edge in created]
                + [EdgeChange(before.get(edge.identity), edge) for edge in changed],
                nearer,
            )

    def vanished(self) -> Iterator[tuple[list[EdgeChange], Nearer]]:
        """What the graph holds and was not derived again, in parts."""
        remaining = {number for number, known in self._held.items() if known >= 0}
        self._held.clear()
        while remaining:
            gone = self._among(remaining)
            remaining -= {_number(identity) for identity in gone}
            if not gone:
                return
            self.edges -= len(gone)
            nearer = Nearer(gone)
            self.kinds |= kinds_of(self.database, {end for _, start, end_, _ in gone for end in (start, end_)})
            for at in range(0, len(gone), PART):
                found = find(self.database, gone[at : at + PART], nearer, self.kinds)
                yield [EdgeChange(edge, None) for edge in found], nearer

    def _sorted(self, part: Sequence[StatedEdge]) -> tuple[list[StatedEdge], list[StatedEdge]]:
        created: list[StatedEdge] = []
        changed: list[StatedEdge] = []
        for edge in part:
            if edge.type not in self.types:
                raise ValueError(f"{edge.type} was derived where only {', '.join(self.types)} may be")
            number, hashed = _number(edge.identity), _short(edge.content_hash)
            known = self._held.get(number)
            if known is not None and known < 0 and ~known != hashed:
                raise ValueError(f"{edge.start} -{edge.type}-> {edge.end} was derived twice and differently")
            self._held[number] = ~hashed
            if known is None:
                created.append(edge)
            elif known >= 0 and known != hashed:
                changed.append(edge)
        return created, changed

    def _check(self, edges: Sequence[StatedEdge]) -> None:
        ends = {end for edge in edges for end in (edge.start, edge.end)}
        self.kinds |= kinds_of(self.database, ends - self.kinds.keys())
        missing = [edge for edge in edges if edge.start not in self.kinds or edge.end not in self.kinds]
        if missing:
            named = "; ".join(f"{edge.start} -{edge.type}-> {edge.end}" for edge in missing[:5])
            raise ValueError(f"{len(missing)} derived relationships end at nodes that are not in the graph: {named}")
        for edge in edges:
            check_ends(edge.type, self.kinds[edge.start], self.kinds[edge.end])

    def _among(self, wanted: set[int]) -> list[EdgeIdentity]:
        query = statements.edges_of_scope(self.types)

        def read(transaction: neo4j.ManagedTransaction) -> list[EdgeIdentity]:
            records = transaction.run(query, scope=str(self.scope))
            identities = ((r["type"], r["start"], r["end"], r["key"]) for r in records)
            return list(islice((identity for identity in identities if _number(identity) in wanted), GONE))

        return self.database.write(read)


def _number(identity: EdgeIdentity) -> int:
    digest = blake2b("\0".join(identity).encode(), digest_size=16).digest()
    return int.from_bytes(digest, "big")


def _short(content_hash: str) -> int:
    return int(content_hash[:15], 16)
