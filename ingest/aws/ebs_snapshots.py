"""Amazon EBS: snapshots, and with whom they are shared.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html

One call for a region without snapshots, and one for each snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import entries, resource
from .values import tags, text, timestamp

GONE = "InvalidSnapshot.NotFound"
ATTRIBUTE = "createVolumePermission"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's snapshots that the account owns."""
    pages = [*reader.pages("DescribeSnapshots", OwnerIds=["self"], MaxResults=1000)]
    listed = {
        one["SnapshotId"]: one
        for one in entries(pages, "Snapshots")
        if "SnapshotId" in one and one.get("OwnerId") in (None, reader.account)
    }
    asked = [{"SnapshotId": snapshot, "Attribute": ATTRIBUTE} for snapshot in listed]
    for params, answer in reader.each("DescribeSnapshotAttribute", asked):
        if answer.absent:
            continue
        stated = listed[params["SnapshotId"]]
        shared = None if answer.refused else list(entries(answer.pages, "CreateVolumePermissions"))
        yield from resource(
            reader,
            "Snapshot",
            f"arn:{reader.partition}:ec2:{reader.region}::snapshot/{stated['SnapshotId']}",
            _name(stated),
            {
                "policy_unread": answer.refused,
                "snapshot_id": stated["SnapshotId"],
                "service": "ec2",
                "source": text(stated.get("VolumeId")),
                "encrypted": stated.get("Encrypted"),
                "kms_key_id": text(stated.get("KmsKeyId")),
                "public": None if shared is None else any(one.get("Group") == "all" for one in shared),
                "shared_with": None if shared is None else sorted(one["UserId"] for one in shared if "UserId" in one),
                "size_gb": stated.get("VolumeSize"),
                "created_at": timestamp(stated.get("StartTime")),
                "tags": tags(stated.get("Tags")),
            },
        )


def _name(stated: Mapping[str, Any]) -> str:
    named = (text(tag.get("Value")) for tag in stated.get("Tags") or () if tag.get("Key") == "Name")
    return next((name for name in named if name), str(stated["SnapshotId"]))


COLLECTOR = Collector(
    name="ebs-snapshots",
    level=Level.REGION,
    calls=(
        Call("ec2", "DescribeSnapshots", ("ec2:DescribeSnapshots",)),
        Call("ec2", "DescribeSnapshotAttribute", ("ec2:DescribeSnapshotAttribute",), (GONE,)),
    ),
    collect=collect,
    description="Snapshots of volumes, and with whom they are shared.",
)
