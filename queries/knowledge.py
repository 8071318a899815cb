"""How completely an answer is known: from the scopes that it rests on.

"Could not read" is never "does not exist": every scope that was not read completely is named, and so is every account
of the organization that was not read at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..schema import GLOBAL, NEVER_READ, ScopeId, Status
from .answer import Knowledge, Missing
from .library import step

if TYPE_CHECKING:
    from ..graph.database import Database
    from .atlas import Atlas
    from .question import Question

ONCE = frozenset({"organizations", "identity-center", "account", "discovery"})
"""Collectors that read once for all accounts."""
ON_REQUEST = frozenset({"access-analyzer", "last-accessed", "user-credentials"})
"""Collectors that read only where somebody asks for it."""
SURVEY = "discovery"
"""The scope that says what there was to read: where it is not complete, something may be missing anywhere."""
ANALYSIS = "muniment"
"""The source of scopes that are concluded rather than read."""
Scope = Mapping[str, Any]
"""A row of the step ``scopes``."""
NOTHING = Missing("*", "nothing has been ingested yet: run `muniment demo` or `muniment ingest aws`")


def knowledge(database: Database, atlas: Atlas, question: Question, accounts: Collection[str] = ()) -> Knowledge:
    """How completely the question's scopes are known; those of some accounts only where ``accounts`` are given."""
    return assess(database.read(step("scopes")), atlas, question.collectors, question.analyses, accounts)


def of_all(database: Database, atlas: Atlas, accounts: Collection[str] = ()) -> Knowledge:
    """How completely all is known that is read or concluded: any collector may state nodes of a kind."""
    scopes = database.read(step("scopes"))
    concluded = {scope["collector"] for scope in scopes if scope["id"].startswith(f"{ANALYSIS}/")}
    read = {scope["collector"] for scope in scopes} - concluded
    return assess(scopes, atlas, read, concluded, accounts)


def as_of(database: Database, question: Question, accounts: Collection[str]) -> str | None:
    """When the oldest was completed of what the question rests on in these accounts, none where there are none, and for
    all accounts at once."""
    scopes = database.read(step("scopes"))
    every = {scope["collector"] for scope in scopes}  # what rests on none in particular, such as the status, is of all
    of_all = not (question.collectors or question.analyses)
    collectors = every if of_all else question.collectors
    read, concluded = _rests_on(scopes, collectors, question.analyses, accounts or {""})
    return _oldest((*read, *concluded))


def assess(
    scopes: Sequence[Mapping[str, Any]],
    atlas: Atlas,
    collectors: Collection[str],
    analyses: Collection[str] = (),
    accounts: Collection[str] = (),
) -> Knowledge:
    """Judge scopes (rows of the step ``scopes``) for an answer that rests on these collectors and analyses."""
    if not scopes:
        return Knowledge((NOTHING,))
    read, concluded = _rests_on(scopes, collectors, analyses, accounts)
    surveys = [s for s in scopes if s["collector"] == SURVEY and SURVEY not in collectors]
    missing = [Missing(s["id"], _reason(s)) for s in (*surveys, *read, *concluded) if s["status"] != Status.COMPLETE]
    missing += _never_read(scopes, atlas, collectors, accounts)
    missing += [
        Missing(str(ScopeId(ANALYSIS, "all", GLOBAL, name)), "this analysis has never been made")
        for name in analyses
        if name not in {s["collector"] for s in concluded}
    ]
    missing += _overtaken(concluded, read)
    return Knowledge(tuple(sorted(missing, key=lambda m: m.scope)), _oldest((*read, *concluded)))


def _rests_on(
    scopes: Sequence[Mapping[str, Any]],
    collectors: Collection[str],
    analyses: Collection[str],
    accounts: Collection[str],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """What was read and what was concluded, of these scopes."""
    read = [s for s in scopes if s["collector"] in collectors and (s["collector"] in ONCE or _among(s, accounts))]
    return read, [s for s in scopes if s["collector"] in analyses]


def _oldest(scopes: Iterable[Scope]) -> str | None:
    return min((s["completed_at"] for s in scopes if s["completed_at"]), default=None)


def _among(scope: Mapping[str, Any], accounts: Collection[str]) -> bool:
    return not accounts or scope["account_id"] in accounts


def _reason(scope: Mapping[str, Any]) -> str:
    if scope["status"] == NEVER_READ:
        return NEVER_READ
    said = "; ".join(scope["refusals"] or ()) or f"read with status {scope['status']}"
    if scope["completed_at"]:
        return f"{said}; what it states is as of {scope['completed_at']}"
    return said


def _never_read(
    scopes: Sequence[Mapping[str, Any]], atlas: Atlas, collectors: Collection[str], accounts: Collection[str]
) -> list[Missing]:
    have = {(s["collector"], s["account_id"]) for s in scopes}
    source = next((s["id"].split("/")[0] for s in scopes if not s["id"].startswith(f"{ANALYSIS}/")), "aws")
    missing = [
        Missing(str(ScopeId(source, "*", "*", collector)), _unread(collector))
        for collector in collectors
        if not any(collector == name for name, _ in have)
    ]
    active = [a for a in atlas.known if atlas.states.get(a, "ACTIVE") == "ACTIVE" and (not accounts or a in accounts)]
    for collector in set(collectors) - ONCE:
        if any(collector == name for name, _ in have):
            missing += [
                Missing(str(ScopeId(source, account, GLOBAL, collector)), f"{atlas.account(account)} was never read")
                for account in active
                if (collector, account) not in have
            ]
    return missing


def _unread(collector: str) -> str:
    """That it was never read, and how to have it read."""
    how = f": `muniment ingest aws --also {collector}` reads it" if collector in ON_REQUEST else ""
    return f"{NEVER_READ}{how}"


def _overtaken(concluded: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]]) -> list[Missing]:
    newest = max((s["completed_at"] for s in read if s["completed_at"]), default="")
    return [
        Missing(s["id"], f"concluded at {s['completed_at']}, before facts that were read at {newest}")
        for s in concluded
        if s["status"] == Status.COMPLETE and s["completed_at"] and s["completed_at"] < newest
    ]
