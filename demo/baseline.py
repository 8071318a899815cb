"""What every account holds: the roles of the platform, of security, and those that AWS makes."""

from __future__ import annotations

from .accounts import MANAGEMENT, Account
from .documents import (
    WITH_MFA,
    Contents,
    Document,
    Group,
    Key,
    ManagedPolicy,
    Role,
    User,
    allow,
    aws,
    own,
    policy,
    statement,
    trust_aws,
    trust_saml,
    trust_service,
)

BREAK_GLASS_TRUST = trust_aws(
    "arn:aws:iam::<halden-management>:user/break-glass/break-glass-1",
    "arn:aws:iam::<halden-management>:user/break-glass/break-glass-2",
    condition=WITH_MFA,
)

OPERATOR_BOUNDARY = ManagedPolicy(
    "operator-boundary",
    policy(
        statement(
            "Allow",
            [
                "cloudwatch:*",
                "ecs:*",
                "lambda:*",
                "logs:*",
                "rds:*",
                "ssm:*",
                "sts:AssumeRole",
                "elasticloadbalancing:*",
            ],
        ),
        statement("Deny", ["iam:*", "organizations:*", "kms:ScheduleKeyDeletion"]),
    ),
    "The most that operators of production can do.",
)

WORKLOAD_BOUNDARY = ManagedPolicy(
    "workload-boundary",
    policy(
        statement("Allow", "*"),
        statement("Deny", ["iam:*", "organizations:*", "account:*"], Sid="NoIdentity"),
        statement("Deny", "sts:AssumeRole", "arn:aws:iam::*:role/platform-admin"),
    ),
    "The most that a workload's own roles can do.",
    earlier=(policy(statement("Allow", "*"), statement("Deny", "iam:*")),),
)

STRONG_PASSWORDS = {
    "MinimumPasswordLength": 16,
    "RequireSymbols": True,
    "RequireNumbers": True,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
    "AllowUsersToChangePassword": True,
    "PasswordReusePrevention": 24,
}


def baseline(account: Account) -> Contents:
    """What the account holds because it is one of the organization's."""
    if account is MANAGEMENT:
        return _service_linked(account) + _management()
    return _platform(account) + _service_linked(account)


def _platform(account: Account) -> Contents:
    roles = (
        Role(
            "platform-admin",
            trust_aws("arn:aws:iam::<shared-services>:role/platform/terraform-runner"),
            aws("AdministratorAccess"),
            description="Terraform of the cloud platform.",
            days_ago=account.days_ago - 1,
            used_days_ago=1,
        ),
        Role(
            "break-glass-admin",
            BREAK_GLASS_TRUST,
            aws("AdministratorAccess"),
            description="When all else fails. Every use is an incident.",
            days_ago=account.days_ago - 2,
        ),
        Role(
            "security-audit",
            trust_aws("arn:aws:iam::<security-tooling>:role/audit-runner"),
            aws("SecurityAudit", "job-function/ViewOnlyAccess"),
            description="Posture management from the security account.",
            days_ago=account.days_ago - 2,
            used_days_ago=0,
        ),
        Role(
            "config-recorder",
            trust_service("config"),
            aws("service-role/AWS_ConfigRole"),
            days_ago=account.days_ago - 3,
        ),
    )
    policies = (OPERATOR_BOUNDARY, WORKLOAD_BOUNDARY) if account.application else ()
    passwords = STRONG_PASSWORDS if account.unit.startswith(("Security", "Workloads")) else {}
    return Contents(roles=roles, policies=policies, password_policy=passwords)


def _service_linked(account: Account) -> Contents:
    services = ["support", "trustedadvisor", "organizations", "sso"]
    if account.application:
        services += ["ecs", "elasticloadbalancing", "rds"]
    roles = tuple(
        Role(service, {}, linked_service=f"{service}.amazonaws.com", days_ago=account.days_ago) for service in services
    )
    return Contents(roles=roles)


def _management() -> Contents:
    roles = (
        Role(
            "organization-admin",
            trust_aws("arn:aws:iam::<self>:user/break-glass/break-glass-1", condition=WITH_MFA),
            aws("AdministratorAccess"),
            days_ago=2300,
        ),
        Role(
            "stackset-administration",
            trust_service("cloudformation"),
            inline={"execute": allow("sts:AssumeRole", "arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole")},
            days_ago=2200,
        ),
        Role(
            "cost-export",
            trust_service("lambda"),
            aws("service-role/AWSLambdaBasicExecutionRole"),
            {"export": allow(["ce:GetCostAndUsage", "s3:PutObject"])},
            days_ago=800,
            used_days_ago=1,
        ),
        Role("adfs-administrators", trust_saml("halden-adfs"), aws("AdministratorAccess"), days_ago=2390),
    )
    groups = (
        Group(
            "break-glass", inline={"assume": allow("sts:AssumeRole", "arn:aws:iam::*:role/break-glass-admin", WITH_MFA)}
        ),
        Group("billing-readers", aws("job-function/Billing")),
    )
    users = (
        User("break-glass-1", ("break-glass",), path="/break-glass/", console=True, mfa=True, days_ago=2300),
        User("break-glass-2", ("break-glass",), path="/break-glass/", console=True, mfa=False, days_ago=2300),
        User("invoice-export", ("billing-readers",), keys=(Key(640, 2),), days_ago=640),
    )
    return Contents(roles, users, groups, saml=("halden-adfs",), password_policy=STRONG_PASSWORDS)


def collector_role(name: str, document: Document) -> Contents:
    """The role that Muniment's collector enters in an account, with the policy that Muniment prints for it."""
    trusted = trust_aws("arn:aws:iam::<halden-management>:role/muniment-runner")
    role = Role(name, trusted, own("muniment-collector"), description="Read-only inventory.", days_ago=30)
    return Contents(roles=(role,), policies=(ManagedPolicy("muniment-collector", document, "Printed by Muniment."),))


def collector_runner(document: Document) -> Contents:
    """The role that Muniment's collector starts as, in the management account."""
    role = Role("muniment-runner", trust_service("ecs-tasks"), own("muniment-runner"), days_ago=31)
    return Contents(roles=(role,), policies=(ManagedPolicy("muniment-runner", document, "Printed by Muniment."),))
