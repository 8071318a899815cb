"""What the register knows of a request's context before it is made: keys of the caller, its account, the resource.

A key that the register knows to be missing is given as missing, so that a condition on it is decided; every other key
is left unknown and its conditions remain.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ..conditions.context import Context
from ..policies.principals import Caller, CallerKind
from ..policies.statements import Policy, Statement
from .estate import Account, Estate, Identity, IdentityKind

Known: TypeAlias = dict[str, tuple[str, ...] | None]

PERSONAL_KEYS = ("aws:principalarn", "aws:principaltag/", "aws:principaltype", "aws:userid", "aws:username")
"""Keys whose values differ between principals of one account."""

ACCOUNT_KEYS = ("aws:principalaccount", "aws:principalorgpaths")
"""Keys whose values differ between accounts of one organization."""

RESOURCE_TAG_PREFIXES = ("aws:resourcetag/", "iam:resourcetag/")
"""Beginnings of the keys that tell one resource of an account from another."""

TAG_SESSION = "sts:tagsession"
TAGS = ("aws:principaltag/",)


def caller_of(identity: Identity, partition: str = "aws") -> Caller:
    """The identity as the maker of a request; a role with a session whose name is not known."""
    kind = CallerKind.USER if identity.kind is IdentityKind.USER else CallerKind.ROLE
    return Caller(kind, identity.arn, identity.account, None, identity.service_linked, partition)


def account_keys(account: Account | None) -> Known:
    """Keys that are the same for every principal of an account."""
    if account is None:
        return {}
    known: Known = {
        "aws:principalaccount": (account.id,),
        "aws:principalisawsservice": ("false",),
        "aws:principalservicename": None,
        "aws:principalservicenameslist": None,
    }
    if account.organization_unread is None and not account.external:
        known["aws:principalorgid"] = (account.organization,) if account.organization else None
        known["aws:principalorgpaths"] = (account.path,) if account.path else None
    return known


def personal_keys(identity: Identity) -> Known:
    """Keys of one user or role. A role's session name, and so its ``aws:userid``, is not known."""
    return _personal(identity, _has_no_more_tags(identity))


def _personal(identity: Identity, tagged: bool) -> Known:
    user = identity.kind is IdentityKind.USER
    known: Known = {
        "aws:principalarn": (identity.arn,),
        "aws:principaltype": ("User" if user else "AssumedRole",),
        "aws:username": (identity.name,) if user else None,
    }
    if user and identity.unique_id:
        known["aws:userid"] = (identity.unique_id,)
    if tagged and identity.tags:
        known |= {f"aws:principaltag/{key.lower()}": (value,) for key, value in identity.tags.items()}
    return known


def closed_prefixes(identity: Identity) -> tuple[str, ...]:
    """Prefixes of keys of which the identity has no more than are known."""
    return TAGS if _has_no_more_tags(identity) else ()


def personal_context(identity: Identity, account: Account | None) -> Context:
    """All that is known of a caller."""
    return context_of(identity, account_keys(account))


def context_of(identity: Identity, known: Known) -> Context:
    """All that is known of a caller, given what is known of everyone in its account."""
    tagged = _has_no_more_tags(identity)
    return Context({**known, **_personal(identity, tagged)}, closed_prefixes=TAGS if tagged else ())


def resource_keys(account: Account | None, tags: Mapping[str, str] | None = None) -> Known:
    """Keys of a resource: its account's, and its tags where those are known."""
    known: Known = {}
    if account is not None:
        known["aws:resourceaccount"] = (account.id,)
        if account.organization_unread is None and not account.external:
            known["aws:resourceorgid"] = (account.organization,) if account.organization else None
            known["aws:resourceorgpaths"] = (account.path,) if account.path else None
    for key, value in (tags or {}).items():
        known[f"aws:resourcetag/{key.lower()}"] = known[f"iam:resourcetag/{key.lower()}"] = (value,)
    return known


def made_to(action: str, partition: str) -> Known:
    """The region of requests for an action, in lower case, of a service that has one endpoint for all of a partition.

    A role is passed in a request to another service.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html
    """
    if partition != "aws" or not action.startswith("iam:") or action == "iam:passrole":
        return {}
    return {"aws:requestedregion": ("us-east-1",)}


def role_keys(estate: Estate, role: Identity) -> Known:
    """Keys of a role as the resource of a request."""
    return resource_keys(estate.accounts.get(role.account), role.tags)


def is_personal(statement: Statement) -> bool:
    """Whether what the statement says may differ between principals of one account."""
    if statement.resource_matchers is None:
        return True
    return any(
        test.key.lower().startswith(PERSONAL_KEYS) or (test.variables and any("${" in v for v in test.values))
        for test in statement.conditions.tests
    )


def asks_for_account(statement: Statement) -> bool:
    """Whether what the statement says may differ between principals of one organization by their account."""
    return statement.resource_matchers is None or any(
        test.key.lower().startswith(ACCOUNT_KEYS) or (test.variables and any("${" in v for v in test.values))
        for test in statement.conditions.tests
    )


def is_blind(statement: Statement) -> bool:
    """Whether what the statement says does not depend on which resource it is asked about."""
    if statement.resources is not None and (statement.not_resources or "*" not in statement.resources):
        return False
    return not any(
        test.key.lower().startswith(RESOURCE_TAG_PREFIXES) or (test.variables and any("${" in v for v in test.values))
        for test in statement.conditions.tests
    )


def _has_no_more_tags(identity: Identity) -> bool:
    """Whether its tags are known, and no session of the role may carry others that the role itself does not have."""
    if identity.tags is None or identity.kind is not IdentityKind.ROLE:
        return identity.tags is not None
    return identity.trust is not None and not _tags_sessions(identity.trust)


def _tags_sessions(trust: Policy) -> bool:
    return any(statement.concerns(TAG_SESSION) for statement in trust.document.statements)
