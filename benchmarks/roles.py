"""The sorts of role that an account that people work in holds, and in what proportions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .account import (
    ADMINISTRATOR,
    COMPONENTS,
    MADE,
    TEAMS,
    Account,
    Document,
    allow,
    attachments,
    aws_managed,
    permissions,
    policy_document,
)

STAGES = ("prod", "prod", "staging", "dev", "test")


SERVICES = (
    "lambda",
    "lambda",
    "lambda",
    "ec2",
    "ec2",
    "ecs-tasks",
    "ecs-tasks",
    "codebuild",
    "states",
    "events",
    "firehose",
    "glue",
    "apigateway",
    "vpc-flow-logs",
    "backup",
    "ssm",
    "rds",
    "monitoring.rds",
)


AWS_POLICIES = (
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "AmazonS3ReadOnlyAccess",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AmazonEC2ContainerRegistryReadOnly",
    "service-role/AWSGlueServiceRole",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonSQSFullAccess",
    "CloudWatchReadOnlyAccess",
    "ReadOnlyAccess",
    "job-function/ViewOnlyAccess",
    "SecurityAudit",
    "AWSXRayDaemonWriteAccess",
    "AmazonSNSFullAccess",
    "AmazonKinesisFullAccess",
    "AmazonRDSReadOnlyAccess",
)


def add_administrators(account: Account) -> None:
    """The handful: an organization's own role, break-glass, a pipeline, single sign-on, and two that do not look it."""
    everything = policy_document(allow("*", "*"))
    management = account.peers[0] if account.peers else account.id
    sso = _trust(
        {"Federated": account.arn("saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")},
        "sts:AssumeRoleWithSAML",
        {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    )
    root = {"AWS": account.arn("root")}
    by_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    admin = [aws_managed(ADMINISTRATOR)]
    _add_role(
        account, "OrganizationAccountAccessRole", _trust({"AWS": f"arn:aws:iam::{management}:root"}), attached=admin
    )
    _add_role(account, "break-glass-prod-admin", _trust(root, condition=by_mfa), attached=admin)
    _add_role(
        account,
        "AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071",
        sso,
        attached=admin,
        path="/aws-reserved/sso.amazonaws.com/eu-west-1/",
    )
    _add_role(
        account,
        "terraform-prod-admin",
        _github(account, "repo:example/infrastructure:ref:refs/heads/main"),
        inline=everything,
    )
    _add_role(
        account, "legacy-deployer", _trust({"Service": "ec2.amazonaws.com"}), attached=[account.policies[1]["Arn"]]
    )
    _add_role(account, "data-lake-runner", _trust(root), inline=policy_document(allow("iam:*", "*")))


def _trust(principal: Any, action: str = "sts:AssumeRole", condition: Document | None = None) -> Document:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return policy_document(statement | ({"Condition": condition} if condition else {}))


def _github(account: Account, subject: str) -> Document:
    host = "token.actions.githubusercontent.com"
    condition = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com"}, "StringLike": {f"{host}:sub": subject}}
    return _trust({"Federated": account.arn(f"oidc-provider/{host}")}, "sts:AssumeRoleWithWebIdentity", condition)


def _add_role(
    account: Account,
    name: str,
    trust: Document,
    *,
    path: str = "/",
    attached: Sequence[str] = (),
    inline: Document | None = None,
    bounded: bool = False,
    team: str = "",
) -> Document:
    role: Document = {
        "Path": path,
        "RoleName": name,
        "RoleId": account.unique_id("AROA"),
        "Arn": account.arn(f"role{path}{name}"),
        "CreateDate": MADE,
        "AssumeRolePolicyDocument": trust,
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": inline}] if inline else [],
        "AttachedManagedPolicies": attachments(*attached),
        "Tags": [{"Key": "team", "Value": team}, {"Key": "environment", "Value": name.split("-")[-2]}] if team else [],
        "RoleLastUsed": {},
    }
    if bounded:
        boundary = account.policies[0]["Arn"]
        role["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}
    account.roles.append(role)
    return role


def _component(account: Account, purpose: str) -> tuple[str, str]:
    """A team, and a role's name that no other role has."""
    random = account.random
    team = random.choice(TEAMS)
    return team, f"{team}-{random.choice(COMPONENTS)}-{purpose}-{random.choice(STAGES)}-{len(account.roles)}"


def _service_role(account: Account) -> None:
    random = account.random
    service = random.choice(SERVICES)
    team, name = _component(account, service.partition(".")[0])
    role = _add_role(
        account,
        name,
        _trust({"Service": f"{service}.amazonaws.com"}),
        team=team,
        bounded=random.random() < 0.2,
        attached=[aws_managed(policy) for policy in random.sample(AWS_POLICIES, random.choice((0, 1, 1, 2)))],
        inline=permissions(account, name) if random.random() < 0.7 else None,
    )
    if service == "ec2":
        profile = {
            "Path": "/",
            "InstanceProfileName": name,
            "InstanceProfileId": account.unique_id("AIPA"),
            "Arn": account.arn(f"instance-profile/{name}"),
            "CreateDate": MADE,
        }
        short = {
            key: role[key] for key in ("Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument")
        }
        role["InstanceProfileList"] = [{**profile, "Roles": [short]}]


def _service_linked_role(account: Account) -> None:
    service = f"{account.random.choice(COMPONENTS)}{len(account.roles)}.amazonaws.com"
    _add_role(
        account,
        f"AWSServiceRoleFor{len(account.roles)}",
        _trust({"Service": service}),
        path=f"/aws-service-role/{service}/",
        attached=[aws_managed(account.random.choice(AWS_POLICIES))],
    )


def _cross_account_role(account: Account) -> None:
    """For the whole of another account: a vendor with an external id, or one of the organization."""
    random = account.random
    team, name = _component(account, "partner")
    condition = random.choice(
        (
            {"StringEquals": {"sts:ExternalId": f"{random.getrandbits(64):016x}"}},
            {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{team}-*"}},
            None,
        )
    )
    vendor = f"{random.randrange(100000000000, 999999999999)}" if random.random() < 0.2 else account.peer()
    _add_role(
        account,
        name,
        _trust({"AWS": f"arn:aws:iam::{vendor}:root"}, condition=condition),
        team=team,
        inline=permissions(account, name),
    )


def _chained_role(account: Account) -> None:
    """For roles and users that exist, for ones of other accounts, and now and then for one that is gone."""
    random = account.random
    team, name = _component(account, "app")
    trusted = [random.choice(account.roles)["Arn"] for _ in range(random.choice((1, 1, 2, 3)))]
    if account.users and random.random() < 0.2:
        trusted.append(random.choice(account.users)["Arn"])
    if random.random() < 0.1:
        trusted.append(account.unique_id(random.choice(("AROA", "AIDA"))))
    if random.random() < 0.2:
        trusted.append(f"arn:aws:iam::{account.peer()}:role/{random.choice(TEAMS)}-pipeline")
    _add_role(
        account,
        name,
        _trust({"AWS": trusted if len(trusted) > 1 else trusted[0]}),
        team=team,
        bounded=random.random() < 0.1,
        attached=[random.choice(account.policies[2:])["Arn"]],
        inline=permissions(account, name) if random.random() < 0.5 else None,
    )


def _pipeline_role(account: Account) -> None:
    team, name = _component(account, "pipeline")
    subject = account.random.choice((f"repo:example/{team}:*", f"repo:example/{team}:environment:prod"))
    _add_role(
        account,
        name,
        _github(account, subject),
        team=team,
        bounded=account.random.random() < 0.5,
        attached=[account.random.choice(account.policies[2:])["Arn"]],
        inline=permissions(account, name),
    )


def _workload_role(account: Account) -> None:
    """A service account of a Kubernetes cluster."""
    team, name = _component(account, "irsa")
    host = f"oidc.eks.eu-west-1.amazonaws.com/id/{account.random.choice('ABC') * 32}"
    condition = {
        "StringEquals": {f"{host}:sub": f"system:serviceaccount:{team}:{name}", f"{host}:aud": "sts.amazonaws.com"}
    }
    provider = {"Federated": account.arn(f"oidc-provider/{host}")}
    _add_role(
        account,
        name,
        _trust(provider, "sts:AssumeRoleWithWebIdentity", condition),
        team=team,
        inline=permissions(account, name),
    )


def _people_role(account: Account) -> None:
    """For whoever of the account itself may, with a second factor."""
    team, name = _component(account, "people")
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}} if account.random.random() < 0.7 else None
    _add_role(
        account,
        name,
        _trust({"AWS": account.arn("root")}, condition=condition),
        team=team,
        attached=[aws_managed(account.random.choice(AWS_POLICIES))],
    )


ROLE_MAKERS: tuple[tuple[int, Callable[[Account], None]], ...] = (
    (40, _service_role),
    (4, _service_linked_role),
    (12, _cross_account_role),
    (16, _chained_role),
    (10, _pipeline_role),
    (11, _workload_role),
    (7, _people_role),
)
"""How many of a hundred roles are of which sort."""
