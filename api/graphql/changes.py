"""What runs changed: as pages, and as they write it.

A place among all changes is the id of one, for a run's changes are numbered in the order in which they are written, and
runs write one after the other. Whoever follows keeps a place for each run, so that nothing is lost or doubled: not when
another process writes, not when two runs began in the same second, and not when a run that was killed is resumed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import orjson
import strawberry
from strawberry.scalars import JSON

from ...graph.clock import Clock, timestamp, wall_clock
from ...graph.ledger import RUNNING
from ...graph.retention import began
from ...schema import SCHEMA, ScopeId
from ..security import places
from ..security.sight import cleared
from .failures import bad_input
from .loading import Reader

SECONDS = 1.0
"""How often it is looked whether there is more."""
AT_ONCE = 200
"""Changes that are read at a time."""
BYTES = 1 << 20
"""Of what changed, in all that is read at a time; one change may be larger."""
RUNS = 20
"""The latest runs, which may still write."""

_RUNS = (
    "MATCH (r:IngestRun) RETURN r.id AS id, r.status AS status, r.started_at AS began "
    f"ORDER BY began DESC, id DESC LIMIT {RUNS}"
)
_RUN = "MATCH (r:IngestRun {id: $run}) RETURN r.id AS id, r.status AS status, r.started_at AS began"
_SINCE = (
    "MATCH (g:Register {id: 'register'}) OPTIONAL MATCH (r:IngestRun {id: $run}) "
    "RETURN g.history_since AS since, r.started_at AS began"
)
_LAST = "MATCH (c:Change {run: $run}) RETURN max(c.id) AS last"
_HOLDER = "MATCH (l:Lease {id: 'writer'}) RETURN l.holder AS holder, l.expires_at AS until"
_NEXT = (
    "MATCH (c:Change {run: $run}) WHERE c.id > $after AND ($kinds IS NULL OR c.kind IN $kinds) "
    "AND ($accounts IS NULL OR any(one IN $accounts WHERE c.scope CONTAINS '/' + one + '/')) "
    "RETURN c.id AS id, coalesce(size(c.before), 0) + coalesce(size(c.after), 0) AS size ORDER BY c.id LIMIT $most"
)
"""What comes after a place, without others' changes: their number is not to be known by who may not see them."""
_CHANGES = "MATCH (c:Change {run: $run}) WHERE c.id IN $ids RETURN properties(c) AS change ORDER BY c.id"


@strawberry.type(description="One difference that a run found, or a first reading of a scope.")
class Change:
    id: strawberry.ID = strawberry.field(description="Its place: `after` takes it.")
    run: strawberry.ID
    at: str = strawberry.field(description="When it was written.")
    operation: str = strawberry.field(description="`created`, `changed` or `removed`.")
    kind: str = strawberry.field(
        description="The kind of node, or the type of relationship; `Scope` for a first reading."
    )
    subject: str = strawberry.field(description="The node's id; for a relationship `START -TYPE-> END`.")
    scope: str
    before: JSON | None = strawberry.field(description="The fields that differ, as they were.")
    after: JSON | None = strawberry.field(description="The fields that differ, as they are.")


@dataclass
class Feed:
    """The changes of one run, or of all that come, from a place on."""

    reader: Reader
    run: str | None = None
    kinds: Sequence[str] | None = None
    after: str | None = None
    seconds: float = SECONDS
    clock: Clock = wall_clock
    _places: dict[str, str] = field(default_factory=dict)
    """The last change seen, by run."""
    _key: bytes = b""
    """What places are hidden by from a caller that sees some accounts only."""

    async def follow(self) -> AsyncIterator[Change]:
        """Each change, once, in order, as soon as it is there; ends when a run that was named has ended.

        BAD_USER_INPUT where there is no such run, kind or place.
        """
        await self._begin()
        while True:
            runs = await self._runs()
            ended = self.run is not None and not await self._writes(runs[0])
            more = False
            for run in runs:
                found, others = await self._next(str(run["id"]))
                more = more or others
                for change in found:
                    if (seen := self._seen(change)) is not None:
                        yield seen
            if ended and not more:
                return
            if not more:
                await asyncio.sleep(self.seconds)

    async def page(self, first: int) -> list[Change]:
        """The changes of the named run after a place: so many at most, fewer where they are long."""
        await self._begin()
        found, _ = await self._next(str(self.run), first)
        return [seen for change in found if (seen := self._seen(change)) is not None]

    async def _kept(self, run: str) -> None:
        """Refuse a run of which changes may have been deleted: what is left would be taken for all."""
        rows = await self.reader.rows(_SINCE, {"run": run})
        since = next((row["since"] for row in rows), None)
        if since and min(filter(None, (began(run), *(row["began"] for row in rows))), default=since) < since:
            raise bad_input(f"what changed before {since} is no longer kept", "Begin anew from what is there now.")

    async def _begin(self) -> None:
        known = {*SCHEMA.kinds, *SCHEMA.relationships}
        if unknown := sorted({*(self.kinds or ())} - known):
            raise bad_input(f"there is no kind {', '.join(unknown)}")
        if self.reader.limited:
            self._key = await self.reader.call(lambda: places.secret(self.reader.database))
            self.after = self.after and (places.shown(self.after, self._key) or "none that it was told")
        at = None if self.after is None else self.after.rpartition("/")[0]
        if self.after is not None and not (at and self.after.removeprefix(f"{at}/").isdigit()):
            raise bad_input("after is not the id of a change")
        if self.run is not None:
            if at not in (None, self.run):
                raise bad_input("after is a change of another run")
            await self._kept(self.run)
            if not await self.reader.rows(_RUN, {"run": self.run}):
                raise bad_input(f"there is no run {self.run}")
            self._places[self.run] = self.after or ""
            return
        await self._places_of_all(at)

    async def _places_of_all(self, at: str | None) -> None:
        """Without a place, what is written from now on; with one, its run from there, and later runs whole."""
        runs = list(reversed(await self.reader.rows(_RUNS, {})))
        ids = [str(run["id"]) for run in runs]
        if at is not None:
            await self._kept(at)
        if at is not None and at not in ids:
            raise bad_input(f"{at} is none of the latest {RUNS} runs")
        for number, run in enumerate(ids):
            if at is None or number < ids.index(at):
                self._places[run] = str((await self.reader.rows(_LAST, {"run": run}))[0]["last"] or "")
            elif run == at:
                self._places[run] = str(self.after)

    async def _runs(self) -> list[dict[str, Any]]:
        """The runs to look at, oldest first."""
        if self.run is not None:
            return await self.reader.rows(_RUN, {"run": self.run})
        return list(reversed(await self.reader.rows(_RUNS, {})))

    async def _writes(self, run: Mapping[str, Any]) -> bool:
        """Whether a run may still write: one that was killed is for ever running, and no longer holds the lease."""
        if run["status"] != RUNNING:
            return False
        lease = await self.reader.rows(_HOLDER, {})
        return any(held["holder"] == run["id"] and held["until"] > timestamp(self.clock()) for held in lease)

    async def _next(self, run: str, most: int = AT_ONCE) -> tuple[list[dict[str, Any]], bool]:
        """The next changes of a run, as many as are read at a time; and whether there may be more by now."""
        accounts = None if self.reader.accounts is None else sorted(self.reader.accounts)
        parameters = {"run": run, "after": self._places.get(run, ""), "kinds": self.kinds, "accounts": accounts}
        there = await self.reader.rows(_NEXT, {**parameters, "most": most})
        if not there:
            return [], False
        room = accumulate(int(change["size"]) for change in there)
        ids = [
            str(change["id"])
            for at, (change, size) in enumerate(zip(there, room, strict=True))
            if not at or size <= BYTES
        ]
        rows = await self.reader.rows(_CHANGES, {"run": run, "ids": ids})
        self._places[run] = ids[-1]
        return [row["change"] for row in rows], len(ids) < len(there) or len(there) == most

    def _seen(self, change: Mapping[str, Any]) -> Change | None:
        """The change as the caller may see it; None where it is of an account that it sees nothing of."""
        accounts = self.reader.accounts
        if accounts is not None:
            if ScopeId.parse(change["scope"]).account not in accounts:
                return None
            change = {"before": None, "after": None, **cleared(change, accounts)}
            if "subject" not in change:
                return None
            change = {**change, "id": places.hidden(change["id"], self._key)}
        parts: dict[str, Any] = {
            name: orjson.loads(change[name]) if change.get(name) else None for name in ("before", "after")
        }
        told = {name: change[name] for name in ("id", "run", "at", "operation", "kind", "subject", "scope")}
        return Change(**told, **parts)


async def follow(
    info: strawberry.Info,
    run: strawberry.ID | None = None,
    kinds: list[str] | None = None,
    after: strawberry.ID | None = None,
) -> AsyncIterator[Change]:
    """Follow the changes."""
    async for change in Feed(info.context.reader, run, kinds, after).follow():
        yield change


async def page(
    info: strawberry.Info,
    run: strawberry.ID,
    kinds: list[str] | None = None,
    after: strawberry.ID | None = None,
    first: int = AT_ONCE,
) -> list[Change]:
    """A page of the changes of a run."""
    if not 0 <= first <= AT_ONCE:
        raise bad_input(f"first is {first}: it goes from 0 to {AT_ONCE}")
    return await Feed(info.context.reader, run, kinds, after).page(first)
