"""Which reserved role is which permission set: by the name that Identity Center gives it.

A permission set becomes ``AWSReservedSSO_NAME_SUFFIX`` in each account that it is provisioned to; the suffix is sixteen
hexadecimal digits that no API of Identity Center tells. Names are never cut: a permission set's has at most 32
characters, and with what is put around them they come to 64, the most that a role's may have.

https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..schema import Edge

RESERVED_PATH = "/aws-reserved/sso.amazonaws.com/"
"""Where Identity Center puts its roles; a region may follow."""

_RESERVED_NAME = re.compile(r"AWSReservedSSO_(?P<permission_set>.{1,32})_[0-9a-f]{16}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set; ``accounts`` are those it is provisioned to, None where that could not be read."""

    id: str
    name: str
    accounts: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ReservedRole:
    """A role under ``RESERVED_PATH``; other roles are passed over."""

    id: str
    account: str
    path: str
    name: str


def permission_set_name(role_name: str) -> str | None:
    """The permission set's name in a reserved role's name; None where it is no such name.

    >>> permission_set_name("AWSReservedSSO_Data_Engineer_0123456789abcdef")
    'Data_Engineer'
    """
    found = _RESERVED_NAME.fullmatch(role_name)
    return found["permission_set"] if found else None


def provisioned_as(permission_sets: Iterable[PermissionSet], roles: Iterable[ReservedRole]) -> Iterator[Edge]:
    """The PROVISIONED_AS relationships: to every role in an account of the set's that bears its name.

    Names are compared as they are, capitals and all. A role in an account that the set is not provisioned to is another
    instance's, or a left-over: it is nobody's. Where the accounts of a set are not known, its name alone decides.
    """
    by_name: dict[str, list[PermissionSet]] = {}
    for permission_set in permission_sets:
        by_name.setdefault(permission_set.name, []).append(permission_set)
    for role in roles:
        name = permission_set_name(role.name) if role.path.startswith(RESERVED_PATH) else None
        for permission_set in by_name.get(name, ()) if name else ():
            if permission_set.accounts is None or role.account in permission_set.accounts:
                yield Edge("PROVISIONED_AS", permission_set.id, role.id, {"account_id": role.account})
