"""Resources that hold data, or guard it, and the policies of their own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

DATA_RESOURCE = Kind(
    "DataResource",
    "A resource that holds data or guards it. What is in it never enters.",
    extends="Resource",
    abstract=True,
    fields=(
        Field("policy", Type.JSON, "Its resource-based policy, decoded; absent without one, or where unread."),
        Field("policy_hash", Type.STRING, "Hash of the policy; equal policies have equal hashes.", indexed=True),
        Field("policy_malformed", Type.STRING, "Why the policy could not be understood; absent when it could."),
        Field(
            "policy_unread",
            Type.STRING,
            "The error code of the call for its policy, or for what else decides who may use it; absent when all was "
            "read. Without it and without a policy there is none.",
        ),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("kms_key_id", Type.STRING, "The KMS key that encrypts it, as the service names it; absent without one."),
    ),
)

_BLOCKS = (
    Field("block_public_acls", Type.BOOLEAN, "Whether new public ACLs are refused, here or by its account."),
    Field("ignore_public_acls", Type.BOOLEAN, "Whether public ACLs have no effect, here or by its account."),
    Field("block_public_policy", Type.BOOLEAN, "Whether new public policies are refused, here or by its account."),
    Field(
        "restrict_public_buckets",
        Type.BOOLEAN,
        "Whether a public policy lets in none but its own account and AWS services, here or by its account.",
    ),
)
"""Block Public Access, as it comes to; absent where neither setting is on and one of them could not be read.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""

BUCKET = Kind(
    "Bucket",
    "An S3 bucket.",
    extends="DataResource",
    identifier="The bucket's ARN: `arn:aws:s3:::NAME`.",
    fields=(
        *_BLOCKS,
        Field(
            "object_ownership",
            Type.STRING,
            "`BucketOwnerEnforced`, with which ACLs have no effect, `BucketOwnerPreferred` or `ObjectWriter`.",
        ),
        Field("acl", Type.JSON, "Grants of its ACL to others than its owner: `[{grantee, permission}]`."),
        Field("owner_id", Type.STRING, "The canonical user id of its account."),
        Field(
            "access_points_unread",
            Type.STRING,
            "Why the access points of its account could not be listed; absent where they were.",
        ),
    ),
)

ACCESS_POINT = Kind(
    "AccessPoint",
    "An S3 access point: a further door to a bucket, with a policy of its own.",
    extends="DataResource",
    identifier="The access point's ARN.",
    fields=(
        *_BLOCKS,
        Field("bucket", Type.STRING, "The name of its bucket."),
        Field("alias", Type.STRING, "The name that stands for it where a bucket's is asked for."),
        Field("network_origin", Type.STRING, "`Internet`, or `VPC` where it answers one VPC alone."),
        Field("vpc_id", Type.STRING, "The VPC that it answers."),
    ),
)

KMS_KEY = Kind(
    "KmsKey",
    "A KMS key. Nobody uses it without its policy, not even its own account.",
    extends="DataResource",
    identifier="The key's ARN.",
    fields=(
        Field("key_id", Type.STRING, "The last part of its ARN.", indexed=True),
        Field("aliases", Type.STRINGS, "Its aliases: `alias/payments`."),
        Field("manager", Type.STRING, "`CUSTOMER`, or `AWS` for the keys that services make for themselves."),
        Field("state", Type.STRING, "`Enabled`, `Disabled`, `PendingDeletion`, …; of customers' keys only."),
        Field("usage", Type.STRING, "`ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC`, `KEY_AGREEMENT`."),
        Field("origin", Type.STRING, "`AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`."),
        Field("multi_region", Type.BOOLEAN, "Whether it can be replicated to other regions."),
        Field(
            "grants",
            Type.JSON,
            "Its grants: `[{id, grantee, operations, constraints, retiring, issuer}]`; absent where unread.",
        ),
    ),
)

SECRET = Kind(
    "Secret",
    "A secret of Secrets Manager. Its value never enters.",
    extends="DataResource",
    identifier="The secret's ARN.",
    fields=(
        Field("description", Type.STRING, "What its author says of it."),
        Field("rotation_enabled", Type.BOOLEAN, "Whether it is rotated by itself."),
        Field("rotation_days", Type.INTEGER, "Days between two rotations, where they are counted so."),
        Field("last_rotated_at", Type.TIMESTAMP, "When it was last rotated; absent if never."),
        Field("last_changed_at", Type.TIMESTAMP, "When it was last changed in any way."),
        Field("last_accessed_at", Type.TIMESTAMP, "The day on which its value was last read; absent if never."),
        Field("owning_service", Type.STRING, "The service that made it and manages it."),
        Field("primary_region", Type.STRING, "The region that it is replicated from."),
    ),
)

PARAMETER = Kind(
    "Parameter",
    "A parameter of Systems Manager. Its value never enters.",
    extends="DataResource",
    identifier="The parameter's ARN.",
    fields=(
        Field("description", Type.STRING, "What its author says of it."),
        Field("type", Type.STRING, "`String`, `StringList` or `SecureString`."),
        Field("tier", Type.STRING, "`Standard`, or `Advanced`, which alone can be shared by a policy."),
        Field("updated_at", Type.TIMESTAMP, "When it was last set."),
        Field("updated_by", Type.STRING, "The ARN of whoever last set it."),
    ),
)

QUEUE = Kind(
    "Queue",
    "An SQS queue.",
    extends="DataResource",
    identifier="The queue's ARN.",
    fields=(Field("url", Type.STRING, "The address that calls name it by."),),
)

TOPIC = Kind(
    "Topic",
    "An SNS topic.",
    extends="DataResource",
    identifier="The topic's ARN.",
    fields=(Field("subscriptions", Type.INTEGER, "How many confirmed subscriptions it has."),),
)

TABLE = Kind(
    "Table",
    "A DynamoDB table.",
    extends="DataResource",
    identifier="The table's ARN.",
)

REPOSITORY = Kind(
    "Repository",
    "A repository of container images: ECR.",
    extends="DataResource",
    identifier="The repository's ARN.",
    fields=(
        Field("uri", Type.STRING, "The address that images are pulled from."),
        Field("immutable_tags", Type.BOOLEAN, "Whether a tag, once pushed, stays on its image."),
        Field("scan_on_push", Type.BOOLEAN, "Whether images are scanned when they are pushed."),
    ),
)

BACKUP_VAULT = Kind(
    "BackupVault",
    "A vault of AWS Backup.",
    extends="DataResource",
    identifier="The vault's ARN.",
    fields=(
        Field("locked", Type.BOOLEAN, "Whether Vault Lock keeps its backups from being deleted early."),
        Field("minimum_days", Type.INTEGER, "Days that a backup is kept at least, under Vault Lock."),
        Field("maximum_days", Type.INTEGER, "Days that a backup is kept at most, under Vault Lock."),
        Field("recovery_points", Type.INTEGER, "How many backups it holds."),
    ),
)

SNAPSHOT = Kind(
    "Snapshot",
    "A snapshot of an EBS volume, of an RDS instance or of an Aurora cluster.",
    extends="DataResource",
    identifier="The snapshot's ARN: `arn:aws:ec2:REGION::snapshot/snap-…` for EBS.",
    fields=(
        Field("snapshot_id", Type.STRING, "`snap-…`, or the name that RDS knows it by.", indexed=True),
        Field("service", Type.STRING, "`ec2` or `rds`."),
        Field("source", Type.STRING, "The volume, instance or cluster that it was made of."),
        Field("encrypted", Type.BOOLEAN, "Whether it is encrypted."),
        Field("public", Type.BOOLEAN, "Whether anyone with an AWS account may restore it; absent where unread."),
        Field("shared_with", Type.STRINGS, "Other accounts that may restore it."),
        Field("size_gb", Type.INTEGER, "Gibibytes of what it was made of."),
    ),
)

ACCESS_POINT_OF = Relationship(
    "ACCESS_POINT_OF",
    "Whom the access point lets in reaches the bucket, as far as the bucket's own policy lets it.",
    ends=(("AccessPoint", "Bucket"),),
)
