"""How old an answer may be that a caller accepts: what rests on older scopes is refused, rather than answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...queries.knowledge import ANALYSIS, ONCE
from ..graphql.failures import Code, bad_input, failure
from .sight import SEEN

HEADER = "muniment-max-age"
"""The header that says so, in seconds."""
_OLDEST = "MATCH (s:Scope){} RETURN min(coalesce(s.completed_at, '')) AS oldest"
_OWN = f" WHERE s.account_id IN ${SEEN} OR s.source = '{ANALYSIS}' OR s.collector IN {sorted(ONCE)}"


def oldest(*, limited: bool) -> str:
    """The query for when the oldest of all scopes was read completely, empty where one never was.

    To a caller that is ``limited`` only what its own accounts' lists rest on counts: how old others are is not told.
    """
    return _OLDEST.format(_OWN if limited else "")


@dataclass(frozen=True, slots=True)
class Freshness:
    """The most seconds since what an answer rests on was read completely; None where any age will do."""

    seconds: int | None = None

    @classmethod
    def asked(cls, header: str | None) -> Freshness:
        """What a header asks for; BAD_USER_INPUT where it is no number of seconds."""
        if header is None:
            return cls()
        if not (header.isascii() and header.isdigit() and len(header) < 10):
            raise bad_input("the header Muniment-Max-Age is not a number of seconds")
        return cls(int(header))

    @classmethod
    def of(cls, seconds: int | None) -> Freshness:
        """What an argument asks for; BAD_USER_INPUT where it cannot be an age."""
        if seconds is not None and seconds < 0:
            raise bad_input(f"maxAge is {seconds}: it is a number of seconds")
        return cls(seconds)

    def check(self, as_of: str | None) -> None:
        """STALE_DATA where that is older, or nothing was ever read completely."""
        if self.seconds is None:
            return
        if not as_of or datetime.fromisoformat(as_of) < datetime.now(UTC) - timedelta(seconds=self.seconds):
            raise failure(
                Code.STALE_DATA,
                f"the answer would rest on what was read at {as_of}" if as_of else "not all of it was ever read",
                "Ingest again, or let it be older: Muniment-Max-Age, maxAge.",
            )
