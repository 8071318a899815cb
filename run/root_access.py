"""Whence the root users of member accounts are managed: the management account, and those to which it is delegated."""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.escalation.root_access import RootAccess
from ..analysis.iam.estates.estate import Estate
from ..graph.database import Database
from . import estate_queries as q
from .identity_center import DELEGATES
from .surroundings import by_account, why_unread

IAM = "iam.amazonaws.com"
"""The service that is delegated.

https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-iam.html
"""


def load_root_access(database: Database, estate: Estate) -> tuple[RootAccess, ...]:
    """One for each organization of which the management account is known. DatabaseError where the graph fails."""
    return tuple(_organizations(database, estate))


def _organizations(database: Database, estate: Estate) -> Iterator[RootAccess]:
    scopes = by_account(database.read(q.SCOPES_OF, collectors=["organizations"]))
    delegates = frozenset(row["account"] for row in database.read(q.DELEGATES, service=IAM))
    for organization in estate.organizations.values():
        home = organization.management_account
        own = (one.id for one in estate.accounts.values() if one.organization == organization.id)
        members = frozenset(own) - {home}
        told = [scope for account in sorted({home, *members}) for scope in scopes.get(("organizations", account), ())]
        whys = (why_unread("delegated administrators", DELEGATES, scope) for scope in told)
        unread = next(filter(None, whys), None) if told else "delegated administrators were not read"
        if home and members:
            yield RootAccess(home, members, delegates & members, unread)
