"""What resolvers are given: the caller, the register as one request sees it, and how questions are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from strawberry.fastapi import BaseContext

from ...queries.answer import Answer
from ...settings import Settings
from ..security.caller import Caller
from ..security.freshness import OLDEST, Freshness
from ..security.rates import Rates
from ..security.withholding import answer_for
from .loading import Reader


@dataclass
class Context(BaseContext):
    """One request."""

    reader: Reader
    settings: Settings
    caller: Caller
    rates: Rates
    told: dict[str, Any] = field(default_factory=dict)
    """What is recorded of the request."""
    freshness: Freshness = field(default_factory=Freshness)

    def __post_init__(self) -> None:
        super().__init__()

    async def answer(self, question: str, given: Mapping[str, Any], *, explain: bool) -> Answer:
        """Answer a question, in a thread: it waits for the database and may compute. STALE_DATA where it is too old."""
        answered = await self.reader.call(
            lambda: answer_for(self.caller, self.reader.database, self.settings, question, given, explain=explain)
        )
        self.freshness.check(answered.knowledge.as_of)
        return answered

    async def check_graph(self) -> None:
        """STALE_DATA where something in the graph is older than was asked for."""
        if self.freshness.seconds is not None:
            rows = await self.reader.rows(OLDEST, {})
            self.freshness.check(rows[0]["oldest"])
