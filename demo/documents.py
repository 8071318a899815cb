"""Policy documents in short, and what they may be attached to.

Accounts appear as ``<name>`` and the account itself as ``<self>``; the organization's id as ``<organization>``. They
become real ids once the accounts exist: see ``fill``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .accounts import HOME_REGION

Document: TypeAlias = dict[str, Any]
Condition: TypeAlias = Mapping[str, Mapping[str, Any]]

AWS_POLICY = "arn:aws:iam::aws:policy/"
_PLACEHOLDER = re.compile(r"<([a-z-]+)>")


def aws(*names: str) -> tuple[str, ...]:
    """ARNs of AWS managed policies, each given by its path and name."""
    return tuple(AWS_POLICY + name for name in names)


def own(*names: str) -> tuple[str, ...]:
    """ARNs of the account's own managed policies."""
    return tuple(f"arn:aws:iam::<self>:policy/{name}" for name in names)


def statement(effect: str, actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """One statement; ``more`` are further elements, by name: ``Condition``, ``Sid``."""
    return {**more, "Effect": effect, "Action": actions, "Resource": resources}


def policy(*statements: Mapping[str, Any]) -> Document:
    """A document of statements."""
    return {"Version": "2012-10-17", "Statement": [dict(one) for one in statements]}


def allow(actions: str | list[str], resources: str | list[str] = "*", condition: Condition | None = None) -> Document:
    """A document that allows one thing."""
    more = {"Condition": condition} if condition else {}
    return policy(statement("Allow", actions, resources, **more))


def trust(
    principal: Mapping[str, Any] | str,
    condition: Condition | None = None,
    action: str | list[str] = "sts:AssumeRole",
) -> Document:
    """A trust policy of one statement."""
    document: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return policy(document | ({"Condition": condition} if condition else {}))


def trust_service(service: str) -> Document:
    """Trust in a service, only on behalf of this account where the service says so."""
    return trust({"Service": f"{service}.amazonaws.com"})


def trust_aws(*arns: str, condition: Condition | None = None) -> Document:
    """Trust in principals or accounts."""
    return trust({"AWS": arns[0] if len(arns) == 1 else list(arns)}, condition)


def trust_oidc(provider: str, audience: str, subject: str | list[str] | None) -> Document:
    """Trust in tokens of an OIDC provider, for one audience, and for subjects that match."""
    condition: dict[str, Any] = {"StringEquals": {f"{provider}:aud": audience}}
    if subject is not None:
        condition["StringLike"] = {f"{provider}:sub": subject}
    federated = {"Federated": f"arn:aws:iam::<self>:oidc-provider/{provider}"}
    return trust(federated, condition, "sts:AssumeRoleWithWebIdentity")


def trust_saml(provider: str) -> Document:
    """Trust in assertions of a SAML provider, as AWS writes it for the console."""
    return trust(
        {"Federated": f"arn:aws:iam::<self>:saml-provider/{provider}"},
        {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        ["sts:AssumeRoleWithSAML", "sts:TagSession"],
    )


WITH_MFA: Condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@dataclass(frozen=True, slots=True)
class Role:
    """A role to make."""

    name: str
    trust: Document
    managed: tuple[str, ...] = ()
    inline: Mapping[str, Document] = field(default_factory=dict)
    boundary: str = ""
    path: str = "/"
    description: str = ""
    days_ago: int = 400
    session_seconds: int = 3600
    instance_profile: bool = False
    linked_service: str = ""
    used_days_ago: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """An access key, made and last used so many days ago."""

    days_ago: int
    used_days_ago: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user to make."""

    name: str
    groups: tuple[str, ...] = ()
    managed: tuple[str, ...] = ()
    inline: Mapping[str, Document] = field(default_factory=dict)
    boundary: str = ""
    path: str = "/"
    keys: tuple[Key, ...] = ()
    console: bool = False
    mfa: bool = False
    days_ago: int = 600
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """An IAM group to make."""

    name: str
    managed: tuple[str, ...] = ()
    inline: Mapping[str, Document] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A customer managed policy to make; ``earlier`` versions come before the one in force."""

    name: str
    document: Document
    description: str = ""
    earlier: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What one account's IAM holds."""

    roles: tuple[Role, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    policies: tuple[ManagedPolicy, ...] = ()
    oidc: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Issuers and their audiences."""
    saml: tuple[str, ...] = ()
    password_policy: Mapping[str, Any] = field(default_factory=dict)

    def __add__(self, other: Contents) -> Contents:
        return Contents(
            self.roles + other.roles,
            self.users + other.users,
            self.groups + other.groups,
            self.policies + other.policies,
            {**self.oidc, **other.oidc},
            self.saml + other.saml,
            {**self.password_policy, **other.password_policy},
        )


def fill(value: Any, ids: Mapping[str, str]) -> str:
    """The JSON text of a document, or a text, with the names of accounts replaced by their ids."""
    text = value if isinstance(value, str) else json.dumps(value)
    return _PLACEHOLDER.sub(lambda found: ids[found[1]], text)


def reserved_path() -> str:
    """Where Identity Center puts its roles: the region is left out of it in us-east-1 alone."""
    return "/aws-reserved/sso.amazonaws.com/" + ("" if HOME_REGION == "us-east-1" else f"{HOME_REGION}/")
