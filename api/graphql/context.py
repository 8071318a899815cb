"""What resolvers are given: the caller, the register as one request sees it, and how questions are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from strawberry.fastapi import BaseContext

from ...queries.answer import Answer, Knowledge, Missing
from ...queries.atlas import Atlas
from ...queries.knowledge import of_all
from ...settings import Settings
from ..security.caller import Caller
from ..security.freshness import Freshness, oldest
from ..security.rates import Rates
from ..security.sight import foreign
from ..security.withholding import answer_for
from .loading import Reader

NOBODYS = "-"
"""No account; a caller that is limited to none is not one that sees all."""
_HIDDEN = Missing("*", "something is not completely known of accounts that you see nothing of")


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

    _known: asyncio.Future[Knowledge] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    async def answer(
        self, question: str, given: Mapping[str, Any], *, explain: bool = False, max_age: int | None = None
    ) -> Answer:
        """Answer a question, in a thread: it waits for the database and may compute. STALE_DATA where it is too old."""
        wanted = Freshness.of(max_age)
        answered = await self.reader.call(
            lambda: answer_for(self.caller, self.reader.database, self.settings, question, given, explain=explain)
        )
        for freshness in (self.freshness, wanted):
            freshness.check(answered.knowledge.as_of)
        return answered

    async def knowledge(self) -> Knowledge:
        """How completely that is known which lists are made of; found out once, where it is asked for."""
        if self._known is None:
            self._known = asyncio.ensure_future(self.reader.call(self._of_all))
        return await self._known

    def _of_all(self) -> Knowledge:
        database, accounts = self.reader.database, self.caller.accounts
        atlas = Atlas.load(database, self.settings.table("environments"))
        if accounts is None:
            return of_all(database, atlas)
        known = of_all(database, atlas, accounts or {NOBODYS})
        hidden = [one for one in known.missing if foreign(f"{one.scope} {one.reason}", accounts)]
        missing = [one for one in known.missing if one not in hidden]
        return replace(known, missing=(*missing, *([_HIDDEN] if hidden else ())))

    async def check_graph(self) -> None:
        """STALE_DATA where something in the graph is older than was asked for."""
        await self._check(self.freshness)

    async def check_age(self, max_age: int | None) -> None:
        """The same for what one field asks for."""
        await self._check(Freshness.of(max_age))

    async def _check(self, wanted: Freshness) -> None:
        if wanted.seconds is not None:
            rows = await self.reader.rows(oldest(limited=self.reader.limited), {})
            wanted.check(rows[0]["oldest"])
