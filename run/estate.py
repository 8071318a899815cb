"""Questions of permission put to the graph: the estate is read from it, and the engine decides.

``load_estate`` is for conclusions about everything; the others answer one question each and read no more than it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from ..analysis.iam.administering.administrators import Administrators
from ..analysis.iam.collector import at_rest
from ..analysis.iam.conditions.patterns import is_literal, service_of
from ..analysis.iam.estates.estate import Estate
from ..analysis.iam.estates.permissions import Permissions, identity_behind, strangers_who_can
from ..analysis.iam.estates.strangers import TYPES, stranger
from ..analysis.iam.evaluation.decisions import Decision, Deny
from ..analysis.iam.evaluation.encryption import also_takes
from ..analysis.iam.evaluation.resources import holder
from ..analysis.iam.everyone.over_ranges import can
from ..analysis.iam.everyone.over_ranges import strangers_who_can as any_stranger_who_can
from ..analysis.iam.everyone.over_ranges import who_can as who_can_any
from ..analysis.iam.everyone.ranges import Range
from ..analysis.iam.everyone.who_can import Index
from ..analysis.iam.policies.principals import SESSION_ARN
from ..analysis.iam.policies.statements import Reason
from ..errors import NotFound, UsageError
from ..graph.database import Database
from ..graph.lease import written
from ..schema import Arn
from . import estate_queries
from .estate_reading import Reading
from .resource_reading import resource_of, resources_of


def load_estate(database: Database) -> Estate:
    """All that decides who may do what, as the graph holds it. DatabaseError where the graph fails."""
    return Reading(database).whole()


def decide_for(
    database: Database,
    principal: str,
    action: str,
    resource: str = "*",
    context: Mapping[str, object] | None = None,
    *,
    kind: str = "",
) -> Decision:
    """Whether one principal may take the action on the resource, and under which conditions.

    ``principal`` is the ARN of a user, role, role session or root user; or the id of a node of that ``kind``, of which
    the graph holds no policies: anyone, an AWS service, an identity provider, an account that was not read.

    ``context`` has values of condition keys; keys that it lacks and the graph does not know make the decision
    ``conditional``. Where a customer's key encrypts the resource, the last reason says what that takes. NotFound where
    the graph has no such principal; UsageError where wildcards in action or resource make too many requests of it.
    """
    wanted = [principal, resource, *_roles_of_session(database, principal)]
    estate, asked = _asked(database, Reading(database).of(wanted), action, resource)
    decide = _decider(estate, principal, kind)
    if asked is not None:
        behind = identity_behind(estate, principal)[0]
        with _too_many():
            return can(asked, context or {}, decide, behind.arn if behind else principal)
    beside = also_takes(action, estate.resources[holder(resource)]) if holder(resource) in estate.resources else None
    return _with_remark(decide(Permissions(estate, action, resource, context or {})), beside)


def _decider(estate: Estate, principal: str, kind: str) -> Callable[[Permissions], Decision]:
    """What decides on requests of one principal."""
    principal = principal.removeprefix("principal:")  # of the nodes of those in a form of their own
    arn = Arn.maybe(principal)
    if arn and arn.service == "iam" and arn.resource == "root":
        return lambda permissions: permissions.of_root(principal, arn.account)
    identity, session = identity_behind(estate, principal)
    if identity is not None:
        return lambda permissions: permissions.of(identity, session)
    named = stranger(estate, TYPES.get(kind, "AWS"), principal, arn.partition if arn else "aws")
    if named is None and kind == "Account":
        raise UsageError(
            f"{principal} is an account of the register: those in it have permissions of their own",
            "Name a user or a role, or ask `muniment who-can ACTION RESOURCE` about all.",
        )
    if named is None:
        raise NotFound(
            f"the graph has no user or role {principal}", "Name it by its ARN; `muniment status` says what was read."
        )
    return lambda permissions: permissions.of_stranger(named)


def _asked(database: Database, estate: Estate, action: str, resource: str) -> tuple[Estate, Range | None]:
    """The estate with the resources that are asked about, and the range of requests where it is not a single one."""
    if Range(estate, action, resource).single:
        return replace(estate, resources=resource_of(database, holder(resource))), None
    literal = is_literal(resource)
    about = resource_of(database, holder(resource)) if literal else resources_of(database, service_of(action))
    whole = replace(estate, resources=about)
    return whole, Range(whole, action, resource)


@contextmanager
def _too_many() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error), "Name a narrower action or resource, or one of each.") from None


def _with_remark(decision: Decision, remark: Reason | None) -> Decision:
    if remark is None or isinstance(decision, Deny):
        return decision
    return replace(decision, because=(*decision.because, remark))


def who_can(
    database: Database, action: str, resource: str = "*", context: Mapping[str, object] | None = None
) -> list[tuple[str, str, Decision]]:
    """Everyone who may take the action on the resource: id, kind and decision; not the denied.

    Those whom the resource's side names and of whom the graph holds no policies come too: anyone, AWS services, other
    accounts. UsageError where wildcards in action or resource make too many requests of it.
    """
    given = context or {}
    with _index(database) as whole:
        estate, asked = _asked(database, whole.estate, action, resource)
        index = whole.about(estate.resources)
        kinds = {**dict.fromkeys(estate.users, "User"), **dict.fromkeys(estate.roles, "Role")}
        with _too_many():
            if asked is None:
                own = index.who_can(action, resource, given).explained()
                others = strangers_who_can(Permissions(estate, action, resource, given))
            else:
                own, others = who_can_any(asked, index, given), any_stranger_who_can(asked, given)
            principals = [(id_, kinds.get(id_, "RootUser"), decision) for id_, decision in own]
            return [*principals, *((named.id, named.kind, decision) for named, decision in others)]


def _index(database: Database) -> AbstractContextManager[Index]:
    """The index of the estate, as the connection remembers it, if it does."""

    @at_rest()
    def made() -> Index:
        return Index(load_estate(database))

    if database.memory is None:
        return nullcontext(made())
    return database.memory.lent(lambda: written(database), made)


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
