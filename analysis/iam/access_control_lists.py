"""S3's access control lists, as the Allow statements that they amount to.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from .statements import Statement, parse_statement


class Ownership(StrEnum):
    """Object Ownership: under the first, ACLs have no effect at all.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """

    ENFORCED = "BucketOwnerEnforced"
    PREFERRED = "BucketOwnerPreferred"
    WRITER = "ObjectWriter"


_GROUPS = "http://acs.amazonaws.com/groups/"
EVERYONE = f"{_GROUPS}global/AllUsers"
AUTHENTICATED = f"{_GROUPS}global/AuthenticatedUsers"
LOG_DELIVERY = f"{_GROUPS}s3/LogDelivery"

_ACTIONS = {
    "READ": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"],
    "WRITE": ["s3:PutObject", "s3:DeleteObject"],
    "READ_ACP": ["s3:GetBucketAcl"],
    "WRITE_ACP": ["s3:PutBucketAcl"],
}
"""What a permission of a bucket's ACL amounts to: the table of the page above."""

_OF_OBJECTS = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"]

_ANY_ACCOUNT = {"Null": {"aws:PrincipalAccount": "false"}}
"""Somebody of some account, which tells the authenticated from the anonymous."""


def acl_statements(
    bucket: str, grants: Sequence[Mapping[str, Any]], ownership: Ownership, ignored: bool | None
) -> Iterator[Statement]:
    """What the ACL of a bucket grants to others, and may be granted by those of its objects, which nobody has read.

    ``ignored`` is IgnorePublicAcls, None where that is not known.
    """
    if ownership is Ownership.ENFORCED:
        return
    for number, grant in enumerate(grants, 1):
        grantee = str(grant.get("grantee") or "")
        to_all = grantee in (EVERYONE, AUTHENTICATED)
        if to_all and ignored:
            continue
        statement = parse_statement(_granted(bucket, grantee, str(grant.get("permission"))), number)
        yield unsure(statement, "Block Public Access could not be read") if to_all and ignored is None else statement
    if not ignored:
        raw = {"Effect": "Allow", "Principal": "*", "Action": _OF_OBJECTS, "Resource": f"{bucket}/*"}
        yield unsure(parse_statement(raw, len(grants) + 1), "the ACLs of the bucket's objects, which are not read")


def unsure(statement: Statement, why: str) -> Statement:
    """The statement as one of which nobody knows whether it is in force."""
    return replace(statement, flaw=why)


def _granted(bucket: str, grantee: str, permission: str) -> dict[str, Any]:
    actions = [action for name in _ACTIONS for action in _ACTIONS[name] if permission in (name, "FULL_CONTROL")]
    stated = {"Effect": "Allow", "Action": actions, "Resource": [bucket, f"{bucket}/*"]}
    if grantee == EVERYONE:
        return {**stated, "Principal": "*"}
    if grantee == AUTHENTICATED:
        return {**stated, "Principal": "*", "Condition": _ANY_ACCOUNT}
    if grantee == LOG_DELIVERY:
        return {**stated, "Principal": {"Service": "logging.s3.amazonaws.com"}}
    return {**stated, "Principal": {"CanonicalUser": grantee}}
