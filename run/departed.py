"""Accounts that left the organization: what was read of them is taken out of the register, change by change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..graph.database import Database
from ..graph.ledger import ScopeState
from ..ingest.aws.plan import Plan
from ..schema import Listing, ScopeId, Status

_LISTED = "MATCH (a:Account) WHERE a.scope <> 'reference' RETURN a.id AS id"

ACCOUNT = "account"
"""The collector of accounts that are read without an organization. One that it could not read is nobody's to lose."""


def departed(
    database: Database, plan: Plan, scopes: Iterable[ScopeState], complete: Collection[ScopeId]
) -> Iterator[Listing]:
    """Empty listings of the scopes of accounts that no organization lists any more.

    None unless this run read the organization completely: an account that could not be listed has not left. Nor does an
    account that is suspended leave, or one that was read by itself.
    """
    if plan.organization is None or not any(scope.collector == "organizations" for scope in complete):
        return
    listed = {row["id"] for row in database.read(_LISTED)}
    scopes = [state for state in scopes if state.id.source == "aws"]
    by_itself = {state.id.account for state in scopes if state.id.collector == ACCOUNT and not state.complete}
    stays = {*listed, *plan.accounts, *plan.skipped, plan.caller, *by_itself}
    for state in scopes:
        if state.id.account not in stays:
            yield Listing(state.id, (), (), Status.COMPLETE)
