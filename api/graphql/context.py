"""What resolvers are given: the caller, the register as one request sees it, and how questions are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strawberry.fastapi import BaseContext

from ...queries.answer import Answer
from ...settings import Settings
from ..security.caller import Caller
from ..security.withholding import answer_for
from .loading import Reader


@dataclass
class Context(BaseContext):
    """One request."""

    reader: Reader
    settings: Settings
    caller: Caller

    def __post_init__(self) -> None:
        super().__init__()

    async def answer(self, question: str, given: Mapping[str, Any], *, explain: bool) -> Answer:
        """Answer a question, in a thread: it waits for the database and may compute."""
        return await self.reader.call(
            lambda: answer_for(self.caller, self.reader.database, self.settings, question, given, explain=explain)
        )
