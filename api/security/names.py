"""The register as names are looked up in it by a caller that is limited to accounts.

Whatever such a caller names is found among what it sees, so that a thing of another account is not found, is no
candidate of an ambiguous name, and is not suggested: the same queries are sent, and the same errors come of it, as if
it were not there. What a decision is computed from is read in full, for half of the policies would decide wrongly; what
comes of it is withheld where it is answered (``withholding.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import neo4j

from ...errors import DatabaseAccessDenied
from ...graph.database import Database, T
from ...queries.library import step
from .sight import may_see

ALL_ACCOUNTS = "size($accounts) = 0"
"""How a saved query says that no accounts are all accounts."""
_NO_ACCOUNT = "-"

Rows = list[dict[str, Any]]


class Within(Database):
    """A database of which some accounts only can be named. Close the database that it is made of, not this."""

    def __init__(self, whole: Database, accounts: frozenset[str]) -> None:  # the connection is that of the whole
        self.engine, self.url, self.state, self.memory = whole.engine, whole.url, whole.state, whole.memory
        self._whole = whole
        self._accounts = accounts
        self._names: Mapping[str, Callable[[Rows], Rows]] = {
            **{step(name): self._things for name in _OF_THINGS},
            step("names-known"): self._of_accounts,
            step("accounts"): self._places,
            step("units"): self._units,
        }

    def read(self, cypher: str, /, timeout: float | None = None, **parameters: Any) -> Rows:
        """The rows of a query; of one that looks for names, those that may be seen."""
        if parameters.get("accounts") == [] and ALL_ACCOUNTS in cypher:
            parameters["accounts"] = sorted(self._accounts) or [_NO_ACCOUNT]
        rows = self._whole.read(cypher, timeout, **parameters)
        return self._names.get(cypher, list)(rows)

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:  # noqa: ARG002 - it is not done
        """Nothing is written by who asks."""
        raise DatabaseAccessDenied(f"the database at {self.url} is only read here")

    def _things(self, rows: Rows) -> Rows:
        return [row for row in rows if may_see(row, row["labels"], self._accounts)]

    def _of_accounts(self, rows: Rows) -> Rows:
        return [row for row in rows if row["account_id"] in self._accounts]

    def _places(self, rows: Rows) -> Rows:
        return [row for row in rows if row["id"] in self._accounts]

    def _units(self, rows: Rows) -> Rows:
        """The units that its accounts are in: the accounts say so themselves."""
        paths = [place["path"] or "" for place in self.read(step("accounts"))]
        return [row for row in rows if row["path"] and any(path.startswith(row["path"]) for path in paths)]


_OF_THINGS = ("things-by-key", "things-like", "named-like", "roles-named-like", "administrators")
