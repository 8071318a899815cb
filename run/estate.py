"""Questions of permission put to the graph: the estate is read from it, and the engine decides.

``load_estate`` is for conclusions about everything; the others answer one question each and read no more than it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..analysis.iam.administrators import Administrators
from ..analysis.iam.decisions import Decision, Deny
from ..analysis.iam.encryption import also_takes
from ..analysis.iam.estate import Estate
from ..analysis.iam.permissions import Permissions, identity_behind
from ..analysis.iam.principals import SESSION_ARN
from ..analysis.iam.resources import holder
from ..analysis.iam.statements import Reason
from ..analysis.iam.who_can import Index
from ..errors import NotFound
from ..graph.database import Database
from ..schema import Arn
from . import estate_queries
from .estate_reading import Reading
from .resource_reading import resource_of


def load_estate(database: Database) -> Estate:
    """All that decides who may do what, as the graph holds it. DatabaseError where the graph fails."""
    return Reading(database).whole()


def decide_for(
    database: Database,
    principal: str,
    action: str,
    resource: str = "*",
    context: Mapping[str, object] | None = None,
) -> Decision:
    """Whether one principal may take the action on the resource, and under which conditions.

    ``principal`` is the ARN of a user, role, role session or root user. ``context`` has values of condition keys; keys
    that it lacks and the graph does not know make the decision ``conditional``. Where a customer's key encrypts the
    resource, the last reason says what that takes. NotFound where the graph has no such principal.
    """
    arn = Arn.maybe(principal)
    wanted = [principal, resource, *_roles_of_session(database, principal)]
    estate = replace(Reading(database).of(wanted), resources=resource_of(database, holder(resource)))
    permissions = Permissions(estate, action, resource, context or {})
    beside = also_takes(action, estate.resources[holder(resource)]) if holder(resource) in estate.resources else None
    if arn and arn.service == "iam" and arn.resource == "root":
        return _with_remark(permissions.of_root(principal, arn.account), beside)
    identity, session = identity_behind(estate, principal)
    if identity is None:
        raise NotFound(
            f"the graph has no user or role {principal}", "Name it by its ARN; `muniment status` says what was read."
        )
    return _with_remark(permissions.of(identity, session), beside)


def _with_remark(decision: Decision, remark: Reason | None) -> Decision:
    if remark is None or isinstance(decision, Deny):
        return decision
    return replace(decision, because=(*decision.because, remark))


def who_can(
    database: Database, action: str, resource: str = "*", context: Mapping[str, object] | None = None
) -> Iterator[tuple[str, Decision]]:
    """Every user, role and root user that may take the action on the resource, with its decision; not the denied."""
    estate = replace(load_estate(database), resources=resource_of(database, holder(resource)))
    return Index(estate).who_can(action, resource, context).explained()


def administrators(database: Database, account: str | None = None) -> Iterator[tuple[str, str, Decision]]:
    """Effective administrators: principal, account, decision; of one account where it is given."""
    estate = load_estate(database)
    administrators = Administrators(estate)
    for identity in (*estate.users.values(), *estate.roles.values()):
        if account in (None, identity.account):
            decision = administrators.of(identity)
            if not isinstance(decision, Deny):
                yield identity.arn, identity.account, decision


def _roles_of_session(database: Database, principal: str) -> list[str]:
    """ARNs of the role behind a session's ARN, which does not tell the role's path."""
    session = SESSION_ARN.fullmatch(principal)
    if session is None:
        return []
    rows = database.read(estate_queries.ROLES_BY_NAME, account=session[1], name=session[2])
    return [row["id"] for row in rows]
