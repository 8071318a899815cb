"""What each role may do, and what each root field and route asks for: these tables, and nothing else.

The duties are separated: who operates the server does not read what people asked of it, and who reads that operates
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from ...queries.library import questions, saved
from ...schema import SCHEMA
from .. import graphiql
from ..graphql.names import camel, plural


class Role(StrEnum):
    """What a caller is here for."""

    READER = "reader"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be done."""

    GRAPH = "graph"
    """Read the estate: nodes, relationships, lists."""
    QUESTIONS = "questions"
    """Ask questions, saved ones too."""
    INTROSPECTION = "introspection"
    """Ask GraphQL for its schema."""
    OPERATIONS = "operations"
    """See how the server does: metrics, readiness in detail, runs."""
    AUDIT = "audit"
    """Read who asked what."""


_READING = frozenset({Permission.GRAPH, Permission.QUESTIONS})
_ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.READER: _READING,
    Role.AUDITOR: _READING | {Permission.INTROSPECTION, Permission.AUDIT},
    Role.OPERATOR: _READING | {Permission.INTROSPECTION, Permission.OPERATIONS},
    Role.ADMIN: frozenset(Permission),
}


OF_ALL = frozenset({Permission.OPERATIONS, Permission.AUDIT})
"""What tells of all accounts at once, and is for nobody who is limited to some."""


class Door(StrEnum):
    """Routes that ask for no one permission."""

    OPEN = "open"
    """Anybody may come, without being known."""
    CALLERS = "callers"
    """Any caller may come; what is asked for there is looked at then."""


ROUTES: Mapping[str, Door | Permission] = {
    "/healthz": Door.OPEN,
    "/readyz": Door.OPEN,
    "/graphql": Door.CALLERS,
    "/metrics": Permission.OPERATIONS,
    "/openapi.json": Door.CALLERS,
    **dict.fromkeys(graphiql.PATHS, Door.OPEN),
    "/queries": Permission.QUESTIONS,
    "/queries/{id}": Permission.QUESTIONS,
    "/audit": Permission.AUDIT,
}
"""Every route, as it is declared to the application. A page of GraphiQL is open: it holds nothing but itself."""

SOCKETS = frozenset({"/graphql"})
"""WebSockets whose first message may say who is calling, because a browser cannot send a header with one."""

_FIELDS: Mapping[str, Permission] = {
    "node": Permission.GRAPH,
    "changes": Permission.GRAPH,
    "ask": Permission.QUESTIONS,
    "savedQueries": Permission.QUESTIONS,
    "runSavedQuery": Permission.QUESTIONS,
    "__schema": Permission.INTROSPECTION,
    "__type": Permission.INTROSPECTION,
}
"""Root fields of queries and subscriptions. ``__typename`` alone says nothing and is everybody's."""


def allowed(role: Role) -> frozenset[Permission]:
    """All that a role may do."""
    return _ROLES[role]


@cache
def fields() -> Mapping[str, Permission]:
    """What each root field asks for: those of the table, a list for each kind below ``Asset``, and the questions."""
    lists = {plural(kind): Permission.GRAPH for kind in SCHEMA.kinds if SCHEMA.is_a(kind, "Asset")}
    asked = {camel(name.replace("-", "_")): Permission.QUESTIONS for name in questions().keys() - saved().keys()}
    return {**lists, **asked, **_FIELDS}


def permission_of(field: str) -> Permission | None:
    """What a root field asks for; None where nobody declared it."""
    return fields().get(field)
