"""The account structure: AWS Organizations.

https://docs.aws.amazon.com/organizations/latest/APIReference/
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

ORGANIZATION = Kind(
    "Organization",
    "A set of accounts under one management account.",
    extends="Asset",
    identifier="The organization's ARN.",
    fields=(
        Field("organization_id", Type.STRING, "`o-…`, as `aws:PrincipalOrgID` carries it."),
        Field("management_account_id", Type.STRING, "The management account's 12 digits."),
        Field("feature_set", Type.STRING, "`ALL`, or `CONSOLIDATED_BILLING`, in which no policy applies."),
    ),
)

ORGANIZATION_ROOT = Kind(
    "OrganizationRoot",
    "The root of the tree of organizational units.",
    extends="Asset",
    identifier="The root's ARN.",
    fields=(
        Field("path", Type.STRING, "`o-…/r-…/`, as `aws:PrincipalOrgPaths` writes it."),
        Field("policy_types", Type.STRINGS, "Policy types enabled in the organization: `SERVICE_CONTROL_POLICY`, …"),
    ),
)

ORGANIZATIONAL_UNIT = Kind(
    "OrganizationalUnit",
    "A folder of accounts.",
    extends="Asset",
    identifier="The unit's ARN.",
    fields=(
        Field("unit_id", Type.STRING, "`ou-…`."),
        Field("path", Type.STRING, "`o-…/r-…/ou-…/`, as `aws:PrincipalOrgPaths` writes it."),
        Field("path_names", Type.STRINGS, "Names of the units from the root down to this one."),
    ),
)

ACCOUNT = Kind(
    "Account",
    "An AWS account. As a principal in a policy it stands for everyone in it to whom it delegates.",
    extends="Asset",
    identifier="The 12 digits: its ARN changes with the organization that it is in.",
    fields=(
        Field("arn", Type.STRING, "Its ARN in Organizations; absent without an organization."),
        Field("partition", Type.STRING, "`aws`, `aws-cn` or `aws-us-gov`."),
        Field("email", Type.STRING, "The root user's address, as Organizations gives it."),
        Field("state", Type.STRING, "`ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, …"),
        Field("management", Type.BOOLEAN, "Whether it manages the organization; SCPs do not apply to it."),
        Field("joined_at", Type.TIMESTAMP, "When it joined the organization."),
        Field("joined_method", Type.STRING, "`CREATED` or `INVITED`."),
        Field("path", Type.STRING, "`o-…/r-…/ou-…/`, as `aws:PrincipalOrgPaths` writes it."),
        Field("path_names", Type.STRINGS, "Names of the units from the root down to it."),
        Field("alias", Type.STRING, "The IAM account alias, where no organization could be read to list the account."),
    ),
)

CONTACT = Kind(
    "Contact",
    "A contact of an account.",
    extends="Asset",
    identifier="`contact/ACCOUNT/TYPE`.",
    fields=(
        Field("type", Type.STRING, "`PRIMARY`, `BILLING`, `OPERATIONS` or `SECURITY`."),
        Field("title", Type.STRING, "The person's title."),
        Field("email", Type.STRING, "E-mail address."),
        Field("phone", Type.STRING, "Telephone number."),
    ),
)

HAS_CONTACT = Relationship("HAS_CONTACT", "Whom to reach about the account.", ends=(("Account", "Contact"),))

DELEGATES_TO = Relationship(
    "DELEGATES_TO",
    "The account administers a service for the whole organization.",
    ends=(("Organization", "Account"),),
    fields=(
        Field("service", Type.STRING, "The service's principal, `guardduty.amazonaws.com`; it is the key too."),
        Field("since", Type.TIMESTAMP, "When it was delegated."),
    ),
)
