"""Reads for one request, gathered: all nodes that are asked for at one level are read by one query, not one each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from strawberry.dataloader import DataLoader

from ...graph.database import Database
from . import reading
from .reading import Following

Found = Mapping[str, Any]
T = TypeVar("T")


@dataclass
class Reader:
    """The database as one request sees it. ``queries`` counts what it cost."""

    database: Database
    seconds: float
    """How long one query may take."""
    limiter: CapacityLimiter
    """How many queries run at a time, for all requests together."""
    queries: int = 0
    nodes: DataLoader[str, Found | None] = field(init=False)
    _following: dict[tuple[Following, str], DataLoader[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = DataLoader(load_fn=self._nodes)

    async def rows(self, cypher: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of a query."""
        self.queries += 1
        return await self.call(lambda: self.database.read(cypher, self.seconds, **parameters))

    async def call(self, work: Callable[[], T]) -> T:
        """Do work that waits for the database, in a thread."""
        return await to_thread.run_sync(work, limiter=self.limiter, abandon_on_cancel=True)

    def neighbours(self, following: Following) -> DataLoader[str, list[Found]]:
        """Loads what a relationship leads to, by the id of where it starts."""
        return self._loader(following, "page", self._neighbours)

    def totals(self, following: Following) -> DataLoader[str, int]:
        """Loads how many it leads to."""
        return self._loader(following, "total", self._totals)

    def _loader(
        self, following: Following, what: str, load: Callable[[Following, list[str]], Any]
    ) -> DataLoader[str, Any]:
        key = (following, what)
        if key not in self._following:
            self._following[key] = DataLoader(load_fn=lambda ids: load(following, ids))
        return self._following[key]

    async def _nodes(self, ids: list[str]) -> Sequence[Found | None]:
        found = {row["id"]: row for row in await self.rows(reading.BY_ID, {"ids": ids})}
        return [found.get(one) for one in ids]

    async def _neighbours(self, following: Following, ids: list[str]) -> Sequence[list[Found]]:
        cypher, parameters = following.query(many=len(ids) > 1)
        found: dict[str, list[Found]] = defaultdict(list)
        for row in await self.rows(cypher, {**parameters, "ids": ids}):
            found[row["id"]] = row["found"]
        return [found[one] for one in ids]

    async def _totals(self, following: Following, ids: list[str]) -> Sequence[int]:
        cypher, parameters = following.count()
        found = {row["id"]: row["total"] for row in await self.rows(cypher, {**parameters, "ids": ids})}
        return [found.get(one, 0) for one in ids]
