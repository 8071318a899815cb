"""People and their access across accounts: IAM Identity Center.

https://docs.aws.amazon.com/singlesignon/latest/APIReference/
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

IDENTITY_CENTER_INSTANCE = Kind(
    "IdentityCenterInstance",
    "An instance of IAM Identity Center.",
    extends="Asset",
    identifier="The instance's ARN.",
    fields=(
        Field("identity_store_id", Type.STRING, "`d-…`."),
        Field("status", Type.STRING, "`ACTIVE`, …"),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

PERMISSION_SET = Kind(
    "PermissionSet",
    "A set of policies that becomes a reserved role in each account it is provisioned to.",
    extends="Asset",
    identifier="The permission set's ARN.",
    fields=(
        Field("description", Type.STRING, "What its author says of it."),
        Field("session_duration", Type.STRING, "ISO 8601 duration: `PT8H`."),
        Field("relay_state", Type.STRING, "Where the console opens."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field(
            "customer_policies", Type.STRINGS, "Path and name of customer managed policies, supplied by each account."
        ),
        Field("boundary_customer_policy", Type.STRING, "Path and name of a boundary that each account supplies."),
    ),
)

IDENTITY_CENTER_USER = Kind(
    "IdentityCenterUser",
    "A person, or rarely a machine, of the identity store.",
    extends="Principal",
    identifier="`arn:aws:identitystore:::user/ID`.",
    fields=(
        Field("user_name", Type.STRING, "The name to sign in with.", indexed=True),
        Field("email", Type.STRING, "The primary e-mail address."),
        Field("external_ids", Type.JSON, "Ids at the identity provider, by issuer."),
        Field("active", Type.BOOLEAN, "Whether it can sign in; absent where the store does not say."),
    ),
)

IDENTITY_CENTER_GROUP = Kind(
    "IdentityCenterGroup",
    "A group of the identity store.",
    extends="Principal",
    identifier="`arn:aws:identitystore:::group/ID`.",
    fields=(
        Field("description", Type.STRING, "What its author says of it."),
        Field("external_ids", Type.JSON, "Ids at the identity provider, by issuer."),
    ),
)

ASSIGNED_TO = Relationship(
    "ASSIGNED_TO",
    "The user or group holds the permission set in one account, which is the key.",
    ends=(("IdentityCenterUser", "PermissionSet"), ("IdentityCenterGroup", "PermissionSet")),
    fields=(Field("account_id", Type.STRING, "The account: 12 digits."),),
)

PROVISIONED_AS = Relationship(
    "PROVISIONED_AS",
    "The permission set became this reserved role, `AWSReservedSSO_NAME_…`, in an account.",
    ends=(("PermissionSet", "Role"),),
    fields=(Field("account_id", Type.STRING, "The account: 12 digits."),),
    derived=True,
)

PROVISIONED_IN = Relationship(
    "PROVISIONED_IN",
    "The permission set is provisioned to the account.",
    ends=(("PermissionSet", "Account"),),
)
