"""What principals used of what they were granted, and what IAM Access Analyzer finds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

SERVICE = Kind(
    "Service",
    "A service of the provider, as policies name it.",
    extends="Asset",
    identifier="`service/PREFIX`: `service/s3`.",
)

LAST_ACCESSED = Kind(
    "LastAccessed",
    "IAM's report of the services that a user or role may use by its policies, and which it did not. What it used is "
    "ACCESSED.",
    extends="Asset",
    identifier="`PRINCIPAL/last-accessed`.",
    fields=(
        Field("granularity", Type.STRING, "`ACTION_LEVEL` or `SERVICE_LEVEL`."),
        Field("services", Type.STRINGS, "Prefixes of all services that it reports on."),
        Field("unused_services", Type.STRINGS, "Those of them not used in the 400 days that AWS tracks."),
    ),
)

ANALYZER = Kind(
    "Analyzer",
    "An analyzer of IAM Access Analyzer.",
    extends="Asset",
    identifier="The analyzer's ARN.",
    fields=(
        Field("type", Type.STRING, "`ACCOUNT`, `ORGANIZATION`, `ACCOUNT_UNUSED_ACCESS`, …"),
        Field("status", Type.STRING, "`ACTIVE`, `CREATING`, `DISABLED` or `FAILED`."),
        Field("status_reason", Type.STRING, "Why it does not work, in the service's own word."),
        Field("unused_access_days", Type.INTEGER, "Days without use after which access counts as unused."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

ACCESS_FINDING = Kind(
    "AccessFinding",
    "An active finding of IAM Access Analyzer: access from outside, access from inside to what is critical, or access "
    "that is not used.",
    extends="Asset",
    identifier="`ANALYZER/finding/ID`.",
    fields=(
        Field("finding_id", Type.STRING, "The id that Access Analyzer gives it.", indexed=True),
        Field(
            "finding_type",
            Type.STRING,
            "`ExternalAccess`, `InternalAccess`, `UnusedIAMRole`, `UnusedIAMUserAccessKey`, `UnusedIAMUserPassword` or "
            "`UnusedPermission`.",
        ),
        Field("resource", Type.STRING, "The ARN of what it is about."),
        Field("resource_type", Type.STRING, "`AWS::IAM::Role`, `AWS::S3::Bucket`, …"),
        Field("public", Type.BOOLEAN, "Whether anyone at all has the access; absent where that is not the question."),
        Field("principals", Type.STRINGS, "Who has the access: `AWS 111122223333`, `Federated …`."),
        Field("actions", Type.STRINGS, "What they may do, or what is not used."),
        Field("services", Type.STRINGS, "Prefixes of the services that are not used at all."),
        Field("conditions", Type.JSON, "Conditions that limit the access: a list of objects of keys and values."),
        Field("last_accessed_at", Type.TIMESTAMP, "When what it is about was last used."),
        Field("created_at", Type.TIMESTAMP, "When it was found."),
        Field("updated_at", Type.TIMESTAMP, "When it last changed."),
        Field("error", Type.STRING, "Why Access Analyzer could not analyze it, in its own words."),
    ),
)

HAS_LAST_ACCESSED = Relationship(
    "HAS_LAST_ACCESSED",
    "The report is about the start.",
    ends=(("User", "LastAccessed"), ("Role", "LastAccessed")),
)

ACCESSED = Relationship(
    "ACCESSED",
    "The start tried to use the service in the 400 days that AWS tracks, whether or not it was let.",
    ends=(("User", "Service"), ("Role", "Service")),
    fields=(
        Field("last_accessed_at", Type.TIMESTAMP, "When it last did."),
        Field("last_accessed_region", Type.STRING, "The region of that request."),
        Field("actions", Type.JSON, "Actions that are tracked and were used: an object of names and times."),
        Field("unused_actions", Type.STRINGS, "Actions that are tracked and were not used."),
    ),
)

REPORTS = Relationship(
    "REPORTS",
    "The analyzer found it.",
    ends=(("Analyzer", "AccessFinding"),),
)

CONCERNS = Relationship(
    "CONCERNS",
    "The finding is about the end.",
    ends=(("AccessFinding", "Asset"),),
)
