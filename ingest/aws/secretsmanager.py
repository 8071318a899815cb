"""AWS Secrets Manager: secrets, how they rotate, who may use them. Never their values.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html

One call for a region without secrets, and one more for the policy of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import entries, policy_fields, resource
from .values import tags, text, timestamp

GONE = "ResourceNotFoundException"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's secrets; one that is being deleted is none that anybody may read."""
    listed = {secret["ARN"]: secret for secret in entries([*reader.pages("ListSecrets", MaxResults=100)], "SecretList")}
    for params, answer in reader.each("GetResourcePolicy", [{"SecretId": arn} for arn in listed]):
        if answer.absent:
            continue
        arn = params["SecretId"]
        secret = listed[arn]
        yield from resource(
            reader,
            "Secret",
            arn,
            secret.get("Name"),
            {
                **policy_fields(answer, answer.page.get("ResourcePolicy")),
                "description": text(secret.get("Description")),
                "kms_key_id": text(secret.get("KmsKeyId")),
                "rotation_enabled": bool(secret.get("RotationEnabled")),
                "rotation_days": (secret.get("RotationRules") or {}).get("AutomaticallyAfterDays"),
                "last_rotated_at": timestamp(secret.get("LastRotatedDate")),
                "last_changed_at": timestamp(secret.get("LastChangedDate")),
                "last_accessed_at": timestamp(secret.get("LastAccessedDate")),
                "owning_service": text(secret.get("OwningService")),
                "primary_region": text(secret.get("PrimaryRegion")),
                "created_at": timestamp(secret.get("CreatedDate")),
                "tags": tags(secret.get("Tags")),
            },
        )


COLLECTOR = Collector(
    name="secretsmanager",
    level=Level.REGION,
    calls=(
        Call("secretsmanager", "ListSecrets", ("secretsmanager:ListSecrets",)),
        Call("secretsmanager", "GetResourcePolicy", ("secretsmanager:GetResourcePolicy",), (GONE,)),
    ),
    collect=collect,
    description="Secrets, their rotation and policies; never their values.",
)
