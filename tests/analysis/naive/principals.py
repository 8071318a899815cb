"""Who makes a request, and whether a Principal or NotPrincipal element names them.

Sources, quoted beside the code:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Named(StrEnum):
    """How a policy names the one who makes the request."""

    ANYONE = "anyone"
    """``*``: all principals."""
    ITSELF = "itself"
    """The user, role session, federated user session, root user, service or provider itself."""
    ROLE = "role"
    """The role of the session."""
    FEDERATING_USER = "federating user"
    """The user who federated."""
    ACCOUNT = "account"
    """The account, which delegates to it."""


@dataclass(frozen=True)
class Requester:
    """The principal of a request, by what it is."""

    kind: str
    """root, user, role, session, federated-user, service, federated, anonymous, origin access identity"""
    text: str = ""
    account: str = ""
    name: str = ""
    """The friendly name of a user or role, without its path; of a session, of its role."""
    unique_id: str = ""
    """That of the user or role, where the request's aws:userid tells."""

    @classmethod
    def of(cls, principal: str | dict[str, Any]) -> Requester:
        """The requester that the ``principal`` of a request to simulate stands for."""
        if isinstance(principal, dict):
            kind = next(iter(principal))
            return cls(kind, "" if kind == "anonymous" else principal[kind])
        service, account, resource = (principal.split(":", 5)[index] for index in (2, 4, 5))
        if service == "sts":
            # arn:aws:sts::AWS-account-ID:assumed-role/role-name/role-session-name
            # arn:aws:sts::AWS-account-ID:federated-user/user-name
            kind = "session" if resource.startswith("assumed-role/") else "federated-user"
            return cls(kind, principal, account, resource.split("/")[1])
        if resource == "root":
            return cls("root", principal, account)
        if account == "cloudfront":
            # "An origin access identity is a special CloudFront user": of no account.
            return cls("origin access identity", principal)
        return cls(resource.split("/")[0], principal, account, resource.split("/")[-1])

    def identified(self, user_id: object) -> Requester:
        """With what aws:userid says of it: of a user its unique ID, of a session role-id:caller-specified-role-name."""
        if self.kind not in ("user", "role", "session") or not isinstance(user_id, str):
            return self
        return replace(self, unique_id=user_id.split(":")[0])

    @property
    def has_identity(self) -> bool:
        """Whether identity-based policies and what limits them apply to it."""
        return self.kind in ("root", "user", "role", "session", "federated-user")

    @property
    def is_service_linked(self) -> bool:
        """Service-linked roles have the path /aws-service-role/ and names that start with AWSServiceRoleFor."""
        return (self.kind == "role" and ":role/aws-service-role/" in self.text) or (
            self.kind == "session" and self.name.startswith("AWSServiceRoleFor")
        )


def named_by(principal: Any, requester: Requester, *, doubt: bool) -> set[Named]:
    """All ways in which a Principal element (or what NotPrincipal lists) names the requester, or may name it where
    ``doubt`` counts.

    "When you specify more than one principal in an element, you grant permissions to each principal."
    """
    # "You can use a wildcard (*) to specify all principals in the Principal element of a resource-based policy"
    if principal == "*":
        return {Named.ANYONE}
    ways = set()
    for kind, listed in principal.items():
        for entry in listed if isinstance(listed, list) else [listed]:
            ways |= _named_by_entry(kind, entry, requester, doubt)
    return ways


def _named_by_entry(kind: str, entry: str, requester: Requester, doubt: bool) -> set[Named]:
    if kind == "Service":
        return {Named.ITSELF} if requester.kind == "service" and requester.text == entry else set()
    if kind == "Federated":
        return {Named.ITSELF} if requester.kind == "federated" and requester.text == entry else set()
    if kind != "AWS" or requester.kind in ("service", "federated"):
        return set()
    # 'For anonymous users, the following elements are equivalent: "Principal": "*" and "Principal": {"AWS": "*"}'
    if entry == "*":
        return {Named.ANYONE}
    if requester.kind == "anonymous":
        return set()
    ways = set()
    # "You cannot use a wildcard to match part of a principal name or ARN": nothing but equality is left.
    if requester.kind == "origin access identity":
        return {Named.ITSELF} if entry == requester.text else set()
    if entry == requester.text:
        ways.add(Named.ROLE if requester.kind == "role" else Named.ITSELF)
    if _is_account(entry, requester):
        # "The account ARN and the shortened account ID behave the same way. Both delegate permissions to the account.
        # Using the account ARN in the Principal element does not limit permissions to only the root user."
        ways.add(Named.ITSELF if requester.kind == "root" else Named.ACCOUNT)
    # "that ARN transforms to the role unique principal ID when you save the policy"
    if entry == requester.unique_id != "":
        ways.add(Named.ITSELF if requester.kind == "user" else Named.ROLE)
    # "When a principal or identity assumes a role … they become a role session principal."
    if requester.kind == "session" and _is(entry, "role", requester):
        ways.add(Named.ROLE)
    # "if a resource-based policy grants permission to the ARN of the IAM user who federated …"
    if requester.kind == "federated-user" and _is(entry, "user", requester):
        ways.add(Named.FEDERATING_USER)
    # "the federated user's name is taken from the Name parameter of the API call": it need not be the user's.
    if requester.kind == "federated-user" and doubt and _is(entry, "user", requester, named=False):
        ways.add(Named.FEDERATING_USER)
    return ways


def _is_account(entry: str, requester: Requester) -> bool:
    """Whether the entry is the account, or its ARN: "Each AWS account is scoped to one partition"."""
    partition = requester.text.split(":")[1]
    return entry in (requester.account, f"arn:{partition}:iam::{requester.account}:root")


def _is(entry: str, kind: str, requester: Requester, *, named: bool = True) -> bool:
    """Whether the entry is the ARN of the role (or user), whatever its path: names are unique within an account.

    Where its name is not asked for (``named``), whether it is that of any role (or user) of the account."""
    parts = entry.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or parts[4] != requester.account or "*" in entry:
        return False
    steps = parts[5].split("/")
    return steps[0] == kind and (not named or steps[-1] == requester.name)


def excepted_by(
    not_principal: Any, effect: str, requester: Requester, has_boundary: bool, *, doubt: bool
) -> bool | None:
    """Whether NotPrincipal excepts the requester from its statement; None where AWS does not promise either."""
    ways = named_by(not_principal, requester, doubt=doubt)
    if effect == "Allow":
        # "Doing so allows all principals except the one named in the NotPrincipal element."
        return bool(ways)
    # "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary
    # policy attached, regardless of the values specified in the NotPrincipal element."
    if has_boundary:
        return False
    # "all principals except the user named Bob in AWS account 444455556666 are explicitly denied": with Bob's account
    # listed beside Bob, others of that account are not excepted. Nor are other sessions of a role that is listed beside
    # one of its sessions: "all principals except the assumed-role user named cross-account-audit-app".
    itself = Named.ROLE if requester.kind == "role" else Named.ITSELF
    if Named.ANYONE in ways or itself not in ways:
        return Named.ANYONE in ways
    # "You must also specify the account ARN of the not-denied principal. Otherwise, the policy might deny access to the
    # entire account containing the principal. … AWS might validate the account first, then the role, and then the
    # assumed-role user."
    above = {
        "user": {Named.ACCOUNT},
        "role": {Named.ACCOUNT},
        "session": {Named.ROLE, Named.ACCOUNT},
        "federated-user": {Named.ACCOUNT},
    }
    return True if above.get(requester.kind, set()) <= ways else None
