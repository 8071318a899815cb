"""Policies and their statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

POLICY = Kind(
    "Policy",
    "A policy document, whatever it is attached to.",
    extends="Asset",
    abstract=True,
    fields=(
        Field("document", Type.JSON, "The whole document, decoded."),
        Field("document_hash", Type.STRING, "Hash of the document; equal documents have equal hashes.", indexed=True),
        Field("malformed", Type.STRING, "Why the document could not be understood; absent when it could."),
        Field("description", Type.STRING, "What its author says of it."),
    ),
)

MANAGED_POLICY = Kind(
    "ManagedPolicy",
    "A managed policy, of the customer's or of AWS's own; its document is that of the default version.",
    extends="Policy",
    identifier="The policy's ARN.",
    fields=(
        Field("path", Type.STRING, "The path in its ARN."),
        Field("unique_id", Type.STRING, "The immutable id (`ANPA…`)."),
        Field("aws_managed", Type.BOOLEAN, "Whether AWS writes it."),
        Field("default_version", Type.STRING, "The version in force: `v3`."),
        Field("versions", Type.INTEGER, "How many versions it has, of five at most."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("updated_at", Type.TIMESTAMP, "When its default version last changed."),
    ),
)

POLICY_VERSION = Kind(
    "PolicyVersion",
    "A version of a customer managed policy that is not in force, and may be set as its default.",
    extends="Asset",
    identifier="`POLICY#VERSION`: the policy's ARN and the version's id, `v2`.",
    fields=(
        Field("version", Type.STRING, "The version's id: `v2`."),
        Field("document", Type.JSON, "The whole document, decoded."),
        Field("document_hash", Type.STRING, "Hash of the document; equal documents have equal hashes.", indexed=True),
        Field("malformed", Type.STRING, "Why the document could not be understood; absent when it could."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

INLINE_POLICY = Kind(
    "InlinePolicy",
    "A policy that is part of one user, group, role or permission set.",
    extends="Policy",
    identifier="`HOLDER/inline-policy/NAME`, where HOLDER is the holder's ARN.",
)

SERVICE_CONTROL_POLICY = Kind(
    "ServiceControlPolicy",
    "An SCP: what principals of the accounts below it can be allowed at most.",
    extends="Policy",
    identifier="The policy's ARN.",
    fields=(Field("aws_managed", Type.BOOLEAN, "Whether AWS writes it (`FullAWSAccess`)."),),
)

RESOURCE_CONTROL_POLICY = Kind(
    "ResourceControlPolicy",
    "An RCP: what resources of the accounts below it can allow at most.",
    extends="Policy",
    identifier="The policy's ARN.",
    fields=(Field("aws_managed", Type.BOOLEAN, "Whether AWS writes it (`RCPFullAWSAccess`)."),),
)

STATEMENT = Kind(
    "Statement",
    "One statement of a policy.",
    extends="Asset",
    identifier="`POLICY#N`, where N counts the policy's statements from 1.",
    fields=(
        Field("sid", Type.STRING, "The statement's own id, where it has one."),
        Field("effect", Type.STRING, "`Allow` or `Deny`."),
        Field("actions", Type.STRINGS, "`Action`, always as a list."),
        Field("not_actions", Type.STRINGS, "`NotAction`, always as a list."),
        Field("resources", Type.STRINGS, "`Resource`, always as a list."),
        Field("not_resources", Type.STRINGS, "`NotResource`, always as a list."),
        Field("conditions", Type.JSON, "The `Condition` block as it stands."),
    ),
)

HAS_STATEMENT = Relationship(
    "HAS_STATEMENT",
    "The statement is part of the policy.",
    ends=(("Policy", "Statement"),),
)

HAS_VERSION = Relationship(
    "HAS_VERSION",
    "The policy has this version besides the one in force.",
    ends=(("ManagedPolicy", "PolicyVersion"),),
)

ATTACHED_TO = Relationship(
    "ATTACHED_TO",
    "The policy applies to the end; inline policies to their holder, SCPs and RCPs to all below the end.",
    ends=(
        ("ManagedPolicy", "User"),
        ("ManagedPolicy", "Group"),
        ("ManagedPolicy", "Role"),
        ("ManagedPolicy", "PermissionSet"),
        ("InlinePolicy", "User"),
        ("InlinePolicy", "Group"),
        ("InlinePolicy", "Role"),
        ("InlinePolicy", "PermissionSet"),
        ("ServiceControlPolicy", "OrganizationRoot"),
        ("ServiceControlPolicy", "OrganizationalUnit"),
        ("ServiceControlPolicy", "Account"),
        ("ResourceControlPolicy", "OrganizationRoot"),
        ("ResourceControlPolicy", "OrganizationalUnit"),
        ("ResourceControlPolicy", "Account"),
    ),
)

BOUNDED_BY = Relationship(
    "BOUNDED_BY",
    "The policy is the permissions boundary: the most that the start's own policies can allow it.",
    ends=(("User", "ManagedPolicy"), ("Role", "ManagedPolicy"), ("PermissionSet", "ManagedPolicy")),
)
