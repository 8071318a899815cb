"""AWS Backup: vaults, their locks and their access policies.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html

One call for a region without vaults, one for the tags of a hundred, and one for each vault.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import text, timestamp

NONE = "ResourceNotFoundException"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's vaults."""
    vaults = {one["BackupVaultName"]: one for one in entries([*reader.pages("ListBackupVaults")], "BackupVaultList")}
    if not vaults:
        return
    known_tags = tags_by_arn(reader, "backup:backup-vault")
    for params, answer in reader.each("GetBackupVaultAccessPolicy", [{"BackupVaultName": name} for name in vaults]):
        stated = vaults[params["BackupVaultName"]]
        arn = stated["BackupVaultArn"]
        yield from resource(
            reader,
            "BackupVault",
            arn,
            stated["BackupVaultName"],
            {
                **policy_fields(answer, answer.page.get("Policy")),
                "kms_key_id": text(stated.get("EncryptionKeyArn")),
                "locked": stated.get("Locked"),
                "minimum_days": stated.get("MinRetentionDays"),
                "maximum_days": stated.get("MaxRetentionDays"),
                "recovery_points": stated.get("NumberOfRecoveryPoints"),
                "created_at": timestamp(stated.get("CreationDate")),
                "tags": tags_of(known_tags, arn),
            },
        )


COLLECTOR = Collector(
    name="backup",
    level=Level.REGION,
    calls=(
        Call("backup", "ListBackupVaults", ("backup:ListBackupVaults",)),
        Call("backup", "GetBackupVaultAccessPolicy", ("backup:GetBackupVaultAccessPolicy",), (NONE,)),
        GET_TAGS,
    ),
    collect=collect,
    description="Vaults of backups, their locks and policies.",
)
