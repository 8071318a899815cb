"""What accounts hold besides principals: buckets, keys, secrets and the like, with the policies that people gave them.

In policies ``<self>`` stands for the account, ``<NAME>`` for another, ``<organization>`` for the organization.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .history import VENDOR_WITHOUT_EXTERNAL_ID

REGION = "eu-west-1"


@dataclass(frozen=True, slots=True)
class Datum:
    """One resource with data: ``kind`` as in the graph. Its policy's statements are about itself unless they say so."""

    kind: str
    name: str
    statements: tuple[Mapping[str, Any], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    blocked: bool = False
    """Of a bucket: whether Block Public Access is on, as it is for every bucket made today."""
    grantee: str = ""
    """Of a key: the role that a grant lets decrypt with it."""
    public: bool = False
    """Of a snapshot: whether anyone may restore it."""
    runs_as: str = ""
    """Of a function: the role."""
    days_ago: float = 400


def let(actions: str | list[str], whom: object, condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A statement that lets somebody in."""
    return {
        "Effect": "Allow",
        "Principal": whom,
        "Action": actions,
        **({"Condition": condition} if condition else {}),
    }


INSECURE = {
    "Sid": "EncryptedTransportOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
OURS = {"StringEquals": {"aws:PrincipalOrgID": "<organization>"}}
DELEGATED = let("kms:*", {"AWS": "arn:aws:iam::<self>:root"})

DATA: Mapping[str, tuple[Datum, ...]] = {
    "log-archive": (
        Datum(
            "Bucket",
            "halden-organization-trail",
            (let("s3:PutObject", {"Service": "cloudtrail.amazonaws.com"}), INSECURE),
            blocked=True,
            days_ago=2300,
        ),
    ),
    "shared-services": (
        Datum(
            "Repository", "halden/base-images", (let(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "*", OURS),)
        ),
        Datum("Parameter", "/shared/artifact-store/url"),
        Datum("Bucket", "halden-build-artifacts", (let("s3:GetObject", "*", OURS), INSECURE), blocked=True),
    ),
    "backup-vault": (Datum("BackupVault", "central-recovery", days_ago=1000),),
    "payments-prod": (
        Datum("Bucket", "halden-payments-settlement-production", (INSECURE,), blocked=True),
        Datum("Bucket", "halden-payments-ledger-production", (INSECURE,), blocked=True),
        Datum("KmsKey", "payments-ledger", (DELEGATED,), grantee="payments-ledger-task"),
        Datum(
            "Secret",
            "payments-api/database",
            (let("secretsmanager:GetSecretValue", {"AWS": "arn:aws:iam::<payments-dev>:root"}),),
            {"service": "payments-api"},
        ),
        Datum("Parameter", "/payments/acquirer/endpoint"),
        Datum(
            "Queue",
            "payments-ledger-events",
            (
                let(
                    "sqs:SendMessage",
                    {"Service": "sns.amazonaws.com"},
                    {"StringEquals": {"aws:SourceAccount": "<self>"}},
                ),
            ),
        ),
        Datum("Table", "payments-ledger"),
        Datum("LambdaFunction", "payments-fraud-scoring", runs_as="payments-fraud-scoring-events"),
    ),
    "tracking-prod": (
        Datum("Topic", "parcel-events", (let(["sns:Publish", "sns:Subscribe"], "*"),)),
        Datum("Queue", "tracking-eta-events"),
        Datum("Table", "tracking-parcels"),
    ),
    "portal-prod": (Datum("Bucket", "halden-portal-documents-production", (INSECURE,), blocked=True),),
    "portal-staging": (Datum("Bucket", "halden-portal-previews", (let("s3:GetObject", "*"),), blocked=True),),
    "data-platform-prod": (
        Datum("Bucket", "halden-lake-curation-production", (INSECURE,), blocked=True),
        Datum("KmsKey", "lake", (DELEGATED,)),
    ),
    "data-platform-dev": (
        Datum(
            "Bucket",
            "halden-lake-samples",
            (
                let(["s3:GetObject", "s3:ListBucket"], {"AWS": f"arn:aws:iam::{VENDOR_WITHOUT_EXTERNAL_ID}:root"}),
                INSECURE,
            ),
        ),
    ),
    "warehouse-prod": (
        Datum("Snapshot", "warehouse-core-before-migration", public=True, days_ago=640),
        Datum("Table", "warehouse-stock"),
    ),
    "sandbox-data": (Datum("Bucket", "halden-sandbox-shipments", (let("s3:GetObject", "*"),), days_ago=200),),
}
"""By account."""
