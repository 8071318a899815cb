"""Things that a collector names and does not list itself."""

from __future__ import annotations

from ...schema import Arn, Node, Ownership


def account_reference(account: str) -> Node:
    """An account, by its 12 digits."""
    return Node("Account", account, {"name": account, "provider": "aws", "account_id": account}, Ownership.REFERENCE)


def policy_reference(arn: str) -> Node:
    """A managed policy, by its ARN."""
    parsed = Arn.maybe(arn)
    stated = {
        "name": parsed.name if parsed else arn,
        "provider": "aws",
        "account_id": parsed.account if parsed and parsed.account != "aws" else None,
        "aws_managed": bool(parsed and parsed.account == "aws"),
    }
    return Node("ManagedPolicy", arn, stated, Ownership.REFERENCE)


def role_reference(arn: str) -> Node:
    """A role, by its ARN."""
    return Node("Role", arn, _named(arn), Ownership.REFERENCE)


def instance_profile_reference(arn: str) -> Node:
    """An instance profile, by its ARN."""
    return Node("InstanceProfile", arn, _named(arn), Ownership.REFERENCE)


def _named(arn: str) -> dict[str, str | None]:
    parsed = Arn.maybe(arn)
    return {
        "name": parsed.name if parsed else arn,
        "provider": "aws",
        "account_id": parsed.account if parsed and parsed.account.isdigit() else None,
    }
