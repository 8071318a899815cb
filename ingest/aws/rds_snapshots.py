"""Amazon RDS and Aurora: snapshots, and with whom they are shared.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html

Two calls for a region without snapshots, one for instances and one for clusters, and one for each manual snapshot:
automatic ones cannot be shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...schema import Edge, Node
from .collector import Answer, Call, Collector, Level, Reader
from .resources import entries, resource
from .values import tags, text, timestamp

EVERYONE = "all"
NONE_ASKED = Answer([])


@dataclass(frozen=True, slots=True)
class _Family:
    """How the API names the members of one family of snapshots: of instances, or of clusters."""

    prefix: str
    source: str

    @property
    def listing(self) -> str:
        return f"Describe{self.prefix}Snapshots"

    @property
    def attributes(self) -> str:
        return f"Describe{self.prefix}SnapshotAttributes"


_FAMILIES = (_Family("DB", "DBInstanceIdentifier"), _Family("DBCluster", "DBClusterIdentifier"))


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's snapshots that the account owns."""
    for family in _FAMILIES:
        yield from _snapshots(reader, family)


def _snapshots(reader: Reader, family: _Family) -> Iterator[Node | Edge]:
    identifier = f"{family.prefix}SnapshotIdentifier"
    pages = [*reader.pages(family.listing, MaxRecords=100)]
    listed = {one[identifier]: one for one in entries(pages, f"{family.prefix}Snapshots") if identifier in one}
    manual = [{identifier: name} for name, one in listed.items() if one.get("SnapshotType") == "manual"]
    answers = {str(params[identifier]): answer for params, answer in reader.each(family.attributes, manual)}
    for name, stated in listed.items():
        answer = answers.get(name, NONE_ASKED)
        if answer.absent:
            continue
        accounts = _restorers(answer, family)
        yield from resource(
            reader,
            "Snapshot",
            stated[f"{family.prefix}SnapshotArn"],
            name,
            {
                "policy_unread": answer.refused,
                "snapshot_id": text(name),
                "service": "rds",
                "source": text(stated.get(family.source)),
                "encrypted": stated.get("Encrypted", stated.get("StorageEncrypted")),
                "kms_key_id": text(stated.get("KmsKeyId")),
                "public": None if accounts is None else EVERYONE in accounts,
                "shared_with": None if accounts is None else [one for one in accounts if one != EVERYONE],
                "size_gb": stated.get("AllocatedStorage"),
                "created_at": timestamp(stated.get("SnapshotCreateTime")),
                "tags": tags(stated.get("TagList")),
            },
        )


def _restorers(answer: Answer, family: _Family) -> list[str] | None:
    """Accounts that may restore it, ``all`` among them where anyone may; None where that is not known."""
    if answer.refused:
        return None
    result: Mapping[str, Any] = answer.page.get(f"{family.prefix}SnapshotAttributesResult") or {}
    attributes = result.get(f"{family.prefix}SnapshotAttributes") or ()
    return sorted(
        {
            str(value)
            for attribute in attributes
            if attribute.get("AttributeName") == "restore"
            for value in attribute.get("AttributeValues") or ()
        }
    )


COLLECTOR = Collector(
    name="rds-snapshots",
    level=Level.REGION,
    calls=(
        Call("rds", "DescribeDBSnapshots", ("rds:DescribeDBSnapshots",)),
        Call("rds", "DescribeDBSnapshotAttributes", ("rds:DescribeDBSnapshotAttributes",), ("DBSnapshotNotFound",)),
        Call("rds", "DescribeDBClusterSnapshots", ("rds:DescribeDBClusterSnapshots",)),
        Call(
            "rds",
            "DescribeDBClusterSnapshotAttributes",
            ("rds:DescribeDBClusterSnapshotAttributes",),
            ("DBClusterSnapshotNotFoundFault",),
        ),
    ),
    collect=collect,
    description="Snapshots of databases, and with whom they are shared.",
)
