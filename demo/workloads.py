"""What an application's account holds: the roles its services run as, and those that deploy it."""

from __future__ import annotations

from .accounts import Account
from .documents import (
    Contents,
    Group,
    Key,
    Role,
    User,
    allow,
    aws,
    own,
    policy,
    statement,
    trust_aws,
    trust_oidc,
    trust_service,
)

GITHUB = "token.actions.githubusercontent.com"
TERRAFORM = "app.terraform.io"
GITLAB = "gitlab.com"
AUDIENCE = "sts.amazonaws.com"

REPOSITORIES = {
    "payments": "payments-service",
    "tracking": "parcel-tracking",
    "portal": "customer-portal",
    "lake": "data-platform",
    "warehouse": "warehouse-core",
}

SERVICES = {
    "payments": ("api", "ledger", "settlement", "fraud-scoring"),
    "tracking": ("api", "ingest", "eta", "notifications"),
    "portal": ("web", "sessions", "documents"),
    "lake": ("ingest", "curation", "catalogue"),
    "warehouse": ("core", "picking", "labels", "forecast"),
}


def workload(account: Account) -> Contents:
    """Roles, users and policies of the application that the account carries; nothing where it carries none."""
    application = account.application
    if not application:
        return Contents()
    services = [role for service in SERVICES[application] for role in _service(application, service, account)]
    roles = (*services, *_operations(application, account), *_delivery(application, account))
    return Contents(roles=roles, oidc={GITHUB: (AUDIENCE,)}) + _machine_users(application, account)


def _service(application: str, name: str, account: Account) -> tuple[Role, ...]:
    """A service's task role and the function beside it."""
    full = f"{application}-{name}"
    bucket = f"arn:aws:s3:::halden-{application}-{name}-{account.environment}"
    reads = policy(
        statement("Allow", ["s3:GetObject", "s3:PutObject"], f"{bucket}/*"),
        statement("Allow", "s3:ListBucket", bucket),
        statement(
            "Allow",
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:eu-west-1:<self>:secret:{full}/*",
            Condition={"StringEquals": {"aws:ResourceTag/service": full}},
        ),
    )
    events = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], f"arn:aws:sqs:eu-west-1:<self>:{full}-events")
    tags = {"application": application, "service": name, "environment": account.environment}
    return (
        Role(
            f"{full}-task",
            trust_service("ecs-tasks"),
            inline={"data": reads},
            boundary=own("workload-boundary")[0],
            days_ago=account.days_ago // 2,
            used_days_ago=0 if account.production else None,
            tags=tags,
        ),
        Role(
            f"{full}-events",
            trust_service("lambda"),
            aws("service-role/AWSLambdaBasicExecutionRole"),
            {"queue": events},
            days_ago=account.days_ago // 3,
            tags=tags,
        ),
    )


def _operations(application: str, account: Account) -> tuple[Role, ...]:
    """Roles that keep the account running."""
    age = account.days_ago - 30
    return (
        Role(
            f"{application}-task-execution",
            trust_service("ecs-tasks"),
            aws("service-role/AmazonECSTaskExecutionRolePolicy"),
            days_ago=age,
            used_days_ago=0,
        ),
        Role(
            f"{application}-bastion",
            trust_service("ec2"),
            aws("AmazonSSMManagedInstanceCore"),
            instance_profile=True,
            days_ago=age,
        ),
        Role("rds-monitoring", trust_service("monitoring.rds"), aws("service-role/AmazonRDSEnhancedMonitoringRole")),
        Role(
            "vpc-flow-logs",
            trust_service("vpc-flow-logs"),
            inline={"deliver": allow(["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups"])},
            days_ago=age,
        ),
        Role(
            "backup-operator",
            trust_service("backup"),
            aws(
                "service-role/AWSBackupServiceRolePolicyForBackup", "service-role/AWSBackupServiceRolePolicyForRestores"
            ),
            days_ago=900,
        ),
    )


def _delivery(application: str, account: Account) -> tuple[Role, ...]:
    """The role that GitHub deploys with, and the one that CloudFormation works with on its behalf."""
    environment = "production" if account.production else account.environment
    repository = REPOSITORIES[application]
    deploy = policy(
        statement("Allow", ["ecs:RegisterTaskDefinition", "ecs:UpdateService", "ecs:DescribeServices"]),
        statement("Allow", ["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"]),
        statement(
            "Allow",
            "iam:PassRole",
            [f"arn:aws:iam::<self>:role/{application}-*"],
            Condition={
                "StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com", "cloudformation.amazonaws.com"]}
            },
        ),
    )
    return (
        Role(
            f"github-{repository}-deploy",
            trust_oidc(GITHUB, AUDIENCE, f"repo:halden-logistics/{repository}:environment:{environment}"),
            inline={"deploy": deploy},
            description=f"Deployments of {repository} from its protected environment.",
            days_ago=500,
            used_days_ago=1,
        ),
        Role(
            f"{application}-cloudformation",
            trust_service("cloudformation"),
            aws("PowerUserAccess"),
            boundary=own("workload-boundary")[0],
            days_ago=500,
        ),
    )


def _machine_users(application: str, account: Account) -> Contents:
    """Users from before there were roles for it, where the application still has them."""
    if account.name == "portal-prod":
        sender = User(
            "ses-smtp-sender",
            inline={
                "send": allow("ses:SendRawEmail", "*", {"StringEquals": {"ses:FromAddress": "no-reply@halden.example"}})
            },
            keys=(Key(1300, 0), Key(1650, 1301, active=False)),
            days_ago=1650,
        )
        return Contents(users=(sender,))
    if account.name == "warehouse-prod":
        scanner = User("label-printer-gateway", ("devices",), keys=(Key(410, 0),), path="/devices/", days_ago=410)
        devices = Group("devices", inline={"print": allow(["iot:Connect", "iot:Publish"])})
        return Contents(users=(scanner,), groups=(devices,))
    if application == "lake" and account.production:
        reader = Role(
            "bi-dashboards",
            trust_aws("arn:aws:iam::<shared-services>:role/bi-server"),
            aws("AmazonAthenaFullAccess"),
            days_ago=700,
            used_days_ago=0,
        )
        return Contents(roles=(reader,))
    return Contents()
