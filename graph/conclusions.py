"""What the conclusions in the graph were drawn from, so that a run that learned nothing need not draw them again.

Every transaction that writes facts counts up, in that same transaction. With what is known of each scope and the code
that concludes, the count is the *basis* of the conclusions. It is noted once the last of them is written: a run that
was killed amid them leaves an older one, and the next run draws them all again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import neo4j

from .clock import Clock, timestamp
from .counts import Counts
from .lease import Lease
from .ledger import ScopeState
from .statements import OWNED

LEARN = "MATCH (r:Register {id: 'register'}) SET r.learned = coalesce(r.learned, 0) + 1"
"""Said in each transaction that writes facts."""

_READ = "MATCH (r:Register {id: 'register'}) RETURN r.learned AS learned, r.concluded_from AS concluded_from"
_NOTE = "MATCH (r:Register {id: 'register'}) SET r.concluded_from = $basis"
_AFFIRM = (
    "MATCH (s:Scope) WHERE s.source = $source "
    "SET s.attempted_at = $now, s.run = $run, "
    "s.completed_at = CASE WHEN s.status = 'complete' THEN $now ELSE s.completed_at END "
    f"{OWNED} RETURN count(s) AS affirmed"
)


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What one run, that holds the lease, says of conclusions. ``code`` stands for the code that draws them."""

    lease: Lease
    run: str
    clock: Clock
    code: str

    def still_hold(self, scopes: Iterable[ScopeState]) -> bool:
        """Whether the same would be concluded from what is known now: ``scopes`` are those that sources state."""
        concluded_from = self._read()["concluded_from"]
        return concluded_from is not None and concluded_from == self._basis(scopes)

    def affirm(self, source: str) -> Counts:
        """Record that the conclusions of a source hold as of now, as if they had been drawn again."""
        now = timestamp(self.clock())

        def record(transaction: neo4j.ManagedTransaction) -> int:
            result = transaction.run(_AFFIRM, source=source, run=self.run, now=now)
            return int(result.single(strict=True)["affirmed"])

        return Counts(statements=1, rows=self.lease.write(record))

    def note(self, scopes: Iterable[ScopeState]) -> None:
        """Note what the conclusions, all written by now, were drawn from."""
        basis = self._basis(scopes)
        self.lease.write(lambda transaction: transaction.run(_NOTE, basis=basis).consume())

    def _basis(self, scopes: Iterable[ScopeState]) -> str:
        digest = blake2b(f"{self.code}\0{self._read()['learned']}".encode(), digest_size=16)
        for state in sorted(scopes, key=lambda one: str(one.id)):
            digest.update("\0".join((str(state.id), state.status, *state.refusals)).encode())
            digest.update(b"\1" if state.completed_at else b"\2")
        return digest.hexdigest()

    def _read(self) -> dict[str, Any]:
        return self.lease.database.read(_READ)[0]
