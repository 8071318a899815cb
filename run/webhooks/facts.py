"""The facts that webhooks are told of, read from the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from ...analysis.federation.breadth import Breadth
from ...analysis.federation.issuers import OTHER, issuers
from ...analysis.federation.saml import SAML
from ...graph.database import Database
from ...graph.execution import INTERRUPTED
from ...graph.ledger import Ledger, ScopeState
from ...schema import Status
from ..freshness import Freshness
from . import events
from .events import Fact

_LISTED = "MATCH (a:Account) WHERE a.scope <> 'reference' RETURN a.id AS id"
_OUTSIDE = (
    "(p:Anyone OR (p:Account AND NOT p.id IN $known) "
    "OR (p:Principal AND p.account_id IS NOT NULL AND NOT p.account_id IN $known))"
)
_EXPOSED = (
    "MATCH (p)-[:SHARES_ACCESS*0..1]->(x)-[e:HAS_ACCESS]->(y)<-[:ALIKE_IN*0..1]-(r) "
    f"WHERE {_OUTSIDE} AND NOT r:ResourceSet "
    "RETURN p:Anyone AS anyone, p.id AS principal, r.id AS target, r.account_id AS account, "
    "e.level + CASE WHEN e.content THEN ' (content)' ELSE ' (settings)' END AS access, e.decision AS decision "
    "UNION ALL "
    f"MATCH (p)-[e:CAN_ASSUME]->(r:Role) WHERE {_OUTSIDE} "
    "RETURN p:Anyone AS anyone, p.id AS principal, r.id AS target, r.account_id AS account, e.action AS access, "
    "e.decision AS decision"
)
_ADMITTED = (
    "MATCH (s:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)<-[e:CAN_ASSUME]-(p:Principal) "
    "WHERE p.id = a.provider AND e.action = a.action AND s.breadth <> 'nobody' "
    "RETURN s.id AS principal, s.name AS admits, s.provider AS provider, s.breadth AS breadth, r.id AS target, "
    "r.account_id AS account, a.action AS access, e.decision AS decision"
)
_STEPS = (
    "MATCH (x)-[e:CAN_ASSUME|CAN_ESCALATE_TO]->(t) WHERE NOT t:Account "
    "RETURN x.id AS start, t.id AS end, e.decision AS decision"
)
_MEMBERS = "MATCH (p)-[:MEMBER_OF|GATHERED_IN]->(x) RETURN p.id AS start, x.id AS end"
_GOALS = (
    "MATCH (x)-[e:ADMINISTERS|CAN_ESCALATE_TO]->(a:Account) RETURN x.id AS start, a.id AS end, e.decision AS decision"
)
_AT_REST = (
    "MATCH (g:Register {id: 'register'}) OPTIONAL MATCH (l:Lease {id: 'writer'}) "
    "RETURN l IS NULL OR l.holder IS NULL AS free, coalesce(l.token, 0) AS token, "
    "coalesce(g.learned, 0) AS learned, g.concluded_from AS basis, "
    "COLLECT { MATCH (r:IngestRun) RETURN r.status ORDER BY r.started_at DESC, r.id DESC LIMIT 1 } AS last"
)

CONCLUDED = "muniment"
"""The source of scopes that are concluded rather than read."""
_NOT_LISTED = re.compile(r"organizations:(ListAccounts|DescribeOrganization)(?!\w)")
STRANGE = (Breadth.ANYONE, Breadth.UNKNOWN)
"""How much a trust admits that lets strangers in, or nobody knows whom, by whichever provider."""

State: TypeAlias = tuple[int, int, str | None]
"""What tells one state of the graph from another: the lease's number, what was learned, what was concluded from it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts in force, by kind of event. While a run is writing, only what does not hang on it."""

    facts: dict[str, list[Fact]]
    token: int | None
    """The lease's number while nothing wrote; None while something did."""


def snapshot(database: Database, freshness: Freshness, now: datetime, *, seen: State | None = None) -> Snapshot:
    """Read what is in force. Half of what a run writes is nothing to announce: it is looked at when nothing writes.

    What hangs on runs is not read again where the graph is still as it was ``seen``. Whether anything writes is asked
    before and after, so that it did not begin or end in between. Before the first run there is nothing in force to
    begin with: else all that it finds would be new.
    """
    before = at_rest(database)
    scopes = Ledger(database, lambda: now).scopes()
    if not scopes:
        return Snapshot({}, None)
    facts: dict[str, list[Fact]] = {}
    if before is not None and before != seen:
        facts[events.NEW_EXPOSURE] = events.exposures([*_outsiders(database, scopes), *_admitted(database)])
        facts[events.NEW_ADMINISTRATOR_PATH] = events.administrator_paths(
            ((row["start"], row["end"], row["decision"]) for row in database.read(_STEPS)),
            ((row["start"], row["end"]) for row in database.read(_MEMBERS)),
            ((row["start"], row["end"], row["decision"]) for row in database.read(_GOALS)),
        )
    settled = before is not None and at_rest(database) == before
    always = {
        events.LOST_COVERAGE: _lost(scopes, settled=settled),
        events.STALE_SCOPE: _stale(scopes, freshness, now),
    }
    if before is None or not settled or not facts:
        return Snapshot(always, None)
    return Snapshot(facts | always, before[0])


def _outsiders(database: Database, scopes: Sequence[ScopeState]) -> Iterator[dict[str, Any]]:
    """Access of anyone and of other accounts. Where the organization's accounts could not be listed, an account that
    only policies name may be one of them: then it is not known whether that is access from outside.
    """
    known = [row["id"] for row in database.read(_LISTED)]
    listed = accounts_are_listed(scopes)
    for row in database.read(_EXPOSED, known=known):
        told = {name: value for name, value in row.items() if name != "anyone"}
        yield told if listed or row["anyone"] else {**told, "decision": "unknown"}


def _admitted(database: Database) -> Iterator[dict[str, Any]]:
    """Federated identities that roles admit, but those whom the organization's own identity providers sign in."""
    open_issuers = {one.name for one in (*issuers(), OTHER) if one.shared}
    for row in database.read(_ADMITTED):
        strangers = row["provider"] in open_issuers or row["breadth"] in STRANGE
        if strangers or (row["breadth"] == Breadth.ANY_REPOSITORY and row["provider"] != SAML.name):
            yield {name: value for name, value in row.items() if name != "provider"}


def accounts_are_listed(scopes: Sequence[ScopeState]) -> bool:
    """Whether every account of the organization is known: it was listed, or there is no organization."""
    read = [scope for scope in scopes if scope.id.collector == "organizations"]
    return bool(read) and all(
        scope.complete or (scope.status == Status.PARTIAL and not any(map(_NOT_LISTED.search, scope.refusals)))
        for scope in read
    )


def at_rest(database: Database) -> State | None:
    """What tells this state from another; None while a run writes, and after one that did not come to its end."""
    rows = database.read(_AT_REST)
    if not rows or not rows[0]["free"] or not set(rows[0]["last"]) <= {"complete", "incomplete"}:
        return None
    return int(rows[0]["token"]), int(rows[0]["learned"]), rows[0]["basis"]


def _lost(scopes: Sequence[ScopeState], *, settled: bool) -> list[Fact]:
    """Scopes that were read completely once, and not by the last attempt; once for each time that they were.

    One that is being written, or whose writing was killed, is unknown; so are conclusions, which are partial while they
    are drawn, unless nothing writes and the last run came to its end (``settled``).
    """
    return [
        Fact(
            (str(scope.id), scope.completed_at),
            events.SURENESS["allow" if _is_final(scope, settled=settled) else "unknown"],
            {
                "scope": str(scope.id),
                "status": scope.status,
                "completed_at": scope.completed_at,
                "refusals": list(scope.refusals[:5]),
            },
        )
        for scope in scopes
        if scope.completed_at and not scope.complete
    ]


def _is_final(scope: ScopeState, *, settled: bool) -> bool:
    """Whether a scope's status is how its last attempt ended."""
    return scope.status != INTERRUPTED and (settled or scope.id.source != CONCLUDED)


def _stale(scopes: Sequence[ScopeState], freshness: Freshness, now: datetime) -> list[Fact]:
    """Scopes that are older than they may be; once for each time that they were read completely."""
    completed = {str(scope.id): scope.completed_at for scope in scopes}
    return [
        Fact(
            (late.scope, completed[late.scope] or ""),
            events.SURENESS["allow"],
            {
                "scope": late.scope,
                "completed_at": completed[late.scope],
                "age_seconds": late.age,
                "objective_seconds": late.objective,
            },
        )
        for late in freshness.late(scopes, now)
    ]
