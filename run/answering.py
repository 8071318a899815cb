"""From a question and words for its parameters to its answer: the one place that knows how each is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from ..queries.answer import Answer

if TYPE_CHECKING:
    from ..analysis.iam.evaluation.decisions import Decision, Unknown
    from ..graph.database import Database
    from ..queries.permitted import Decided
    from ..settings import Settings

Given: TypeAlias = Mapping[str, Any]
"""Words for a question's parameters, and ``context`` and ``transitive`` where a command has them."""
Answerer = Callable[["Database", "Settings", Given, bool], Answer]

_RESOURCE_POLICY = re.compile(
    r"(?:a resource|the trust) policy of [^;]+ is not in the register"
    r"|which roles outside the register trust it is not known"
)
"""The reasons of a decision that the resource's own policy would settle."""


def answer(database: Database, settings: Settings, question: str, given: Given, *, explain: bool = False) -> Answer:
    """Answer the question of that id. NotFound, AmbiguousName and UsageError for what the words do not tell."""
    if question in _ANSWERERS:
        return _ANSWERERS[question](database, settings, given, explain)
    from ..queries.library import SavedQuery
    from ..queries.library import question as find
    from ..queries.running import run

    found = find(question, settings.query_folders)
    assert isinstance(found, SavedQuery), "every other question has an answerer"
    return run(database, found, given, now=datetime.now(UTC), environments=settings.table("environments"))


def _who_can_assume(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.becoming import who_can_assume

    return who_can_assume(
        database,
        given["target"],
        only=given.get("principal", ""),
        kinds=given.get("kinds", ""),
        environments=settings.table("environments"),
        explain=explain,
    )


def _who_can_become(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.becoming import who_can_become

    return who_can_become(
        database,
        given["target"],
        only=given.get("principal", ""),
        kinds=given.get("kinds", ""),
        environments=settings.table("environments"),
        explain=explain,
    )


def _escalations(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.escalation import escalations

    return escalations(
        database,
        start=given.get("from", ""),
        to=given.get("to", ""),
        environments=settings.table("environments"),
        explain=explain,
    )


def _path(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.becoming import path_to

    environments = settings.table("environments")
    return path_to(database, given["from"], given["to"], environments=environments, explain=explain)


def _reachable_roles(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.reach import reachable_roles

    return reachable_roles(
        database,
        given["principal"],
        accounts=given.get("accounts", ""),
        environments=settings.table("environments"),
        explain=explain,
    )


def _can(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.atlas import Atlas
    from ..queries.permitted import (
        acts_as_roles,
        assigned_roles,
        can_answer,
        can_as_roles_answer,
        maker,
        resource_arn,
    )
    from ..queries.requests import checked_action, within
    from .estate import decide_for

    action = checked_action(given["action"])
    atlas = Atlas.load(database, settings.table("environments"))
    asker = maker(database, atlas, given["principal"])
    resource = within(action, resource_arn(database, atlas, given["resource"]))
    context = given.get("context") or {}
    if acts_as_roles(asker):
        each = [
            (role, path, _decided(role.id, decide_for(database, role.id, action, resource, context)))
            for role, path in assigned_roles(database, asker)
        ]
        return can_as_roles_answer(database, atlas, asker, action, resource, context, each, explain=explain)
    made = _decided(asker.id, decide_for(database, asker.id, action, resource, context, kind=asker.kind))
    return can_answer(database, atlas, asker, action, resource, context, made, explain=explain)


def _who_can(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.atlas import Atlas
    from ..queries.permitted import mere_boundaries, resource_arn, who_can_answer
    from ..queries.requests import checked_action, within
    from .estate import who_can

    action = checked_action(given["action"])
    atlas = Atlas.load(database, settings.table("environments"))
    resource = within(action, resource_arn(database, atlas, given.get("resource", "*")))
    bounding = mere_boundaries(database)
    found = ((id_, _decided(id_, made, bounding, kind)) for id_, kind, made in who_can(database, action, resource))
    transitive = bool(given.get("transitive"))
    return who_can_answer(database, atlas, action, resource, found, transitive=transitive, explain=explain)


def _decided(principal: str, made: Decision, bounding: Collection[str] = (), kind: str = "") -> Decided:
    """A decision in words on a principal of that kind; ``bounding`` are policies whose Allow lets nobody do anything by
    itself.
    """
    from ..analysis.iam.evaluation.decisions import Unknown
    from ..queries.permitted import Decided

    because = [str(reason) for reason in made.because]
    if not isinstance(made, Unknown):
        return Decided(made.word, made.conditions, because, kind=kind)
    from ..queries.sentences import ONLY_BY_RESOURCE

    note = ONLY_BY_RESOURCE if _only_by_resource(principal, made, bounding) else made.reason
    return Decided(made.word, made.conditions, [f"not known: {made.reason}", *because], note, kind)


def _only_by_resource(principal: str, made: Unknown, bounding: Collection[str]) -> bool:
    """Whether the resource's unread policy is all that is not known, and no statement that is known allows anything.

    Never so for root users, whom no statement needs to allow: that policy may refuse them.
    """
    from ..analysis.iam.policies.statements import Effect

    let = any(
        (reason.statement is None or reason.statement.effect is not Effect.DENY) and reason.where not in bounding
        for reason in made.because
    )
    return not let and not principal.endswith(":root") and _RESOURCE_POLICY.fullmatch(made.reason) is not None


def _review_access(database: Database, settings: Settings, given: Given, _explain: bool) -> Answer:
    from ..queries.review import review_access

    return review_access(
        database,
        now=datetime.now(UTC),
        accounts=given.get("accounts", ""),
        role=given.get("role", ""),
        owned_by=given.get("owner", ""),
        environments=settings.table("environments"),
    )


def _owned_by(database: Database, settings: Settings, given: Given, _explain: bool) -> Answer:
    from ..queries.owners import owned_by

    environments = settings.table("environments")
    return owned_by(database, owned_by=given["owner"], kind=given.get("kind", ""), environments=environments)


def _owner_of(database: Database, settings: Settings, given: Given, _explain: bool) -> Answer:
    from ..queries.owners import owner_of

    return owner_of(database, text=given["thing"], environments=settings.table("environments"))


def _least_privilege(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    from ..queries.least_privilege import least_privilege, narrower_policy, whole_days

    make = narrower_policy if given.get("propose") else least_privilege
    return make(
        database,
        given["principal"],
        now=datetime.now(UTC),
        days=whole_days(given.get("days")),
        environments=settings.table("environments"),
        explain=explain,
    )


def _narrower_policy(database: Database, settings: Settings, given: Given, explain: bool) -> Answer:
    return _least_privilege(database, settings, {**given, "propose": True}, explain)


def _mixed_environments(database: Database, settings: Settings, given: Given, _explain: bool) -> Answer:
    from ..queries.structure import mixed_environments

    return mixed_environments(database, accounts=given.get("accounts", ""), environments=settings.table("environments"))


def _mixed_vpcs(database: Database, settings: Settings, given: Given, _explain: bool) -> Answer:
    from ..queries.structure import mixed_vpcs

    return mixed_vpcs(database, accounts=given.get("accounts", ""), environments=settings.table("environments"))


def _misplaced_accounts(database: Database, settings: Settings, _given: Given, _explain: bool) -> Answer:
    from ..queries.structure import misplaced_accounts

    return misplaced_accounts(
        database, environments=settings.table("environments"), placement=settings.table("placement")
    )


def _shared_with_workloads(database: Database, settings: Settings, _given: Given, _explain: bool) -> Answer:
    from ..queries.structure import shared_with_workloads

    return shared_with_workloads(database, environments=settings.table("environments"))


def _status(database: Database, _settings: Settings, _given: Given, _explain: bool) -> Answer:
    from ..queries.status import status

    return status(database, now=datetime.now(UTC))


_ANSWERERS: Mapping[str, Answerer] = {
    "who-can-assume": _who_can_assume,
    "who-can-become": _who_can_become,
    "escalations": _escalations,
    "path": _path,
    "reachable-roles": _reachable_roles,
    "can": _can,
    "who-can": _who_can,
    "review-access": _review_access,
    "owned-by": _owned_by,
    "owner-of": _owner_of,
    "least-privilege": _least_privilege,
    "narrower-policy": _narrower_policy,
    "mixed-environments": _mixed_environments,
    "mixed-vpcs": _mixed_vpcs,
    "misplaced-accounts": _misplaced_accounts,
    "shared-with-workloads": _shared_with_workloads,
    "status": _status,
}
