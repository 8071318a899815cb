"""What of a request policies look at: whether it matters on which resource an action is asked about."""

from __future__ import annotations

from collections.abc import Iterator

from ..iam.evaluation.evaluate import Policies
from ..iam.policies.statements import Effect, Statement


def all_statements(policies: Policies) -> Iterator[Statement]:
    """The statements of the principal's policies and of those that limit it; not of a resource's own."""
    limits = (attached for _, attached in (*policies.service_control, *policies.resource_control))
    groups = (policies.identity, policies.boundary or (), *limits)
    return (statement for group in groups for policy in group for statement in policy.document.statements)


def may_cover(policies: Policies, resource: str) -> bool:
    """Whether any statement of the identity's own policies, cut to one action, may allow it on the resource."""
    if "identity" in policies.unread:
        return True
    for policy in policies.identity:
        for statement in policy.document.statements:
            if statement.effect is not Effect.DENY:
                matchers = statement.resource_matchers
                if matchers is None or any(matches(resource) for matches in matchers) is not statement.not_resources:
                    return True
    return False


def sees_nothing(statement: Statement) -> bool:
    """Whether the statement says the same of every resource."""
    if statement.resources is not None and (statement.not_resources or "*" not in statement.resources):
        return False
    return not any(
        "resourcetag/" in test.key.lower() or (test.variables and any("${" in value for value in test.values))
        for test in statement.conditions.tests
    )
