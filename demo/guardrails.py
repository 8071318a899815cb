"""What the organization forbids: service control policies, resource control policies, and whom it delegates to.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
"""

from __future__ import annotations

from dataclasses import dataclass

from .documents import Document, policy, statement

REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A policy of the organization and the units it is attached to; the root is the empty path."""

    name: str
    description: str
    document: Document
    targets: tuple[str, ...]
    resource: bool = False
    """Whether it is a resource control policy."""


GUARDRAILS = (
    Guardrail(
        "deny-leaving-organization",
        "No account leaves, and nobody closes one from within.",
        policy(statement("Deny", ["organizations:LeaveOrganization", "account:CloseAccount"], Sid="Stay")),
        ("",),
    ),
    Guardrail(
        "deny-root-user",
        "The root user does nothing in member accounts.",
        policy(
            statement("Deny", "*", Sid="NoRoot", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}})
        ),
        ("Security", "Infrastructure", "Workloads", "Sandbox"),
    ),
    Guardrail(
        "region-restriction",
        "Nothing outside the regions in use, but for global services and the platform's own roles.",
        policy(
            {
                "Sid": "OnlyOurRegions",
                "Effect": "Deny",
                "NotAction": [
                    "account:*",
                    "budgets:*",
                    "ce:*",
                    "cloudfront:*",
                    "health:*",
                    "iam:*",
                    "organizations:*",
                    "route53:*",
                    "sts:*",
                    "support:*",
                    "waf:*",
                ],
                "Resource": "*",
                "Condition": {
                    "StringNotEquals": {"aws:RequestedRegion": REGIONS},
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/platform-admin"},
                },
            }
        ),
        ("Workloads", "Infrastructure"),
    ),
    Guardrail(
        "protect-security-services",
        "CloudTrail, GuardDuty, Config and Security Hub stay on.",
        policy(
            statement(
                "Deny",
                [
                    "cloudtrail:DeleteTrail",
                    "cloudtrail:StopLogging",
                    "cloudtrail:UpdateTrail",
                    "cloudtrail:PutEventSelectors",
                    "config:DeleteConfigurationRecorder",
                    "config:StopConfigurationRecorder",
                    "guardduty:DeleteDetector",
                    "guardduty:DisassociateFromAdministratorAccount",
                    "guardduty:UpdateDetector",
                    "securityhub:DisableSecurityHub",
                ],
                Sid="KeepTheLightsOn",
            )
        ),
        ("Security", "Workloads"),
    ),
    Guardrail(
        "protect-platform-roles",
        "Only the platform changes the platform's roles.",
        policy(
            statement(
                "Deny",
                [
                    "iam:AttachRolePolicy",
                    "iam:DeleteRole",
                    "iam:DetachRolePolicy",
                    "iam:PutRolePolicy",
                    "iam:UpdateAssumeRolePolicy",
                ],
                [
                    "arn:aws:iam::*:role/OrganizationAccountAccessRole",
                    "arn:aws:iam::*:role/platform-admin",
                    "arn:aws:iam::*:role/security-audit",
                ],
                Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/platform-admin"}},
            )
        ),
        ("Workloads", "Infrastructure"),
    ),
    Guardrail(
        "deny-iam-users-in-production",
        "No new users or access keys where customers' data is.",
        policy(statement("Deny", ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile"])),
        ("Workloads/Production",),
    ),
    Guardrail(
        "suspended-deny-all",
        "Accounts on their way out do nothing.",
        policy(statement("Deny", "*")),
        ("Suspended",),
    ),
    Guardrail(
        "data-perimeter",
        "Objects, secrets, keys and queues are for the organization and for AWS's own services.",
        policy(
            {
                "Sid": "OnlyOurOrganization",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*"],
                "Resource": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {
                        "aws:PrincipalOrgID": "<organization>",
                        "aws:ResourceTag/data-perimeter": "exempt",
                    },
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            }
        ),
        ("Workloads/Production",),
        resource=True,
    ),
)

DELEGATIONS = (
    ("guardduty.amazonaws.com", "security-tooling"),
    ("securityhub.amazonaws.com", "security-tooling"),
    ("access-analyzer.amazonaws.com", "security-tooling"),
    ("macie.amazonaws.com", "security-tooling"),
    ("config-multiaccountsetup.amazonaws.com", "security-tooling"),
    ("ssm.amazonaws.com", "shared-services"),
)
"""Services and the accounts that administer them for the organization."""
