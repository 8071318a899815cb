"""Requests to simulate, as they are made in an organization: many principals, AWS's own policies and the customer's.

AWS's managed policies are the real ones, from moto; what a customer writes is made up here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from .account import COMPONENTS, TEAMS, Document

ORGANIZATION = "o-example123"
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")
ACCOUNTS = tuple(f"{number:012}" for number in range(210_000_000_000, 210_000_000_010))

WORKLOADS = """
AmazonAPIGatewayInvokeFullAccess AmazonDynamoDBFullAccess AmazonEC2ContainerRegistryReadOnly AmazonEKSClusterPolicy
AmazonEKSWorkerNodePolicy AmazonEKS_CNI_Policy AmazonECSTaskExecutionRolePolicy AmazonS3FullAccess
AmazonS3ReadOnlyAccess AmazonSNSFullAccess AmazonSQSFullAccess AmazonSSMManagedInstanceCore
AWSCodeBuildDeveloperAccess AWSKeyManagementServicePowerUser AWSLambdaBasicExecutionRole
AWSLambdaVPCAccessExecutionRole AWSStepFunctionsFullAccess AWSXRayDaemonWriteAccess CloudWatchAgentServerPolicy
CloudWatchLogsFullAccess CloudWatchReadOnlyAccess SecretsManagerReadWrite
"""
"""What roles of software are given."""

PEOPLE = (
    "PowerUserAccess",
    "AmazonEC2FullAccess",
    "AmazonRDSFullAccess",
    "DatabaseAdministrator",
    "NetworkAdministrator",
)
AUDITORS = ("ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess")

MANAGED: dict[str, Document] = {
    name: policy["Document"] for name, policy in json.loads(aws_managed_policies_data).items()
}

RESOURCES = {
    "s3": "arn:aws:s3:::{team}-{component}/2026/{n}.json",
    "sqs": "arn:aws:sqs:{region}:{account}:{team}-{component}",
    "sns": "arn:aws:sns:{region}:{account}:{team}-{component}",
    "kms": "arn:aws:kms:{region}:{account}:key/1234abcd-12ab-34cd-56ef-{n:012}",
    "secretsmanager": "arn:aws:secretsmanager:{region}:{account}:secret:{team}/{component}-AbC123",
    "dynamodb": "arn:aws:dynamodb:{region}:{account}:table/{team}-{component}",
    "iam": "arn:aws:iam::{account}:role/{team}/{component}",
    "lambda": "arn:aws:lambda:{region}:{account}:function:{team}-{component}",
    "logs": "arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{team}-{component}:*",
    "ec2": "arn:aws:ec2:{region}:{account}:instance/i-{n:017x}",
}
"""An ARN of each service that is asked about by name; of others, ``OTHER``."""

OTHER = "arn:aws:{service}:{region}:{account}:{team}/{component}-{n}"

WITH_POLICIES = ("s3", "sqs", "sns", "kms", "secretsmanager")


def requests(count: int, principals: int = 1_000, seed: int = 3) -> Iterator[Document]:
    """As many requests, of as many principals, none of whose policies is the same object as another's."""
    random = Random(seed)
    callers = [_caller(random, number) for number in range(principals)]
    actions = sorted({action for caller in callers for action in caller["actions"]})
    for number in range(count):
        caller = random.choice(callers)
        action = random.choice(caller["actions"] if caller["actions"] and random.random() < 0.75 else actions)
        yield json.loads(json.dumps(_request(random, number, caller, action)))


def distinct(asked: list[Document]) -> list[Document]:
    """The requests again, every statement of every policy with a name of its own, so that no two are the same."""
    numbered = 0

    def renamed(value: Any) -> Any:
        nonlocal numbered
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if not isinstance(value, dict):
            return value
        made = {name: renamed(item) for name, item in value.items()}
        if "Effect" in made:
            numbered += 1
            made["Sid"] = f"Statement{numbered}"
        return made

    return [renamed(request) for request in asked]


def _caller(random: Random, number: int) -> Document:
    account, team, component = random.choice(ACCOUNTS), random.choice(TEAMS), random.choice(COMPONENTS)
    sort = random.choices(("workload", "person", "auditor", "administrator"), (80, 15, 3, 2))[0]
    names = {
        "workload": random.sample(WORKLOADS.split(), random.choice((1, 1, 2, 3))),
        "person": [random.choice(PEOPLE)],
        "auditor": [random.choice(AUDITORS)],
        "administrator": ["AdministratorAccess"],
    }[sort]
    policies = [MANAGED[name] for name in names]
    if sort == "workload":
        policies.append(_of_workload(account, team, component))
    if sort == "person":
        policies.append(_of_oneself())
    user = sort == "person" and random.random() < 0.5
    arn = (
        f"arn:aws:iam::{account}:user/{team}-{number}"
        if user
        else f"arn:aws:sts::{account}:assumed-role/{team}-{component}/{number}"
    )
    return {
        "arn": arn,
        "account": account,
        "team": team,
        "component": component,
        "user": f"{team}-{number}" if user else None,
        "policies": policies,
        "boundary": [_boundary(account)] if sort == "workload" and random.random() < 0.4 else None,
        "actions": sorted({action for policy in policies for action in _literal_actions(policy)}),
    }


def _request(random: Random, number: int, caller: Document, action: str) -> Document:
    service = action.partition(":")[0]
    own = random.random() < 0.8
    names = {
        "service": service,
        "region": random.choice(REGIONS),
        "account": caller["account"] if own else random.choice(ACCOUNTS),
        "team": caller["team"] if own else random.choice(TEAMS),
        "component": caller["component"] if own else random.choice(COMPONENTS),
        "n": random.randrange(1_000_000),
    }
    context = {
        "aws:PrincipalArn": caller["arn"].replace(":sts:", ":iam:").replace(":assumed-role/", ":role/"),
        "aws:PrincipalAccount": caller["account"],
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalTag/team": caller["team"],
        "aws:ResourceTag/team": names["team"],
        "aws:RequestedRegion": names["region"],
        "aws:SecureTransport": random.random() < 0.98,
        "aws:SourceIp": f"10.{random.randrange(256)}.{random.randrange(256)}.7",
        "aws:MultiFactorAuthPresent": random.random() < 0.5,
        "aws:CurrentTime": "2026-11-24T10:00:00Z",
    }
    if caller["user"]:
        context["aws:username"] = caller["user"]
    return {
        "id": number,
        "principal": caller["arn"],
        "action": action,
        "resource": RESOURCES.get(service, OTHER).format(**names),
        "resource_account": names["account"],
        "context": context,
        "identity_policies": caller["policies"],
        "permission_boundaries": caller["boundary"],
        "resource_policy": _of_resource(names) if service in WITH_POLICIES else None,
        "service_control_policies": [[FULL_ACCESS], [FULL_ACCESS, REGIONS_ONLY], [FULL_ACCESS, PROTECTED]],
        "resource_control_policies": [[RCP_FULL_ACCESS, OWN_ORGANIZATION]],
    }


def _literal_actions(policy: Document) -> Iterator[str]:
    statements = policy["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        found = statement.get("Action", [])
        yield from (action for action in ([found] if isinstance(found, str) else found) if "*" not in action)


def _policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


FULL_ACCESS = _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
RCP_FULL_ACCESS = _policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
REGIONS_ONLY = _policy(
    {
        "Sid": "RegionsInUse",
        "Effect": "Deny",
        "NotAction": [
            "iam:*",
            "organizations:*",
            "route53:*",
            "cloudfront:*",
            "sts:*",
            "support:*",
            "kms:*",
            "s3:Get*",
        ],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
            "ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/platform-*", "arn:aws:iam::*:role/break-glass"]},
        },
    }
)
PROTECTED = _policy(
    {"Sid": "Stay", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},
    {
        "Sid": "KeepTrails",
        "Effect": "Deny",
        "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "config:Delete*", "guardduty:Delete*"],
        "Resource": "*",
    },
    {
        "Sid": "NoRootUser",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    },
)
OWN_ORGANIZATION = _policy(
    {
        "Sid": "OwnOrganization",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:AssumeRole"],
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }
)


def _of_workload(account: str, team: str, component: str) -> Document:
    name = f"{team}-{component}"
    return _policy(
        {
            "Sid": "Data",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"],
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "true"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        },
        {
            "Sid": "Queues",
            "Effect": "Allow",
            "Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sns:Publish"],
            "Resource": [f"arn:aws:sqs:*:{account}:{name}*", f"arn:aws:sns:*:{account}:{team}-*"],
        },
        {
            "Sid": "OfTheTeam",
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "kms:Decrypt", "dynamodb:*Item", "dynamodb:Query"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        },
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{account}:role/{team}/*"},
    )


def _of_oneself() -> Document:
    return _policy(
        {
            "Sid": "OwnCredentials",
            "Effect": "Allow",
            "Action": ["iam:ChangePassword", "iam:*AccessKey*", "iam:GetUser", "iam:*MFADevice*"],
            "Resource": ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:mfa/${aws:username}"],
        },
        {
            "Sid": "OnlyWithMFA",
            "Effect": "Deny",
            "NotAction": ["iam:ChangePassword", "iam:GetUser", "iam:*MFADevice*", "sts:GetSessionToken"],
            "Resource": "*",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        },
    )


def _boundary(account: str) -> Document:
    return _policy(
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["iam:PassRole", "iam:Get*", "iam:List*"],
            "Resource": f"arn:aws:iam::{account}:role/*",
        },
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": ["arn:aws:s3:::*terraform-state*", f"arn:aws:dynamodb:*:{account}:table/terraform-state*"],
        },
    )


def _of_resource(names: dict[str, Any]) -> Document:
    return _policy(
        {
            "Sid": "OnlyTLS",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{names['account']}:root"},
            "Action": f"{names['service']}:*",
            "Resource": "*",
        },
        {
            "Sid": "Team",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [f"{names['service']}:Get*", f"{names['service']}:List*", f"{names['service']}:Describe*"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION, "aws:PrincipalTag/team": names["team"]},
            },
        },
    )
