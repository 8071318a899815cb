"""The people of Halden Logistics, their groups, and what Identity Center lets them do where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .accounts import Account
from .documents import Document, allow, aws, policy, statement


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set to make."""

    name: str
    description: str
    managed: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    inline: Document | None = None
    boundary: str = ""
    """Name of a managed policy that each account supplies."""
    session: str = "PT8H"
    days_ago: int = 900
    tags: Mapping[str, str] = field(default_factory=dict)


PERMISSION_SETS = (
    PermissionSet(
        "AdministratorAccess",
        "Everything, for an hour, for the platform's on-call.",
        aws("AdministratorAccess"),
        session="PT1H",
        tags={"tier": "privileged"},
    ),
    PermissionSet("PowerUserAccess", "All but IAM, where nothing is live.", aws("PowerUserAccess")),
    PermissionSet("ReadOnlyAccess", "Look, do not touch.", aws("ReadOnlyAccess")),
    PermissionSet("SecurityAudit", "What auditors read.", aws("SecurityAudit", "job-function/ViewOnlyAccess")),
    PermissionSet("Billing", "Invoices and budgets.", aws("job-function/Billing")),
    PermissionSet(
        "ProductionOperator",
        "Run and repair production without changing who may do what.",
        aws("CloudWatchReadOnlyAccess"),
        inline=policy(
            statement("Allow", ["ecs:UpdateService", "ecs:StopTask", "ecs:Describe*", "ecs:List*"]),
            statement("Allow", ["ssm:StartSession", "ssm:TerminateSession", "ssm:GetConnectionStatus"]),
            statement("Allow", ["rds:RebootDBInstance", "rds:Describe*", "lambda:InvokeFunction"]),
            statement("Allow", "sts:AssumeRole", "arn:aws:iam::*:role/*-breakfix"),
        ),
        boundary="operator-boundary",
        session="PT4H",
        tags={"tier": "privileged"},
    ),
    PermissionSet(
        "DataEngineer",
        "Pipelines of the data platform.",
        aws("service-role/AWSGlueServiceRole", "AmazonAthenaFullAccess"),
        customer=("lake-access",),
        inline=policy(
            statement(
                "Allow", ["glue:*", "lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"]
            ),
            statement("Allow", "iam:PassRole", "*"),
        ),
    ),
    PermissionSet(
        "NetworkAdministrator",
        "Networks and names.",
        aws("job-function/NetworkAdministrator"),
        tags={"tier": "privileged"},
    ),
    PermissionSet(
        "SupportTooling",
        "Tickets, and resetting what customers locked.",
        aws("AWSSupportAccess"),
        inline=allow(["iam:ListRoles", "iam:GetRole", "cognito-idp:AdminResetUserPassword"]),
    ),
)

GROUPS = {
    "aws-platform-admins": "Cloud platform on-call; approved by the head of platform.",
    "aws-platform-engineers": "Cloud platform engineers.",
    "aws-security": "Security operations.",
    "aws-network": "Network engineering.",
    "aws-finance": "Cost controllers.",
    "aws-payments": "Payments developers.",
    "aws-payments-operators": "Payments on-call.",
    "aws-tracking": "Parcel tracking developers.",
    "aws-tracking-operators": "Parcel tracking on-call.",
    "aws-portal": "Customer portal developers.",
    "aws-data": "Data engineers.",
    "aws-warehouse": "Warehouse systems developers.",
    "aws-auditors": "Internal and external auditors.",
    "aws-support": "Customer support, second line.",
}

PEOPLE = {
    "aws-platform-admins": ("Sigrid Haugen", "Marek Novák", "Aoife Byrne"),
    "aws-platform-engineers": (
        "Sigrid Haugen",
        "Marek Novák",
        "Aoife Byrne",
        "Jonas Lindqvist",
        "Priya Raman",
        "Tove Dahl",
    ),
    "aws-security": ("Ingrid Solberg", "Dmitri Petrov", "Hannah Weiss", "Luca Moretti"),
    "aws-network": ("Erik Strand", "Fatima Zahra", "Jonas Lindqvist"),
    "aws-finance": ("Tomasz Zieliński", "Camille Laurent", "Birgit Thorsen"),
    "aws-payments": ("Nils Eriksen", "Sofia Almeida", "Kwame Mensah", "Yuki Tanaka", "Elena Popescu", "Oskar Berg"),
    "aws-payments-operators": ("Nils Eriksen", "Kwame Mensah"),
    "aws-tracking": ("Astrid Holm", "Rahul Verma", "Maja Kowalska", "Petter Vik", "Zoë O'Connor"),
    "aws-tracking-operators": ("Astrid Holm", "Petter Vik"),
    "aws-portal": ("Clara Jensen", "Ahmed Hassan", "Ida Nilsen", "Viktor Horváth", "Mei Ling Chen"),
    "aws-data": ("Lars Østby", "Anjali Gupta", "Mateo Fernández", "Freya Lund", "Samuel Okafor", "Julia Schneider"),
    "aws-warehouse": ("Henrik Moen", "Agnieszka Wójcik", "Bruno Costa", "Siri Bakke"),
    "aws-auditors": ("Margit Kristiansen", "David Okonkwo"),
    "aws-support": ("Emil Sandvik", "Nora Fjeld", "Pavel Dvořák", "Leila Haddad", "Ruben Aas"),
}

LONE_USERS = ("Gunnar Falk", "Rebecca Stone")
"""People in no group: one with an assignment of his own from before groups were used, one with none."""

APPLICATION_GROUPS = {
    "payments": "aws-payments",
    "tracking": "aws-tracking",
    "portal": "aws-portal",
    "lake": "aws-data",
    "warehouse": "aws-warehouse",
}


def assignments(account: Account) -> list[tuple[str, str]]:
    """Which group gets which permission set in an account. A person's name stands for the person alone."""
    given = [("aws-platform-admins", "AdministratorAccess"), ("aws-security", "SecurityAudit")]
    if account.closed:
        return []
    if not account.application:
        return given + _of_platform(account)
    group = APPLICATION_GROUPS[account.application]
    given += [("aws-auditors", "SecurityAudit"), (group, "ReadOnlyAccess")]
    if account.production:
        operators = f"{group}-operators"
        given.append((operators if operators in GROUPS else group, "ProductionOperator"))
    else:
        given.append((group, "PowerUserAccess"))
    if account.application == "lake":
        given.append((group, "DataEngineer"))
    if account.name == "portal-prod":
        given.append(("aws-support", "SupportTooling"))
    if account.name == "warehouse-prod":
        given.append(("Gunnar Falk", "AdministratorAccess"))
    return given


def _of_platform(account: Account) -> list[tuple[str, str]]:
    extra = {
        "halden-management": [("aws-finance", "Billing")],
        "network": [("aws-network", "NetworkAdministrator")],
        "shared-services": [("aws-platform-engineers", "PowerUserAccess")],
        "sandbox-platform": [("aws-platform-engineers", "AdministratorAccess")],
        "sandbox-data": [("aws-data", "AdministratorAccess")],
    }
    return extra.get(account.name, [])
