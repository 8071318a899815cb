"""Amazon S3: buckets with all that decides who may use them, and the access points that lead to them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-management.html

Every region lists its own buckets, so that no call is redirected: one call where there are none. Where there are, two
more for the account's settings and access points, four for each bucket and two for each access point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Edge, Node, Ownership
from .collector import Answer, Call, Collector, Level, Page, Reader
from .resources import GET_TAGS, policy_fields, resource, tags_by_arn, tags_of
from .values import json_text, text, timestamp

GONE = "NoSuchBucket"
_BLOCKS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
_CONFIGURATION = "PublicAccessBlockConfiguration"
_ACCESS_POINT_BLOCK = "GetAccessPoint"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's buckets and access points."""
    buckets = [
        bucket for page in reader.pages("ListBuckets", BucketRegion=reader.region) for bucket in page.get("Buckets", ())
    ]
    if not buckets:
        return
    of_account = next(answer for _, answer in reader.each("GetAccountPublicAccessBlock", [_account(reader)]))
    known_tags = tags_by_arn(reader, "s3")
    asked = [{"Bucket": bucket["Name"]} for bucket in buckets]
    policies = _by_bucket(reader, "GetBucketPolicy", asked)
    blocks = _by_bucket(reader, "GetPublicAccessBlock", asked)
    acls = _by_bucket(reader, "GetBucketAcl", asked)
    ownerships = _by_bucket(reader, "GetBucketOwnershipControls", asked)
    points = next(answer for _, answer in reader.each("ListAccessPoints", [_account(reader)]))
    listed: set[str] = set()
    for bucket in buckets:
        name = bucket["Name"]
        answers = (policies[name], blocks[name], acls[name], ownerships[name])
        if GONE in {answer.absent for answer in answers}:
            continue
        listed.add(name)
        arn = bucket_arn(reader, name)
        fields = policy_fields(policies[name], policies[name].page.get("Policy"))
        yield from resource(
            reader,
            "Bucket",
            arn,
            name,
            {
                **fields,
                **_acl(acls[name]),
                **_blocked(blocks[name], of_account),
                "policy_unread": next((answer.refused for answer in answers if answer.refused), None),
                "object_ownership": _ownership(ownerships[name]),
                "owner_id": _owner(acls[name]),
                "access_points_unread": points.refused,
                "tags": tags_of(known_tags, arn),
                "created_at": timestamp(bucket.get("CreationDate")),
            },
        )
    yield from _access_points(reader, points, of_account, listed)


def bucket_arn(reader: Reader, name: str) -> str:
    """The ARN of a bucket, by its name."""
    return f"arn:{reader.partition}:s3:::{name}"


def _account(reader: Reader) -> dict[str, str]:
    return {"AccountId": reader.account}


def _by_bucket(reader: Reader, operation: str, asked: list[dict[str, str]]) -> dict[str, Answer]:
    return {params["Bucket"]: answer for params, answer in reader.each(operation, asked)}


def _blocked(own: Answer, of_account: Answer, member: str = _CONFIGURATION) -> dict[str, bool | None]:
    """Block Public Access as it comes to: what either setting says, and unknown where one that could is unread."""
    settings = [(answer.page.get(member) or {}, answer.refused) for answer in (own, of_account)]

    def together(name: str) -> bool | None:
        if any(setting.get(name) for setting, _ in settings):
            return True
        return None if any(refused for _, refused in settings) else False

    return {field: together(name) for name, field in _BLOCKS.items()}


def _ownership(answer: Answer) -> str | None:
    """Who owns objects: a bucket without the setting has the first one there ever was."""
    rules = (answer.page.get("OwnershipControls") or {}).get("Rules") or ()
    stated = next((text(rule.get("ObjectOwnership")) for rule in rules), None)
    return stated or (None if answer.refused else "ObjectWriter")


def _acl(answer: Answer) -> dict[str, Any]:
    """Grants to others than the bucket's owner; none is an empty list, which is not unread."""
    if not answer.pages:
        return {}
    owner = _owner(answer)
    grants = [
        {"grantee": _grantee(grant.get("Grantee") or {}), "permission": grant.get("Permission")}
        for grant in answer.page.get("Grants") or ()
        if owner is None or (grant.get("Grantee") or {}).get("ID") != owner
    ]
    return {"acl": json_text(sorted(grants, key=repr))}


def _owner(answer: Answer) -> str | None:
    """The canonical user id of the bucket's account."""
    return text((answer.page.get("Owner") or {}).get("ID"))


def _grantee(stated: Mapping[str, Any]) -> str | None:
    """A group's address, a canonical user's id, or an e-mail address."""
    return next((found for name in ("URI", "ID", "EmailAddress") if (found := text(stated.get(name)))), None)


def _access_points(reader: Reader, answer: Answer, of_account: Answer, listed: set[str]) -> Iterator[Node | Edge]:
    points = [point for page in answer.pages for point in page["AccessPointList"]]
    asked = [{**_account(reader), "Name": point["Name"]} for point in points if "Name" in point]
    policies = {params["Name"]: answer for params, answer in reader.each("GetAccessPointPolicy", asked)}
    details = {params["Name"]: answer for params, answer in reader.each(_ACCESS_POINT_BLOCK, asked)}
    for point in points:
        if point.get("Name") in policies:
            yield from _access_point(reader, point, policies[point["Name"]], details[point["Name"]], of_account, listed)


def _access_point(
    reader: Reader, point: Page, policy: Answer, details: Answer, of_account: Answer, listed: set[str]
) -> Iterator[Node | Edge]:
    name, bucket = point["Name"], point["Bucket"]
    arn = (
        point.get("AccessPointArn") or f"arn:{reader.partition}:s3:{reader.region}:{reader.account}:accesspoint/{name}"
    )
    fields = policy_fields(policy, policy.page.get("Policy"))
    yield from resource(
        reader,
        "AccessPoint",
        arn,
        name,
        {
            **fields,
            **_blocked(details, of_account),
            "policy_unread": policy.refused or details.refused,
            "bucket": text(bucket),
            "alias": text(point.get("Alias")),
            "network_origin": text(point.get("NetworkOrigin")),
            "vpc_id": text((point.get("VpcConfiguration") or {}).get("VpcId")),
            "created_at": timestamp(details.page.get("CreationDate")),
        },
    )
    if bucket not in listed:
        owner = text(point.get("BucketAccountId"))
        stated = {"name": bucket, "provider": "aws", "account_id": owner}
        yield Node("Bucket", bucket_arn(reader, bucket), stated, Ownership.REFERENCE)
    yield Edge("ACCESS_POINT_OF", arn, bucket_arn(reader, bucket))


COLLECTOR = Collector(
    name="s3",
    level=Level.REGION,
    calls=(
        Call("s3", "ListBuckets", ("s3:ListAllMyBuckets",)),
        Call("s3", "GetBucketPolicy", ("s3:GetBucketPolicy",), ("NoSuchBucketPolicy", GONE)),
        Call(
            "s3",
            "GetPublicAccessBlock",
            ("s3:GetBucketPublicAccessBlock",),
            ("NoSuchPublicAccessBlockConfiguration", GONE),
        ),
        Call("s3", "GetBucketAcl", ("s3:GetBucketAcl",), (GONE,)),
        Call(
            "s3",
            "GetBucketOwnershipControls",
            ("s3:GetBucketOwnershipControls",),
            ("OwnershipControlsNotFoundError", GONE),
        ),
        Call(
            "s3control",
            "GetPublicAccessBlock",
            ("s3:GetAccountPublicAccessBlock",),
            ("NoSuchPublicAccessBlockConfiguration",),
            name="GetAccountPublicAccessBlock",
        ),
        Call("s3control", "ListAccessPoints", ("s3:ListAccessPoints",), tokens=("NextToken", "NextToken")),
        Call("s3control", "GetAccessPoint", ("s3:GetAccessPoint",), ("NoSuchAccessPoint",)),
        Call(
            "s3control",
            "GetAccessPointPolicy",
            ("s3:GetAccessPointPolicy",),
            ("NoSuchAccessPointPolicy", "NoSuchAccessPoint"),
        ),
        GET_TAGS,
    ),
    collect=collect,
    description="Buckets and access points: policies, ACLs, ownership, Block Public Access.",
)
