"""The actions that tell who has access to what a resource holds, by its kind; their levels are AWS's own.

Not every action of a service: that somebody may read a bucket's location says nothing of its content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .actions import AccessLevel, actions

TELLING: Mapping[str, tuple[str, ...]] = {
    "BackupVault": (
        "backup:ListRecoveryPointsByBackupVault",
        "backup:CopyIntoBackupVault",
        "backup:DeleteBackupVault",
        "backup:PutBackupVaultAccessPolicy",
    ),
    "Bucket": (
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:PutBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutObjectTagging",
    ),
    "KmsKey": ("kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:TagResource"),
    "LambdaFunction": (
        "lambda:GetFunction",
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "lambda:AddPermission",
        "lambda:TagResource",
    ),
    "Parameter": ("ssm:GetParameter", "ssm:PutParameter", "ssm:PutResourcePolicy", "ssm:AddTagsToResource"),
    "Queue": ("sqs:ReceiveMessage", "sqs:SendMessage", "sqs:PurgeQueue", "sqs:AddPermission", "sqs:TagQueue"),
    "Repository": (
        "ecr:BatchGetImage",
        "ecr:ListImages",
        "ecr:PutImage",
        "ecr:SetRepositoryPolicy",
        "ecr:TagResource",
    ),
    "Secret": (
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:TagResource",
    ),
    "Snapshot": (
        "ec2:CreateVolume",
        "ec2:ModifySnapshotAttribute",
        "rds:RestoreDBInstanceFromDBSnapshot",
        "rds:ModifyDBSnapshotAttribute",
    ),
    "Table": (
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "dynamodb:PutItem",
        "dynamodb:PutResourcePolicy",
        "dynamodb:TagResource",
    ),
    "Topic": ("sns:Publish", "sns:Subscribe", "sns:AddPermission", "sns:TagResource"),
}

OF_OBJECTS = frozenset({"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging"})
"""Actions on what is in a bucket rather than on the bucket."""


def level_of(action: str) -> AccessLevel:
    """The level that AWS gives the action; KeyError for one that AWS does not document."""
    return actions()[action.lower()].level


def telling(kind: str, arn: str) -> Iterator[str]:
    """The actions to decide for a resource: of a snapshot, those of the service that keeps it."""
    service = arn.split(":")[2]
    return (action for action in TELLING[kind] if kind != "Snapshot" or action.startswith(f"{service}:"))
