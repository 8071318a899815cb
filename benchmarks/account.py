"""One account of IAM in the making, and the policy documents that fill it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

Document = dict[str, Any]


TEAMS = (
    "payments",
    "ledger",
    "search",
    "identity",
    "billing",
    "catalogue",
    "orders",
    "shipping",
    "fraud",
    "data",
    "platform",
    "mobile",
    "web",
    "pricing",
    "support",
    "reporting",
    "risk",
    "media",
    "notifications",
    "partners",
)


COMPONENTS = (
    "api",
    "worker",
    "ingest",
    "export",
    "scheduler",
    "etl",
    "gateway",
    "cache",
    "stream",
    "migrator",
    "backup",
    "indexer",
    "webhook",
    "cron",
    "report",
    "proxy",
    "sync",
    "audit",
    "batch",
    "console",
)


ADMINISTRATOR = "AdministratorAccess"


MADE = "2024-03-01T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Size:
    """How much one account holds."""

    roles: int
    users: int
    policies: int


@dataclass
class Account:
    """One account in the making: its number, the others around it, and what it holds so far."""

    id: str
    peers: Sequence[str]
    random: Random
    roles: list[Document] = field(default_factory=list)
    users: list[Document] = field(default_factory=list)
    groups: list[Document] = field(default_factory=list)
    policies: list[Document] = field(default_factory=list)

    def arn(self, resource: str) -> str:
        """The ARN of an IAM resource of this account."""
        return f"arn:aws:iam::{self.id}:{resource}"

    def unique_id(self, prefix: str) -> str:
        """An immutable id as IAM makes them: four letters and seventeen more."""
        return prefix + "".join(self.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=17))

    def peer(self) -> str:
        """Another account, or this one where it stands alone."""
        return self.random.choice(self.peers) if self.peers else self.id


def policy_document(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: str | list[str], resources: str | list[str], **more: Any) -> Document:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: str | list[str], condition: Document | None = None) -> Document:
    statement = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


def attachments(*arns: str) -> list[Document]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def aws_managed(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


def permissions(account: Account, subject: str) -> Document:
    """What a component of this kind would be granted: a few statements, most of them narrow."""
    random = account.random
    bucket = f"arn:aws:s3:::{subject}-{account.id}"
    choices: list[Callable[[], Document]] = [
        lambda: allow(["s3:GetObject", "s3:PutObject"], f"{bucket}/*"),
        lambda: allow("s3:ListBucket", bucket, Condition={"StringLike": {"s3:prefix": ["in/*", "out/*"]}}),
        lambda: allow(
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            f"arn:aws:dynamodb:eu-west-1:{account.id}:table/{subject}*",
        ),
        lambda: allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
        lambda: allow("sqs:*", f"arn:aws:sqs:eu-west-1:{account.id}:{subject}"),
        lambda: allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:*:{account.id}:secret:{subject}/*"),
        lambda: allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        ),
        lambda: allow("sts:AssumeRole", f"arn:aws:iam::{account.peer()}:role/{random.choice(TEAMS)}-*"),
        lambda: {
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]
    return policy_document(*(make() for make in random.sample(choices, random.choice((1, 1, 2, 2, 3, 4)))))
