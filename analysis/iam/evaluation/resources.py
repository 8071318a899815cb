"""Resources with policies of their own, and all else on their side that lets somebody in or keeps them out.

What is no policy is put as one: grants of a KMS key, an S3 ACL, whom a snapshot is shared with become Allow statements,
and Block Public Access a Deny. So all of it is evaluated in one way, and named in the reasons.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....schema.identifiers import Arn
from ..conditions.formula import Formula, Unsure
from ..policies.public import public_statements
from ..policies.statements import Document, Policy, Statement, parse_statement
from .access_control_lists import Ownership, acl_statements, refused_as_public, unsure
from .evaluate import Policies

Raw = dict[str, Any]

NOT_ASKED = "NotAsked"
"""Where the reason stands why a policy is not known: it was not asked for, the key being one that AWS manages."""

_SHARED_ACTIONS = {
    "ec2": ["ec2:CreateVolume", "ec2:CopySnapshot", "ec2:DescribeSnapshots"],
    "rds": [
        "rds:RestoreDBInstanceFromDBSnapshot",
        "rds:RestoreDBClusterFromSnapshot",
        "rds:CopyDBSnapshot",
        "rds:CopyDBClusterSnapshot",
    ],
}
"""What sharing a snapshot lets other accounts do.
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html"""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The four settings of Block Public Access; None: not known. The last two keep new public ACLs and policies out.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """

    ignore_public_acls: bool | None = False
    restrict_public_buckets: bool | None = False
    block_public_acls: bool | None = False
    block_public_policy: bool | None = False


@dataclass(frozen=True)
class Resource:
    """A resource as the register holds it. ``unread`` says why what decides on its side is not all known.

    ``grants`` and ``acl`` are lists as the register keeps them; ``tags`` is None where they could not be read.
    """

    arn: str
    kind: str
    account: str
    region: str | None = None
    policy: Policy | None = None
    unread: str | None = None
    tags: Mapping[str, str] | None = None
    grants: Sequence[Raw] = ()
    acl: Sequence[Raw] = ()
    ownership: Ownership = Ownership.ENFORCED
    blocks: Blocks = Blocks()
    public: bool = False
    """Of a snapshot: whether anyone may restore it."""
    shared_with: Sequence[str] = ()
    """Of a snapshot: the accounts that may restore it."""
    bucket: str | None = None
    """Of an access point: the ARN of its bucket."""
    vpc: str | None = None
    """Of an access point: the VPC that it answers alone."""
    alias: str | None = None
    """Of an access point: the name that stands for it where a bucket's is asked for."""
    object_acl: Sequence[Raw] | None = None
    """The ACL of the object that is asked about, where that is known."""
    encryption_key: str | None = None
    """The KMS key that encrypts it, as its service names it."""
    access_points_unread: str | None = None
    """Of a bucket: why the access points of its account are not known, where they could not be listed."""

    @property
    def guarded(self) -> bool:
        """Whether nobody reaches it without its policy, not even from its own account."""
        return self.kind == "KmsKey"

    @property
    def is_restricted(self) -> bool:
        """Whether its policy is public, and RestrictPublicBuckets keeps it to its own account and AWS services."""
        return self.is_public and self.blocks.restrict_public_buckets is True

    @property
    def is_public(self) -> bool:
        """Whether its policy is public. That of an access point for one VPC is "always considered non-public,
        regardless of the contents".

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        """
        if self.vpc or self.policy is None:
            return False
        return any(public_statements(self.policy.document, access_point=self.kind == "AccessPoint"))

    @property
    def tags_in_requests(self) -> Mapping[str, str] | None:
        """The tags that a request about it carries; None where they are not known. Of a bucket they are only where
        attribute-based access control is enabled for it, and never of its objects.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
        """
        return None if self.kind == "Bucket" else self.tags

    @property
    def partition(self) -> str:
        """The partition that it is in."""
        parsed = Arn.maybe(self.arn)
        return parsed.partition if parsed else "aws"

    def policies(self) -> Policies:
        """What applies on its side, but for the policies of its organization."""
        return Policies(resource=tuple(self.attached()), guarded=self.guarded, unread=dict(self._unread()))

    def attached(self) -> Iterator[Policy]:
        """Its own policy, and one that says what is said elsewhere."""
        if self.policy is not None:
            yield self.policy
        more = (*self._grants(), *self._shares(), *self._bucket(), *self._access_point())
        if more:
            yield Policy(f"{self.arn}#{_CALLED.get(self.kind, 'settings')}", Document(more))

    def _unread(self) -> Iterator[tuple[str, Formula]]:
        if self.unread == NOT_ASKED:
            yield "resource_policy", Unsure(f"the policy of {self.arn}, a key that AWS manages, was not asked for")
        elif self.unread:
            yield "resource_policy", Unsure(f"what {self.arn} itself lets in could not be read: {self.unread}")

    def _grants(self) -> Iterator[Statement]:
        """A grant is an Allow for its grantee, under the encryption context that it demands.

        https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
        """
        for number, grant in enumerate(self.grants, 1):
            grantee = str(grant.get("grantee") or "")
            service = not grantee.startswith("arn:")
            yield parse_statement(
                {
                    "Effect": "Allow",
                    "Principal": {"Service" if service else "AWS": grantee},
                    "Action": [f"kms:{operation}" for operation in grant.get("operations") or ()],
                    "Resource": self.arn,
                    "Condition": _constraints(grant.get("constraints") or {}),
                },
                number,
            )
            retiring = str(grant.get("retiring") or "")
            if retiring:
                whom = {"AWS" if retiring.startswith("arn:") else "Service": retiring}
                raw = {"Effect": "Allow", "Principal": whom, "Action": "kms:RetireGrant", "Resource": self.arn}
                yield parse_statement(raw, number)

    def _shares(self) -> Iterator[Statement]:
        if self.kind != "Snapshot":
            return
        actions = _SHARED_ACTIONS["ec2" if ":ec2:" in self.arn else "rds"]
        with_whom = (["*"] if self.public else []) + list(self.shared_with)
        if with_whom:
            yield parse_statement(
                {"Effect": "Allow", "Principal": {"AWS": with_whom}, "Action": actions, "Resource": self.arn}
            )

    def _bucket(self) -> Iterator[Statement]:
        if self.kind == "Bucket":
            ignored = self.blocks.ignore_public_acls
            yield from acl_statements(self.arn, self.acl, self.object_acl, self.ownership, ignored)
            yield from self._restricted(self.arn, f"{self.arn}/*")
            yield from refused_as_public(self.arn, self.blocks.block_public_acls, self.blocks.block_public_policy)

    def _access_point(self) -> Iterator[Statement]:
        """One that answers a VPC alone refuses whatever comes from elsewhere.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
        """
        if self.kind != "AccessPoint":
            return
        yield from self._restricted(self.arn, f"{self.arn}/object/*")
        if not self.vpc:
            return
        elsewhere = {"StringNotEquals": {"aws:SourceVpc": self.vpc}}
        raw = {"Sid": "NetworkOrigin", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        yield parse_statement({**raw, "Condition": elsewhere})

    def _restricted(self, *arns: str) -> Iterator[Statement]:
        """RestrictPublicBuckets, where the policy is public: a Deny for all but its own account and AWS services."""
        on = self.blocks.restrict_public_buckets
        if on is False or not self.is_public:
            return
        statement = parse_statement(
            {
                "Sid": "RestrictPublicBuckets",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": list(arns),
                "Condition": {
                    "StringNotEquals": {"aws:PrincipalAccount": self.account},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            }
        )
        yield statement if on else unsure(statement, "Block Public Access could not be read")


_CALLED = {"KmsKey": "grants", "Snapshot": "shares", "Bucket": "acl", "AccessPoint": "settings"}
"""What the policy that is none is called."""


def _constraints(stated: Mapping[str, Any]) -> Raw:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html"""
    exactly = stated.get("EncryptionContextEquals")
    pairs = {**(exactly or {}), **(stated.get("EncryptionContextSubset") or {})}
    conditions: Raw = {}
    if pairs:
        conditions["StringEquals"] = {f"kms:EncryptionContext:{key}": value for key, value in pairs.items()}
    if exactly is not None:
        conditions["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": sorted(pairs)}
    return conditions


_WITHIN = (
    re.compile(r"(arn:[\w-]+:s3:::[^/]+)/.*", re.DOTALL),
    re.compile(r"(arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint/[^/]+)/object/.*", re.DOTALL),
    re.compile(r"(arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table/[^/]+)/index/.*"),
    re.compile(r"(arn:[\w-]+:sns:[\w-]+:\d{12}:[^:]+):.*"),
)
"""Things within a resource, for which its policy decides: objects, indexes, subscriptions. A stream has its own."""


def holder(arn: str) -> str:
    """The resource whose policy decides on an ARN: the bucket of an object, the table of an index; else itself.

    >>> holder("arn:aws:s3:::payroll/june.csv")
    'arn:aws:s3:::payroll'
    """
    found = (within[1] for pattern in _WITHIN if (within := pattern.fullmatch(arn)))
    return next(found, arn)
