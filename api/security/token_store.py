"""API tokens as the graph keeps them, so that all processes of the API, on however many machines, know the same ones.

They are read together, at most every ``REFRESH`` seconds: a request costs the database nothing, guessing costs it no
more than that, and a revoked token is refused everywhere within these seconds.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

import anyio
from anyio import to_thread

from ...errors import MunimentError, NotFound, UsageError
from ...graph.clock import Clock, timestamp
from ...graph.database import Database
from ..graphql.failures import no_database
from . import tokens
from .caller import Caller, Means
from .permissions import Role

logger = logging.getLogger(__name__)

REFRESH = 5.0
"""Seconds for which what is known of tokens is not asked for again."""
AGAIN = 1.0
"""The same for a token that is not known: it may have been made just now."""
USED = timedelta(minutes=10)
"""How far behind the recorded last use may be: it is not written for every request."""
USUAL = timedelta(days=90)
MOST = timedelta(days=365)
"""How long a token is good for, if nothing is said, and at most."""

_ALL = "MATCH (t:ApiToken) RETURN properties(t) AS token ORDER BY t.created_at, t.id"
_CREATE = "CREATE (t:ApiToken) SET t = $token"
_REVOKE = "MATCH (t:ApiToken {id: $id}) SET t.revoked_at = coalesce(t.revoked_at, $at) RETURN t.name AS name"
_USE = "UNWIND $rows AS row MATCH (t:ApiToken {id: row.id}) SET t.last_used_at = row.at"
_PLACES = "MATCH (a:Account) WHERE a.path IS NOT NULL RETURN a.id AS id, a.path AS path"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. Times as the graph keeps them."""

    id: str
    name: str
    role: Role
    limited: bool
    accounts: tuple[str, ...]
    units: tuple[str, ...]
    hash: str
    created_at: str
    expires_at: str
    revoked_at: str | None = None
    last_used_at: str | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Token:
        """A token from its node's properties."""
        return cls(
            kept["id"],
            kept["name"],
            Role(kept["role"]),
            kept["limited"],
            tuple(kept.get("accounts") or ()),
            tuple(kept.get("units") or ()),
            kept["hash"],
            kept["created_at"],
            kept["expires_at"],
            kept.get("revoked_at"),
            kept.get("last_used_at"),
        )

    def state(self, now: str) -> str:
        """``good``, ``expired`` or ``revoked``."""
        return "revoked" if self.revoked_at else "expired" if self.expires_at <= now else "good"

    def caller(self, places: Mapping[str, str]) -> Caller:
        """Who asks with it. ``places`` are the paths of accounts in the organization."""
        within = {id_ for id_, path in places.items() if any(f"/{unit}/" in path for unit in self.units)}
        accounts = frozenset({*self.accounts, *within}) if self.limited else None
        return Caller(self.name, Means.TOKEN, self.role, accounts, self.id)


@dataclass(frozen=True, slots=True)
class TokenStore:
    """Makes, lists and revokes tokens."""

    database: Database
    now: Clock

    def create(
        self,
        name: str,
        role: Role,
        lasting: timedelta = USUAL,
        accounts: Sequence[str] | None = None,
        units: Sequence[str] | None = None,
        most: timedelta = MOST,
    ) -> tuple[str, Token]:
        """Make a token: the text, which is kept nowhere, and what is kept of it. UsageError where it would last long.

        ``accounts`` and ``units`` are ids; it is limited to them where either is given.
        """
        if not timedelta(0) < lasting <= most:
            raise UsageError(f"a token is good for {most.days} days at most", "Give --expires as 90d, 12h or 4w.")
        text = tokens.make()
        now = self.now()
        limited = accounts is not None or units is not None
        made = Token(
            tokens.id_of(text),
            name,
            role,
            limited,
            tuple(accounts or ()),
            tuple(units or ()),
            tokens.hashed(text),
            timestamp(now),
            timestamp(now + lasting),
        )
        kept = {name: getattr(made, name) for name in Token.__dataclass_fields__}
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items() if value != ()}
        self.database.write(lambda tx: tx.run(_CREATE, token={**kept, "role": str(role)}).consume())
        return text, made

    def all(self) -> list[Token]:
        """All tokens that were ever made, in the order in which they were."""
        return [Token.of(row["token"]) for row in self.database.read(_ALL)]

    def revoke(self, id_: str) -> str:
        """Revoke a token; its name. NotFound where there is none of that id."""
        found = self.database.write(lambda tx: tx.run(_REVOKE, id=id_, at=timestamp(self.now())).data())
        if not found:
            raise NotFound(f"there is no token {id_!r}", "`muniment token list` shows their ids.")
        return str(found[0]["name"])

    def places(self) -> dict[str, str]:
        """The path of every account in the organization."""
        return {row["id"]: row["path"] for row in self.database.read(_PLACES)}

    def used(self, at: Mapping[str, str]) -> None:
        """Record when tokens were used last."""
        rows = [{"id": id_, "at": when} for id_, when in at.items()]
        self.database.write(lambda tx: tx.run(_USE, rows=rows).consume())


@dataclass
class TokenVerifier:
    """Knows callers by their API tokens."""

    store: TokenStore
    _tokens: Mapping[str, tuple[Token, Caller]] = field(default_factory=dict)
    _used: dict[str, str] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _reading: anyio.Lock = field(default_factory=anyio.Lock)

    async def caller(self, credential: str) -> Caller | None:
        """Whose token it is; None where it is none, or is good no more. UNAVAILABLE while that cannot be told."""
        if not tokens.is_token(credential):
            return None
        id_ = tokens.id_of(credential)
        await self._refresh(REFRESH if id_ in self._tokens else AGAIN)
        token, caller = self._tokens.get(id_, (None, None))
        same = hmac.compare_digest(tokens.hashed(credential), token.hash if token else tokens.hashed(""))
        now = timestamp(self.store.now())
        if token is None or not same or token.state(now) != "good":
            return None
        self._used[id_] = now
        return caller

    async def _refresh(self, seconds: float) -> None:
        if monotonic() - self._read_at < seconds:
            return
        async with self._reading:
            if monotonic() - self._read_at < seconds:
                return
            try:
                await to_thread.run_sync(self._read)
            except MunimentError as error:
                raise no_database() from error
            self._read_at = monotonic()

    def _read(self) -> None:
        found = self.store.all()
        places = self.store.places() if any(token.units for token in found) else {}
        self._tokens = {token.id: (token, token.caller(places)) for token in found}
        self._record()

    def _record(self) -> None:
        """Write last uses that are far behind; what cannot be written is written another time."""
        old = timestamp(self.store.now() - USED)
        behind = {
            id_: at
            for id_, at in self._used.items()
            if id_ in self._tokens and (self._tokens[id_][0].last_used_at or "") <= old
        }
        try:
            if behind:
                self.store.used(behind)
        except MunimentError as error:
            logger.warning("the last use of tokens could not be recorded: %s", error.message)
        else:
            self._used.clear()
