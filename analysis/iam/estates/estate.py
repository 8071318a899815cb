"""The estate as the permission engine sees it: accounts, principals, and the policies that apply to each.

An ``Estate`` holds facts only. What could not be read is part of it (``Account.unread``, ``Organization.unread``), so
that an analysis can tell "there is none" from "nobody looked".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..evaluation.resources import Resource
from ..policies.statements import Policy

NO_TAGS: Mapping[str, str] = {}


class IdentityKind(StrEnum):
    """What an identity of an account is."""

    USER = "User"
    ROLE = "Role"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user or role: what it is called and which policies apply to it.

    ``policies`` are ids of its own policies, inline and managed; those of its groups come by way of ``groups`` (ARNs).
    ``boundary`` is the id of its permissions boundary. ``tags`` is None where the tags could not be read.
    """

    arn: str
    kind: IdentityKind
    account: str
    unique_id: str | None = None
    policies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    boundary: str | None = None
    tags: Mapping[str, str] | None = field(default_factory=dict)
    service_linked: bool = False
    trust: Policy | None = None
    """A role's trust policy; its statements are named ``ROLE#trust/N``."""

    @property
    def name(self) -> str:
        """The friendly name: the last part of the ARN."""
        return self.arn.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an organization, the root, a unit or an account, with ids of the policies attached to it."""

    node: str
    service_control: tuple[str, ...] = ()
    resource_control: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization and which of its policy types are in force.

    ``unread`` says why its policies are not known, where they could not all be read.
    """

    id: str
    management_account: str = ""
    service_control_enabled: bool = True
    resource_control_enabled: bool = True
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account: where it stands in its organization, and how completely its IAM was read.

    ``levels`` runs from the root down to the account itself. ``organization`` is None where it is known to be in none;
    ``organization_unread`` says why its organization is not known. ``unread`` says why its IAM is not known (None: it
    was read completely). ``external`` marks an account that only others' policies name, and no run set out to read.
    """

    id: str
    partition: str = "aws"
    organization: str | None = None
    organization_unread: str | None = None
    path: str | None = None
    management: bool = False
    levels: tuple[Level, ...] = ()
    unread: str | None = None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person or group of Identity Center (``holder``) may enter an account as a reserved role (``role``, its ARN)."""

    holder: str
    permission_set: str
    account: str
    role: str


@dataclass(frozen=True)
class Estate:
    """Everything that decides who may do what. All mappings are by id: ARN for identities, 12 digits for accounts."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    organizations: Mapping[str, Organization] = field(default_factory=dict)
    users: Mapping[str, Identity] = field(default_factory=dict)
    roles: Mapping[str, Identity] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the policies of each group, by the group's ARN."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """Policies by id. Equal documents share one parsed ``Document``."""
    assignments: tuple[Assignment, ...] = ()
    root_users: Mapping[str, str] = field(default_factory=dict)
    """The account of each root user, by its ARN."""
    full_policies: frozenset[str] = frozenset()
    """Managed policies of which there are as many versions as AWS keeps: another takes that one is deleted."""
    versions: Mapping[str, tuple[Policy, ...]] = field(default_factory=dict)
    """Of customer managed policies the versions that are not in force, which may be set as the default."""
    unread_versions: frozenset[str] = frozenset()
    """Customer managed policies of which there are versions whose documents were not read."""
    resources: Mapping[str, Resource] = field(default_factory=dict)
    """Resources by ARN, as far as they are read: all of them, or the one that is asked about."""

    def identity(self, arn: str) -> Identity | None:
        """The user or role of that ARN."""
        return self.users.get(arn) or self.roles.get(arn)
