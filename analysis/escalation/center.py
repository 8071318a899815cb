"""What is known of IAM Identity Center that bears on escalation: permission sets, where they are, who holds them.

https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .choices import ANY

NEW = "ps-7e3a91c04d6b25f8"
"""An id that AWS might draw for a new permission set: nobody knows it before."""


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set. ``accounts`` are those that it is provisioned to, None where that is not known.

    ``policies`` are ids of its managed and inline policies, ``customer_policies`` path and name of those that each
    account supplies; ``boundary`` is the id of a policy, ``customer_boundary`` path and name. ``unread`` says why
    policies and boundary are not known. ``roles`` are its reserved roles by account. ``tags`` is None where they are
    not known.
    """

    id: str
    name: str
    accounts: frozenset[str] | None = frozenset()
    policies: tuple[str, ...] = ()
    customer_policies: tuple[str, ...] = ()
    boundary: str | None = None
    customer_boundary: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None
    unread: str | None = None
    doubt: str | None = None
    """Why it is not known whether it is one at all."""

    @property
    def has_boundary(self) -> bool:
        """Whether it has a permissions boundary, as far as is known."""
        return bool(self.boundary or self.customer_boundary)


@dataclass(frozen=True, slots=True)
class Center:
    """An instance of an organization, whose management account owns it. ``accounts`` are all of the organization.

    ``instance`` and ``store`` are ARNs, with ``{any}`` for what is not known of them; ``unread`` says why then.
    ``delegates_unread`` says why delegated administrators are not known, ``held_unread`` why it is not known which
    groups have an assignment: ``groups`` are all of them then. ``people`` are the users that have one, or are in a
    group that has.
    """

    instance: str
    store: str
    account: str
    region: str
    accounts: frozenset[str]
    permission_sets: tuple[PermissionSet, ...] = ()
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    delegates: frozenset[str] = frozenset()
    delegates_unread: str | None = None
    held_unread: str | None = None
    unread: str | None = None

    @property
    def new(self) -> PermissionSet:
        """A permission set that is not there yet."""
        before, _, id_ = self.instance.partition(":::instance/")
        return PermissionSet(f"{before}:::permissionSet/{id_}/{NEW}", "a new one")

    @property
    def some(self) -> str:
        """The ARN of a permission set of which no more is known."""
        return self.new.id.replace(NEW, ANY)
