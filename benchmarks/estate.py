"""An account's IAM as GetAccountAuthorizationDetails gives it, in the proportions of an account that people work in.

Everything follows from a seed. Most roles are for services, pipelines and other accounts; a handful of principals
administer the account, some of them by way of a policy that does not say so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random

from moto.iam.aws_managed_policies import aws_managed_policies_data

from .account import (
    ADMINISTRATOR,
    COMPONENTS,
    MADE,
    TEAMS,
    Account,
    Document,
    Size,
    allow,
    attachments,
    aws_managed,
    permissions,
    policy_document,
)
from .roles import ROLE_MAKERS, add_administrators


def account_details(account: str, size: Size, *, peers: Sequence[str] = (), seed: int = 1) -> Document:
    """One account's authorization details, the same for the same arguments."""
    made = Account(account, peers, Random(f"{seed}/{account}"))
    for number in range(size.policies):
        _add_policy(made, number)
    _add_groups(made)
    for number in range(size.users):
        _add_user(made, number)
    add_administrators(made)
    weights, makers = zip(*ROLE_MAKERS, strict=True)
    while len(made.roles) < size.roles:
        made.random.choices(makers, weights)[0](made)
    return _details(made)


def _details(account: Account) -> Document:
    """The account as GetAccountAuthorizationDetails prints it, with the AWS managed policies that are attached."""
    attached = {
        policy["PolicyArn"]: policy["PolicyName"]
        for holder in (*account.roles, *account.users, *account.groups)
        for policy in holder["AttachedManagedPolicies"]
    }
    aws = [aws_policy(arn) for arn in sorted(attached) if arn.startswith("arn:aws:iam::aws:")]
    return {
        "UserDetailList": account.users,
        "GroupDetailList": account.groups,
        "RoleDetailList": account.roles,
        "Policies": [*account.policies, *aws],
        "IsTruncated": False,
    }


@cache
def _published() -> dict[str, Document]:
    """AWS managed policies by ARN, as AWS published them."""
    by_name: dict[str, Document] = json.loads(aws_managed_policies_data)
    return {aws_managed(f"{data['Path'][1:]}{name}"): data for name, data in by_name.items()}


def aws_policy(arn: str) -> Document:
    """An AWS managed policy as GetAccountAuthorizationDetails lists it, with its published document."""
    data = _published()[arn]
    version = {"Document": data["Document"], "VersionId": data["DefaultVersionId"], "IsDefaultVersion": True}
    return {
        "PolicyName": arn.rpartition("/")[2],
        "PolicyId": "ANPA" + arn.rpartition("/")[2].upper()[:17].ljust(17, "A"),
        "Arn": arn,
        "Path": data["Path"],
        "DefaultVersionId": data["DefaultVersionId"],
        "AttachmentCount": 1,
        "IsAttachable": True,
        "CreateDate": data["CreateDate"],
        "UpdateDate": data["UpdateDate"],
        "PolicyVersionList": [{**version, "CreateDate": data["UpdateDate"]}],
    }


def _add_policy(account: Account, number: int) -> None:
    """A customer managed policy; the first is the boundary of teams, the second grants IAM without saying admin."""
    subject = f"{TEAMS[number % len(TEAMS)]}-{COMPONENTS[number // len(TEAMS) % len(COMPONENTS)]}"
    name, path, document = f"{subject}-access-{number}", "/", permissions(account, subject)
    if number == 0:
        name, path = "team-boundary", "/boundaries/"
        document = policy_document(
            allow("*", "*"), {"Effect": "Deny", "NotAction": ["s3:*", "sts:*", "sqs:*", "logs:*"], "Resource": "*"}
        )
    elif number == 1:
        name, document = "legacy-automation", policy_document(allow(["iam:AttachRolePolicy", "iam:PassRole"], "*"))
    version = {"Document": document, "VersionId": "v3", "IsDefaultVersion": True, "CreateDate": MADE}
    account.policies.append(
        {
            "PolicyName": name,
            "PolicyId": account.unique_id("ANPA"),
            "Arn": account.arn(f"policy{path}{name}"),
            "Path": path,
            "DefaultVersionId": "v3",
            "AttachmentCount": 1,
            "IsAttachable": True,
            "CreateDate": MADE,
            "UpdateDate": MADE,
            "PolicyVersionList": [version],
        }
    )


def _add_groups(account: Account) -> None:
    for name in (*TEAMS, "administrators", "auditors"):
        attached = {"administrators": [aws_managed(ADMINISTRATOR)], "auditors": [aws_managed("SecurityAudit")]}.get(
            name, []
        )
        assume = allow("sts:AssumeRole", account.arn(f"role/{name}-*"))
        inline = [] if attached else [{"PolicyName": "assume-own-roles", "PolicyDocument": policy_document(assume)}]
        account.groups.append(
            {
                "Path": "/",
                "GroupName": name,
                "GroupId": account.unique_id("AGPA"),
                "Arn": account.arn(f"group/{name}"),
                "CreateDate": MADE,
                "GroupPolicyList": inline,
                "AttachedManagedPolicies": attachments(*attached),
            }
        )


def _add_user(account: Account, number: int) -> None:
    random = account.random
    team = random.choice(TEAMS)
    name = f"{team}.person{number}" if number % 3 else f"svc-{team}-{number}"
    groups = [team] if number % 3 else []
    groups += ["administrators"] if number in (1, 2, 4) else []
    inline = [{"PolicyName": "own", "PolicyDocument": permissions(account, team)}] if not number % 3 else []
    account.users.append(
        {
            "Path": "/",
            "UserName": name,
            "UserId": account.unique_id("AIDA"),
            "Arn": account.arn(f"user/{name}"),
            "CreateDate": MADE,
            "UserPolicyList": inline,
            "GroupList": groups,
            "AttachedManagedPolicies": attachments(
                *([random.choice(account.policies[2:])["Arn"]] if not number % 5 else [])
            ),
            "Tags": [{"Key": "team", "Value": team}],
        }
    )
