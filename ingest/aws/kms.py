"""AWS KMS: keys, their policies, their grants and their aliases.

https://docs.aws.amazon.com/kms/latest/developerguide/control-access.html

One call for a region without keys. Keys that services made for themselves are told by their alias, ``alias/aws/…``, and
nothing more is asked of them: three calls for each of the customer's keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Edge, Node
from .collector import Answer, Call, Collector, Level, Reader
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import json_text, text, timestamp

OF_AWS = "alias/aws/"
NOT_ASKED = "NotAsked"
"""Stands where the code of a refusal would: the policy of a key that AWS manages."""
GONE = "NotFoundException"
MOST = 1000
"""Keys on a page."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's keys."""
    keys = {key["KeyId"]: key["KeyArn"] for key in entries([*reader.pages("ListKeys", Limit=MOST)], "Keys")}
    if not keys:
        return
    aliases: dict[str, list[str]] = {}
    for alias in entries([*reader.pages("ListAliases")], "Aliases"):
        aliases.setdefault(str(alias.get("TargetKeyId")), []).append(str(alias.get("AliasName")))
    known_tags = tags_by_arn(reader, "kms")
    own = [key for key in keys if not _by_aws(aliases.get(key, ()))]
    asked = [{"KeyId": key} for key in own]
    described = {params["KeyId"]: answer for params, answer in reader.each("DescribeKey", asked)}
    customers = [key for key in own if (described[key].page.get("KeyMetadata") or {}).get("KeyManager") != "AWS"]
    asked = [{"KeyId": key} for key in customers]
    policies = {
        params["KeyId"]: answer
        for params, answer in reader.each("GetKeyPolicy", [{**one, "PolicyName": "default"} for one in asked])
    }
    grants = {params["KeyId"]: answer for params, answer in reader.each("ListGrants", asked)}
    for key, arn in keys.items():
        common = {"key_id": key, "aliases": sorted(aliases.get(key, ())), "tags": tags_of(known_tags, arn)}
        if key not in policies:
            fields = {"manager": "AWS", "policy_unread": NOT_ASKED}
        elif GONE in (described[key].absent, policies[key].absent):
            continue
        else:
            fields = _customers(described[key], policies[key], grants[key])
        yield from resource(reader, "KmsKey", arn, _name(key, common["aliases"]), {**common, **fields})


def _by_aws(aliases: object) -> bool:
    return isinstance(aliases, list) and any(alias.startswith(OF_AWS) for alias in aliases)


def _name(key: str, aliases: object) -> str:
    """What people call it: its alias, where it has one."""
    first = aliases[0] if isinstance(aliases, list) and aliases else key
    return str(first).removeprefix("alias/")


def _customers(described: Answer, policy: Answer, grants: Answer) -> dict[str, Any]:
    metadata = described.page.get("KeyMetadata") or {}
    return {
        **policy_fields(policy, policy.page.get("Policy")),
        "policy_unread": policy.refused or grants.refused,
        "manager": text(metadata.get("KeyManager")) or "CUSTOMER",
        "state": text(metadata.get("KeyState")),
        "usage": text(metadata.get("KeyUsage")),
        "origin": text(metadata.get("Origin")),
        "multi_region": metadata.get("MultiRegion"),
        "created_at": timestamp(metadata.get("CreationDate")),
        "grants": None if grants.refused else json_text([_grant(grant) for grant in entries(grants.pages, "Grants")]),
    }


def _grant(stated: Mapping[str, Any]) -> dict[str, Any]:
    """A grant; for a service it names the service in a member of its own."""
    return {
        "id": stated.get("GrantId"),
        "grantee": stated.get("GranteePrincipal") or stated.get("GranteeServicePrincipal"),
        "operations": sorted(stated.get("Operations") or ()),
        "constraints": stated.get("Constraints") or {},
        "retiring": stated.get("RetiringPrincipal") or stated.get("RetiringServicePrincipal"),
        "issuer": stated.get("IssuingAccount"),
    }


COLLECTOR = Collector(
    name="kms",
    level=Level.REGION,
    calls=(
        Call("kms", "ListKeys", ("kms:ListKeys",)),
        Call("kms", "ListAliases", ("kms:ListAliases",)),
        Call("kms", "DescribeKey", ("kms:DescribeKey",), (GONE,)),
        Call("kms", "GetKeyPolicy", ("kms:GetKeyPolicy",), (GONE,)),
        Call("kms", "ListGrants", ("kms:ListGrants",), (GONE,)),
        GET_TAGS,
    ),
    collect=collect,
    description="Keys, their policies, grants and aliases.",
)
