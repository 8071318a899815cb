"""Accounts that left the organization: what was read of them is taken out of the register, change by change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..graph.database import Database
from ..graph.ledger import ScopeState
from ..ingest.aws.plan import Plan
from ..schema import Listing, ScopeId, Status

_NOT_LISTED = """MATCH (a:Account)
WHERE a.scope = 'reference'
RETURN a.id AS id"""
_KNOWN = "MATCH (a:Account) RETURN a.id AS id"

ACCOUNT = "account"
"""The collector of an account that is read without its organization: the organization cannot lose such an account."""


def departed(
    database: Database, plan: Plan, scopes: Iterable[ScopeState], complete: Collection[ScopeId]
) -> Iterator[Listing]:
    """Empty listings of the scopes of accounts that no organization lists any more.

    None unless this run read the organization completely: an account that could not be listed has not left. Nor does an
    account that is suspended leave, or one that was read by itself.
    """
    if plan.organization is None or not any(scope.collector == "organizations" for scope in complete):
        return
    known = {row["id"] for row in database.read(_KNOWN)}
    unlisted = {row["id"] for row in database.read(_NOT_LISTED)}
    held = [state.id for state in scopes if state.id.source == "aws"]
    by_itself = {scope.account for scope in held if scope.collector == ACCOUNT}
    stays = {*plan.accounts, *plan.skipped, plan.caller, *by_itself}
    for scope in held:
        if scope.account not in stays and (scope.account in unlisted or scope.account not in known):
            yield Listing(scope, (), (), Status.COMPLETE)
