"""What can be done with a resource: every action that AWS documents for its kind, by level.

None is picked out: whoever may do any of them has access at its level. Which of them reach what the resource holds, and
not only its settings, is the one thing that AWS does not say; that list is here.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from ..iam.evaluation.services import WITHIN_ACCOUNT, under_rcps
from ..iam.policies.actions import AccessLevel, Action, actions
from ..iam.policies.statements import Statement

Mask = int
"""Actions of a family: bit ``n`` stands for the one with number ``n``."""


@dataclass(frozen=True, slots=True)
class Part:
    """Things in a resource that policies can tell apart: their ARN is the resource's, then ``after``, then a name."""

    after: str
    called: str
    plain: bool = True
    """Whether its name has neither colons nor slashes."""


_TYPES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "BackupVault": ("BackupVault", ("backup",), ("backupVault",)),
    "Bucket": ("Bucket", ("s3",), ("bucket",)),
    "KmsKey": ("KmsKey", ("kms",), ("key",)),
    "LambdaFunction": ("LambdaFunction", ("lambda",), ("function",)),
    "Parameter": ("Parameter", ("ssm",), ("parameter",)),
    "Queue": ("Queue", ("sqs",), ("queue",)),
    "Repository": ("Repository", ("ecr",), ("repository",)),
    "Secret": ("Secret", ("secretsmanager",), ("Secret",)),
    "EBS snapshot": ("Snapshot", ("ec2", "ebs"), ("snapshot",)),
    "RDS snapshot": ("Snapshot", ("rds",), ("snapshot",)),
    "RDS cluster snapshot": ("Snapshot", ("rds",), ("cluster-snapshot",)),
    "Table": ("Table", ("dynamodb",), ("table",)),
    "Topic": ("Topic", ("sns",), ("topic",)),
}
"""Families: the kind, the services that it is a resource of, and AWS's names for that type of resource."""

_PARTS: Mapping[str, tuple[Part, tuple[str, ...]]] = {
    "Bucket": (Part("/", "object", plain=False), ("object",)),
    "LambdaFunction": (Part(":", "version or alias"), ("function",)),
    "Table": (Part("/index/", "index"), ("index",)),
}
"""What is in a resource, and AWS's names for that type. A stream of a table is a resource of its own."""

_CONTENT = """
backup:CopyIntoBackupVault backup:ListRecoveryPointsByBackupVault
dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:CreateBackup dynamodb:DeleteItem
dynamodb:DeleteTable dynamodb:ExportTableToPointInTime dynamodb:GetItem dynamodb:ImportTable dynamodb:PartiQLDelete
dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate dynamodb:PutItem dynamodb:Query
dynamodb:ReadDataForReplication dynamodb:RestoreTableToPointInTime dynamodb:Scan dynamodb:StartAwsBackupJob
dynamodb:UpdateItem dynamodb:WriteDataForReplication
ebs:GetSnapshotBlock ebs:ListChangedBlocks ebs:ListSnapshotBlocks
ec2:CopyImage ec2:CopySnapshot ec2:CreateImage ec2:CreateVolume ec2:DeleteSnapshot ec2:RegisterImage ec2:RunInstances
ecr:BatchDeleteImage ecr:BatchGetImage ecr:DeleteRepository ecr:DescribeImages ecr:GetDownloadUrlForLayer
ecr:ListImages ecr:PutImage ecr:ReplicateImage
kms:Decrypt kms:DeriveSharedSecret kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyPair
kms:GenerateDataKeyPairWithoutPlaintext kms:GenerateDataKeyWithoutPlaintext kms:GenerateMac kms:ReEncryptFrom
kms:ReEncryptTo kms:Sign kms:Verify kms:VerifyMac
lambda:GetFunction lambda:InvokeAsync lambda:InvokeFunction lambda:InvokeFunctionUrl lambda:UpdateFunctionCode
rds:CopyDBClusterSnapshot rds:CopyDBSnapshot rds:DeleteDBClusterSnapshot rds:DeleteDBSnapshot
rds:RestoreDBClusterFromSnapshot rds:RestoreDBInstanceFromDBSnapshot rds:StartExportTask
s3:DeleteBucket s3:ListBucket s3:ListBucketVersions
secretsmanager:DeleteSecret secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:UpdateSecret
secretsmanager:UpdateSecretVersionStage
sns:Publish sns:Subscribe
sqs:DeleteMessage sqs:DeleteQueue sqs:PurgeQueue sqs:ReceiveMessage sqs:SendMessage sqs:StartMessageMoveTask
ssm:DeleteParameter ssm:DeleteParameters ssm:GetParameter ssm:GetParameterHistory ssm:GetParameters
ssm:GetParametersByPath ssm:PutParameter
s3:AbortMultipartUpload s3:DeleteObject s3:DeleteObjectVersion s3:GetObject s3:GetObjectTorrent s3:GetObjectVersion
s3:GetObjectVersionForReplication s3:GetObjectVersionTorrent s3:PutObject s3:ReplicateDelete s3:ReplicateObject
s3:RestoreObject
"""
CONTENT = frozenset(_CONTENT.lower().split())
"""Actions that read, use or change what a resource holds, in lower case; all others are about its settings."""


@dataclass(frozen=True, eq=False)
class Family:
    """All actions on resources of one type. Masks are of its actions."""

    name: str
    kind: str
    actions: tuple[Action, ...]
    on_parts: Mask = 0
    """Those that may be confined to things in the resource."""
    on_whole: Mask = 0
    """Those that may be confined to the resource itself."""
    part: Part | None = None
    _concerned: dict[object, Mask] = field(default_factory=dict)

    @property
    def all(self) -> Mask:
        """All of its actions."""
        return (1 << len(self.actions)) - 1

    @property
    def names(self) -> frozenset[str]:
        """The names of its actions, in lower case."""
        return frozenset(action.name.lower() for action in self.actions)

    def mask(self, names: Iterable[str]) -> Mask:
        """The actions with those names, in lower case; others are left out."""
        return _mask(self, frozenset(names))

    def named(self, mask: Mask) -> Sequence[str]:
        """The names of the actions."""
        return _named(self, mask)

    def concerned(self, statement: Statement) -> Mask:
        """The actions that a statement concerns."""
        key = (statement.actions, statement.not_actions, statement.actions is None and statement.flaw)
        if key not in self._concerned:
            numbered = enumerate(self.actions)
            self._concerned[key] = sum(1 << n for n, a in numbered if statement.concerns(a.name.lower()))
        return self._concerned[key]

    def levels(self) -> Sequence[tuple[AccessLevel, bool, Mask]]:
        """For each level the actions on what the resource holds, and those on the rest; none that has no action."""
        return _levels(self)

    def classes(self, masks: Iterable[Mask], within: Mask) -> Sequence[Mask]:
        """``within`` by what is said of the actions: those in one class stand in the same of the ``masks``."""
        return _classes(self, frozenset(masks), within)


@cache
def _mask(family: Family, names: frozenset[str]) -> Mask:
    return sum(1 << n for n, action in enumerate(family.actions) if action.name.lower() in names)


@cache
def _named(family: Family, mask: Mask) -> Sequence[str]:
    return tuple(action.name for n, action in enumerate(family.actions) if mask >> n & 1)


@cache
def _levels(family: Family) -> Sequence[tuple[AccessLevel, bool, Mask]]:
    content = family.mask(CONTENT)
    found = ((level, family.mask(a.name.lower() for a in family.actions if a.level is level)) for level in AccessLevel)
    both = ((level, of, mask & (content if of else ~content)) for level, mask in found for of in (True, False))
    return tuple((level, of, mask) for level, of, mask in both if mask)


@cache
def _classes(family: Family, masks: frozenset[Mask], within: Mask) -> Sequence[Mask]:
    """Actions on the whole and on parts differ in what they are asked about, some are out of reach of RCPs, and some
    of other accounts."""
    ruled = family.mask(name for name in family.names if under_rcps(name))
    own, by_path = family.mask(WITHIN_ACCOUNT), family.mask(BY_PATH)
    found = [within]
    for mask in (family.on_whole, family.on_parts, ruled, own, by_path, *sorted(masks)):
        found = [piece for one in found for piece in (one & mask, one & ~mask) if piece]
    return tuple(found)


BY_PATH = frozenset({"ssm:getparametersbypath"})
"""Actions that are asked about what the resource is below: whoever may read a path reads all that is below it.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
"""


@cache
def families() -> Mapping[str, Family]:
    """All families by name."""
    return MappingProxyType(dict(_families()))


def _families() -> Iterator[tuple[str, Family]]:
    for name, (kind, services, types) in _TYPES.items():
        part, within = _PARTS.get(name, (None, ()))
        wanted = {*types, *within}
        known = (action for action in actions().values() if action.service.lower() in services)
        found = tuple(sorted((a for a in known if wanted & {*a.resource_types}), key=lambda a: a.name))
        parts = _having(found, within)
        yield name, Family(name, kind, found, parts, _having(found, types), part)


def _having(found: Sequence[Action], types: Sequence[str]) -> Mask:
    return sum(1 << n for n, action in enumerate(found) if {*types} & {*action.resource_types})


KINDS = frozenset(kind for kind, _, _ in _TYPES.values())
"""Kinds of resource that have a family."""


def family_of(kind: str, arn: str) -> Family:
    """The family of a resource: of a snapshot, that of the service that keeps it."""
    if kind != "Snapshot":
        return families()[kind]
    if arn.split(":")[2] == "ec2":
        return families()["EBS snapshot"]
    return families()["RDS cluster snapshot" if ":cluster-snapshot:" in arn else "RDS snapshot"]
