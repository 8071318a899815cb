"""Canonical users: the ids by which policies and ACLs of S3 name accounts.

"When you use a canonical user ID in a policy, Amazon S3 might change the canonical ID to the corresponding AWS account
ID. This does not impact the policy because both of these IDs identify the same account." Ids that nobody has told an
account of stay as they are: they may be a CloudFront origin access identity's.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..policies.statements import Policy, Statement
from .resources import Resource

Accounts = Mapping[str, str]
"""The account of each canonical user, by its id."""


def accounts_of(stated: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The account of each id, from pairs; an id that is said of two accounts tells neither."""
    found: dict[str, set[str]] = {}
    for id_, account in stated:
        found.setdefault(id_, set()).add(account)
    return {id_: next(iter(accounts)) for id_, accounts in found.items() if len(accounts) == 1}


def names_canonical_users(resource: Resource) -> bool:
    """Whether its policy or its ACL names any."""
    statements = resource.policy.document.statements if resource.policy else ()
    kinds = (kind for s in statements if s.principal for kind, _ in s.principal.entries)
    return bool(resource.acl) or "CanonicalUser" in kinds


def with_accounts(resource: Resource, known: Accounts) -> Resource:
    """The resource, whose policy and ACL name the accounts of those canonical users that are known."""
    policy = None if resource.policy is None else naming_accounts(resource.policy, known)
    return replace(resource, policy=policy, acl=granting_accounts(resource.acl, known))


def naming_accounts(policy: Policy, known: Accounts) -> Policy:
    """The policy with the accounts of the canonical users that it names."""
    statements = tuple(_naming_accounts(statement, known) for statement in policy.document.statements)
    if statements == policy.document.statements:
        return policy
    return replace(policy, document=replace(policy.document, statements=statements))


def granting_accounts(acl: Sequence[Mapping[str, Any]], known: Accounts) -> list[dict[str, Any]]:
    """The entries of an ACL with the accounts of the canonical users that they are for."""
    return [{**entry, "grantee": known.get(str(entry.get("grantee")), entry.get("grantee"))} for entry in acl]


def _naming_accounts(statement: Statement, known: Accounts) -> Statement:
    principal = statement.principal
    if principal is None or not any(kind == "CanonicalUser" and text in known for kind, text in principal.entries):
        return statement
    entries = (
        ("AWS", known[text]) if kind == "CanonicalUser" and text in known else (kind, text)
        for kind, text in principal.entries
    )
    return replace(statement, principal=replace(principal, entries=tuple(entries)))
