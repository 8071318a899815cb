"""Reads for one request, gathered: all nodes that are asked for at one level are read by one query, not one each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from ...graph.database import Database
from ..security.sight import SEEN, cleared
from ..threads import Threads
from . import reading
from .paging import Page
from .reading import Following, Found, Selection
from .selected import Fields, Selections

T = TypeVar("T")
K = TypeVar("K")


@dataclass
class Reader:
    """The database as one request sees it. ``queries`` counts what it cost."""

    database: Database
    seconds: float
    """How long one query may take."""
    threads: Threads
    """Those of all requests together."""
    accounts: frozenset[str] | None = None
    """All accounts that the caller sees anything of; None for one that sees everything."""
    queries: int = 0
    selections: Selections = field(default_factory=Selections)
    """What the request wants of what it asks for, as far as it was told already."""
    _loaders: dict[tuple[object, str], DataLoader[str, Any]] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Whether there is anything that the caller must not see."""
        return self.accounts is not None

    async def page(self, selection: Selection, page: Page) -> list[dict[str, Any]]:
        """The nodes of a page of a list, and one more where there is another page."""
        return await self.rows(*selection.page(page, limited=self.limited))

    async def count(self, selection: Selection) -> int:
        """How many nodes there are on all pages of a list."""
        return int((await self.rows(*selection.count(limited=self.limited)))[0]["total"])

    async def rows(self, cypher: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of a query."""
        self.queries += 1
        seen = {} if self.accounts is None else {SEEN: sorted(self.accounts)}
        return await self.call(lambda: self.database.read(cypher, self.seconds, **parameters, **seen))

    async def call(self, work: Callable[[], T]) -> T:
        """Do work that waits for the database, in a thread."""
        return await self.threads.call(work)

    def node(self, wanted: Fields) -> DataLoader[str, Found | None]:
        """Loads a node with these of its properties, by its id; None where there is none."""
        return self._loader(wanted, "node", self._nodes)

    def node_with(self, wanted: Fields, following: Following) -> DataLoader[str, Found | None]:
        """The same, by a query that reads what a relationship leads to as well: that is ``found`` of the node."""
        return self._loader((wanted, following), "node with", self._nodes_with)

    def neighbours(self, following: Following) -> DataLoader[str, list[Found]]:
        """Loads what a relationship leads to, by the id of where it starts."""
        return self._loader(following, "page", self._neighbours)

    def totals(self, following: Following) -> DataLoader[str, int]:
        """Loads how many it leads to."""
        return self._loader(following, "total", self._totals)

    def _loader(self, of: K, what: str, load: Callable[[K, list[str]], Any]) -> DataLoader[str, Any]:
        if (of, what) not in self._loaders:
            self._loaders[of, what] = DataLoader(load_fn=lambda ids: load(of, ids))
        return self._loaders[of, what]

    async def _nodes(self, wanted: Fields, ids: list[str]) -> Sequence[Found | None]:
        rows = await self.rows(reading.by_id(wanted, limited=self.limited), {"ids": ids})
        found = {row["id"]: row for row in rows}
        return [found.get(one) for one in ids]

    async def _nodes_with(self, of: tuple[Fields, Following], ids: list[str]) -> Sequence[Found | None]:
        wanted, following = of
        cypher, parameters = following.query_with(wanted, many=len(ids) > 1, limited=self.limited)
        rows = await self.rows(cypher, {**parameters, "ids": ids})
        found = {row["id"]: {**row, "found": self._all_seen(row["found"])} for row in rows}
        return [found.get(one) for one in ids]

    async def _neighbours(self, following: Following, ids: list[str]) -> Sequence[list[Found]]:
        cypher, parameters = following.query(many=len(ids) > 1, limited=self.limited)
        found: dict[str, list[Found]] = defaultdict(list)
        for row in await self.rows(cypher, {**parameters, "ids": ids}):
            found[row["id"]] = self._all_seen(row["found"])
        return [found[one] for one in ids]

    def _all_seen(self, found: list[Found]) -> list[Found]:
        """What is found at the ends of a relationship, without what the relationships say of other accounts."""
        if self.accounts is None:
            return found
        return [{**one, "edge": cleared(one["edge"], self.accounts)} for one in found]

    async def _totals(self, following: Following, ids: list[str]) -> Sequence[int]:
        cypher, parameters = following.count(limited=self.limited)
        found = {row["id"]: row["total"] for row in await self.rows(cypher, {**parameters, "ids": ids})}
        return [found.get(one, 0) for one in ids]
