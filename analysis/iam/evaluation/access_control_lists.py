"""S3's access control lists, as the Allow statements that they amount to.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeAlias

from ....schema.identifiers import ACCOUNT_ID
from ..policies.statements import Statement, parse_statement

Grant: TypeAlias = Mapping[str, Any]
"""An entry of an ACL: its ``grantee``, a canonical user id, an account or the URI of a group, and ``permission``."""


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
    "WRITE": ["s3:PutObject"],
    "READ_ACP": ["s3:GetBucketAcl"],
    "WRITE_ACP": ["s3:PutBucketAcl"],
}
"""What a permission of a bucket's ACL amounts to: the table of the page above."""

_OF_OWN_OBJECTS = {"WRITE": ["s3:DeleteObject"]}
"""What it amounts to besides, on objects that the grantee owns."""

_WHOSE = "whose object it is: WRITE lets its grantee delete no others than its own"

_OF_OBJECTS = {
    "READ": ["s3:GetObject", "s3:GetObjectVersion"],
    "READ_ACP": ["s3:GetObjectAcl", "s3:GetObjectVersionAcl"],
    "WRITE_ACP": ["s3:PutObjectAcl", "s3:PutObjectVersionAcl"],
}
"""What a permission of an object's ACL amounts to, by the same table. There is no WRITE of objects."""

ANONYMOUS = "anonymous"
"""The account of whoever does not say who he is."""

_ANY_ACCOUNT = {
    "Null": {"aws:PrincipalAccount": "false"},
    "StringNotEquals": {"aws:PrincipalAccount": ANONYMOUS},
}
"""Somebody of some account, which tells the authenticated from the anonymous."""

_PUTTING_ACLS = ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:PutBucketAcl"]
_PUBLIC_CANNED = ["public-read", "public-read-write", "authenticated-read"]
_GRANTS = ("full-control", "read", "read-acp", "write", "write-acp")


def acl_statements(
    bucket: str,
    grants: Sequence[Grant],
    of_object: Sequence[Grant] | None,
    ownership: Ownership,
    ignored: bool | None,
) -> Iterator[Statement]:
    """What the ACL of a bucket grants to others, and that of the object that is asked about.

    ``of_object`` is None where nobody has read that: then it may let in anybody. ``ignored`` is IgnorePublicAcls, None
    where that is not known.
    """
    if ownership is Ownership.ENFORCED:
        return
    objects = [f"{bucket}/*"]
    of_bucket = [(_ACTIONS, [bucket, *objects], ""), (_OF_OWN_OBJECTS, objects, _WHOSE)]
    stated = [(grant, of_bucket) for grant in grants]
    stated += [(grant, [(_OF_OBJECTS, objects, "")]) for grant in of_object or ()]
    for number, (grant, meant) in enumerate(stated, 1):
        grantee = str(grant.get("grantee") or "")
        to_all = grantee in (EVERYONE, AUTHENTICATED)
        if to_all and ignored:
            continue
        permission = str(grant.get("permission"))
        for table, resources, doubt in meant:
            actions = [action for name in table for action in table[name] if permission in (name, "FULL_CONTROL")]
            raw = {"Effect": "Allow", **_grantee(grantee), "Action": actions, "Resource": resources}
            statement = parse_statement(raw, number)
            why = "Block Public Access could not be read" if to_all and ignored is None else doubt
            yield unsure(statement, why) if why else statement
    if of_object is None and not ignored:
        anything = [action for actions in _OF_OBJECTS.values() for action in actions]
        raw = {"Effect": "Allow", "Principal": "*", "Action": anything, "Resource": objects}
        yield unsure(parse_statement(raw, len(stated) + 1), "the ACLs of the bucket's objects, which are not read")


def refused_as_public(bucket: str, acls: bool | None, policy: bool | None) -> Iterator[Statement]:
    """BlockPublicAcls, as Denies of requests that ask for a public ACL, and BlockPublicPolicy, for which it takes the
    new policy to tell.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    if acls:
        yield _refusal("BlockPublicAcls", bucket, _PUTTING_ACLS, {"StringEquals": {"s3:x-amz-acl": _PUBLIC_CANNED}})
        for grant in _GRANTS:
            to_all = {"StringLike": {f"s3:x-amz-grant-{grant}": f"*{_GROUPS}global/*"}}
            yield _refusal("BlockPublicAcls", bucket, _PUTTING_ACLS, to_all)
    if policy:
        refusal = _refusal("BlockPublicPolicy", bucket, ["s3:PutBucketPolicy"], {})
        yield unsure(refusal, "whether the new policy is public, which BlockPublicPolicy refuses")


def _refusal(name: str, bucket: str, actions: list[str], condition: Mapping[str, Any]) -> Statement:
    resources = [bucket, f"{bucket}/*"]
    raw = {"Sid": name, "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": resources}
    return parse_statement({**raw, "Condition": condition})


def unsure(statement: Statement, why: str) -> Statement:
    """The statement as one of which nobody knows whether it is in force."""
    return replace(statement, flaw=why)


def _grantee(grantee: str) -> dict[str, Any]:
    if grantee == EVERYONE:
        return {"Principal": "*"}
    if grantee == AUTHENTICATED:
        return {"Principal": "*", "Condition": _ANY_ACCOUNT}
    if grantee == LOG_DELIVERY:
        return {"Principal": {"Service": "logging.s3.amazonaws.com"}}
    return {"Principal": {"AWS" if ACCOUNT_ID.fullmatch(grantee) else "CanonicalUser": grantee}}
