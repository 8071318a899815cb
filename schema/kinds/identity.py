"""Principals of an account: AWS IAM.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

USER = Kind(
    "User",
    "An IAM user.",
    extends="Principal",
    identifier="The user's ARN.",
    fields=(
        Field("path", Type.STRING, "The path in its ARN."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("console_access", Type.BOOLEAN, "Whether it has a login profile, a password for the console."),
        Field("password_last_used", Type.TIMESTAMP, "When the password last signed in."),
        Field("password_changed_at", Type.TIMESTAMP, "When the password was last set."),
        Field("mfa_active", Type.BOOLEAN, "Whether any MFA device is active."),
    ),
)

ROOT_USER = Kind(
    "RootUser",
    "The root user of an account.",
    extends="Principal",
    identifier="`arn:aws:iam::ACCOUNT:root`.",
    fields=(
        Field("password_last_used", Type.TIMESTAMP, "When it last signed in with its password."),
        Field("mfa_active", Type.BOOLEAN, "Whether any MFA device is active."),
        Field("access_keys_present", Type.BOOLEAN, "Whether it has access keys."),
    ),
)

GROUP = Kind(
    "Group",
    "An IAM group: its policies apply to its members. It is not a principal.",
    extends="Asset",
    identifier="The group's ARN.",
    fields=(
        Field("unique_id", Type.STRING, "The immutable id (`AGPA…`)."),
        Field("path", Type.STRING, "The path in its ARN."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

ROLE = Kind(
    "Role",
    "An IAM role.",
    extends="Principal",
    identifier="The role's ARN.",
    fields=(
        Field("path", Type.STRING, "The path in its ARN."),
        Field("description", Type.STRING, "What its author says of it."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("trust_policy", Type.JSON, "The trust policy, decoded."),
        Field("trust_malformed", Type.STRING, "Why the trust policy could not be understood; absent when it could."),
        Field("max_session_seconds", Type.INTEGER, "The longest session, in seconds."),
        Field("last_used_at", Type.TIMESTAMP, "When it last made a request, in the 400 days that AWS tracks."),
        Field("last_used_region", Type.STRING, "The region of that request."),
        Field("service_linked", Type.BOOLEAN, "Whether it is a service-linked role; SCPs do not apply to it."),
    ),
)

INSTANCE_PROFILE = Kind(
    "InstanceProfile",
    "What hands a role to EC2 instances.",
    extends="Asset",
    identifier="The instance profile's ARN.",
    fields=(
        Field("unique_id", Type.STRING, "The immutable id (`AIPA…`)."),
        Field("path", Type.STRING, "The path in its ARN."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

ACCESS_KEY = Kind(
    "AccessKey",
    "A long-lived access key. The secret never enters.",
    extends="Asset",
    identifier="`HOLDER/access-key/N`: the slot, 1 or 2, of the credential report.",
    fields=(
        Field("active", Type.BOOLEAN, "Whether it can sign requests."),
        Field("access_key_id", Type.STRING, "`AKIA…`, where the keys were listed (`--access-key-ids`).", indexed=True),
        Field("rotated_at", Type.TIMESTAMP, "When it was made or last changed: its age counts from here."),
        Field("use_known", Type.BOOLEAN, "Whether AWS told when it was last used, or that it never was."),
        Field("last_used_at", Type.TIMESTAMP, "When it last signed a request; absent if never, where that is known."),
        Field("last_used_region", Type.STRING, "The region of that request."),
        Field("last_used_service", Type.STRING, "The service of that request."),
    ),
)

MFA_DEVICE = Kind(
    "MfaDevice",
    "A multi-factor device of a user.",
    extends="Asset",
    identifier="The device's serial number: an ARN for virtual devices and security keys.",
    fields=(
        Field("type", Type.STRING, "`virtual`, `hardware` or `security-key`."),
        Field("enabled_at", Type.TIMESTAMP, "When it was enabled."),
    ),
)

SAML_PROVIDER = Kind(
    "SamlProvider",
    "A SAML identity provider that the account trusts to sign people in.",
    extends="Principal",
    identifier="The provider's ARN.",
    fields=(
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("valid_until", Type.TIMESTAMP, "When its metadata expires."),
    ),
)

OIDC_PROVIDER = Kind(
    "OidcProvider",
    "An OpenID Connect identity provider that the account trusts.",
    extends="Principal",
    identifier="The provider's ARN.",
    fields=(
        Field("url", Type.STRING, "The issuer, without its scheme: `token.actions.githubusercontent.com`."),
        Field("client_ids", Type.STRINGS, "Audiences that it accepts."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
    ),
)

SERVICE_PRINCIPAL = Kind(
    "ServicePrincipal",
    "An AWS service as a principal.",
    extends="Principal",
    identifier="Its name in policies: `ec2.amazonaws.com`.",
)

FEDERATED_PRINCIPAL = Kind(
    "FederatedPrincipal",
    "A federated principal that has no ARN of its own, such as `cognito-identity.amazonaws.com`.",
    extends="Principal",
    identifier="Its name in policies.",
)

ANYONE = Kind(
    "Anyone",
    "The principal `*`: anyone at all, with an AWS account or, where the action allows it, without one.",
    extends="Principal",
    identifier="`*`.",
)

DELETED_PRINCIPAL = Kind(
    "DeletedPrincipal",
    "A principal that no longer exists: AWS shows its immutable id where its ARN stood.",
    extends="Principal",
    identifier="The immutable id: `AIDA…`, `AROA…`.",
)

OTHER_PRINCIPAL = Kind(
    "OtherPrincipal",
    "A principal named in a policy in a form of its own: a role session, a federated user, a canonical user, or a text "
    "that AWS would refuse.",
    extends="Principal",
    identifier="`principal:TEXT`, where TEXT is what stands in the policy.",
)

PASSWORD_POLICY = Kind(
    "PasswordPolicy",
    "What an account asks of its users' passwords. Absent when the account has none and AWS's default holds.",
    extends="Asset",
    identifier="`password-policy/ACCOUNT`.",
    fields=(
        Field("minimum_length", Type.INTEGER, "Characters at least."),
        Field("require_symbols", Type.BOOLEAN, "Whether a symbol is needed."),
        Field("require_numbers", Type.BOOLEAN, "Whether a digit is needed."),
        Field("require_uppercase", Type.BOOLEAN, "Whether an upper-case letter is needed."),
        Field("require_lowercase", Type.BOOLEAN, "Whether a lower-case letter is needed."),
        Field("users_may_change", Type.BOOLEAN, "Whether users may change their own."),
        Field("max_age_days", Type.INTEGER, "Days until a password expires; absent when it never does."),
        Field("reuse_prevention", Type.INTEGER, "How many earlier passwords cannot be used again."),
    ),
)

ACCOUNT_SUMMARY = Kind(
    "AccountSummary",
    "What IAM counts in an account, and its quotas.",
    extends="Asset",
    identifier="`account-summary/ACCOUNT`.",
    fields=(Field("counts", Type.JSON, "`GetAccountSummary`'s map, as it stands."),),
)

MEMBER_OF = Relationship(
    "MEMBER_OF",
    "The start belongs to the group and gets what the group gets.",
    ends=(("User", "Group"), ("IdentityCenterUser", "IdentityCenterGroup")),
)

HAS_ROLE = Relationship(
    "HAS_ROLE",
    "The instance profile hands out the role.",
    ends=(("InstanceProfile", "Role"),),
)

HAS_ACCESS_KEY = Relationship(
    "HAS_ACCESS_KEY",
    "The access key is the start's.",
    ends=(("User", "AccessKey"), ("RootUser", "AccessKey")),
)

HAS_MFA_DEVICE = Relationship(
    "HAS_MFA_DEVICE",
    "The device is the start's.",
    ends=(("User", "MfaDevice"), ("RootUser", "MfaDevice")),
)

TRUSTS = Relationship(
    "TRUSTS",
    "A statement of the role's trust policy names the end, in Principal or NotPrincipal; whether it can assume the "
    "role is CAN_ASSUME. The key is the number of the statement, counted from 1.",
    ends=(("Role", "Principal"), ("Role", "Account")),
    fields=(
        Field("effect", Type.STRING, "`Allow` or `Deny`."),
        Field("negated", Type.BOOLEAN, "Whether the end is named in NotPrincipal."),
        Field("principal", Type.STRING, "The principal as the policy writes it."),
        Field("principal_type", Type.STRING, "`AWS`, `Service`, `Federated` or `CanonicalUser`."),
        Field("actions", Type.STRINGS, "The statement's actions."),
        Field("conditions", Type.JSON, "The statement's conditions."),
        Field("statement", Type.JSON, "The whole statement."),
        Field("statement_id", Type.STRING, "`ROLE#trust/N`."),
    ),
)
