"""Make the data that an account holds, each kind by the calls of its service."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from .aws import Aws
from .data import REGION, Datum
from .documents import fill

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class DataBuilder:
    """Makes what one account holds. ``ids`` fill in the names of accounts in policies."""

    def __init__(self, aws: Aws, ids: Mapping[str, str]) -> None:
        self._aws = aws
        self._ids = ids
        self._account = ids["self"]

    def build(self, data: Iterable[Datum]) -> None:
        """All of it."""
        for datum in data:
            with self._aws.days_ago(datum.days_ago):
                _BUILDERS[datum.kind](self, datum)

    def _policy(self, datum: Datum, *resources: str) -> str:
        resource = list(resources) if len(resources) > 1 else resources[0]
        statements = [{"Resource": resource, **statement} for statement in datum.statements]
        return fill({"Version": "2012-10-17", "Statement": statements}, self._ids)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{REGION}:{self._account}:{resource}"

    def _bucket(self, datum: Datum) -> None:
        s3 = self._aws.client("s3")
        s3.create_bucket(
            Bucket=datum.name,
            CreateBucketConfiguration={"LocationConstraint": REGION},
            ObjectOwnership="BucketOwnerEnforced",
        )
        if datum.statements:
            arn = f"arn:aws:s3:::{datum.name}"
            s3.put_bucket_policy(Bucket=datum.name, Policy=self._policy(datum, arn, f"{arn}/*"))
        settings = dict.fromkeys(BLOCKS, datum.blocked)
        s3.put_public_access_block(Bucket=datum.name, PublicAccessBlockConfiguration=settings)

    def _key(self, datum: Datum) -> None:
        kms = self._aws.client("kms")
        key = kms.create_key(Policy=self._policy(datum, "*"), Description=f"For {datum.name}.")["KeyMetadata"]
        kms.create_alias(AliasName=f"alias/{datum.name}", TargetKeyId=key["KeyId"])
        if datum.grantee:
            grantee = f"arn:aws:iam::{self._account}:role/{datum.grantee}"
            kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=grantee, Operations=["Decrypt", "GenerateDataKey"])

    def _secret(self, datum: Datum) -> None:
        secrets = self._aws.client("secretsmanager")
        secrets.create_secret(Name=datum.name, SecretString="made-up", Tags=_tags(datum))
        if datum.statements:
            secrets.put_resource_policy(SecretId=datum.name, ResourcePolicy=self._policy(datum, "*"))

    def _parameter(self, datum: Datum) -> None:
        self._aws.client("ssm").put_parameter(Name=datum.name, Value="made-up", Type="SecureString")

    def _queue(self, datum: Datum) -> None:
        policy = {"Policy": self._policy(datum, self._arn("sqs", datum.name))} if datum.statements else {}
        self._aws.client("sqs").create_queue(QueueName=datum.name, Attributes=policy)

    def _topic(self, datum: Datum) -> None:
        sns = self._aws.client("sns")
        arn = sns.create_topic(Name=datum.name)["TopicArn"]
        if datum.statements:
            sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=self._policy(datum, arn))

    def _table(self, datum: Datum) -> None:
        self._aws.client("dynamodb").create_table(
            TableName=datum.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def _function(self, datum: Datum) -> None:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("app.py", "def handler(event, context): ...\n")
        functions: Any = self._aws.client("lambda")
        functions.create_function(
            FunctionName=datum.name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=f"arn:aws:iam::{self._account}:role/{datum.runs_as}",
            Code={"ZipFile": code.getvalue()},
        )
        functions.add_permission(
            FunctionName=datum.name,
            StatementId="gateway",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceAccount=self._account,
        )

    def _repository(self, datum: Datum) -> None:
        ecr = self._aws.client("ecr")
        ecr.create_repository(repositoryName=datum.name)
        if datum.statements:
            document = fill({"Version": "2012-10-17", "Statement": list(datum.statements)}, self._ids)
            ecr.set_repository_policy(repositoryName=datum.name, policyText=document)

    def _vault(self, datum: Datum) -> None:
        self._aws.client("backup").create_backup_vault(BackupVaultName=datum.name)

    def _snapshot(self, datum: Datum) -> None:
        ec2 = self._aws.client("ec2")
        volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=100)["VolumeId"]
        tags = [{"ResourceType": "snapshot", "Tags": [{"Key": "Name", "Value": datum.name}]}]
        snapshot = ec2.create_snapshot(VolumeId=volume, TagSpecifications=tags)["SnapshotId"]
        if datum.public:
            ec2.modify_snapshot_attribute(
                SnapshotId=snapshot,
                Attribute="createVolumePermission",
                OperationType="add",
                GroupNames=["all"],
            )


def _tags(datum: Datum) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in datum.tags.items()]


_BUILDERS = {
    "BackupVault": DataBuilder._vault,
    "Bucket": DataBuilder._bucket,
    "KmsKey": DataBuilder._key,
    "LambdaFunction": DataBuilder._function,
    "Parameter": DataBuilder._parameter,
    "Queue": DataBuilder._queue,
    "Repository": DataBuilder._repository,
    "Secret": DataBuilder._secret,
    "Snapshot": DataBuilder._snapshot,
    "Table": DataBuilder._table,
    "Topic": DataBuilder._topic,
}
