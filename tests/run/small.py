"""A small organization on the emulated cloud: a management account and two members with a few principals each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..ingest.cloud import MANAGEMENT, Cloud

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Small:
    """What was built: the ids of the accounts."""

    cloud: Cloud
    production: str
    development: str

    @property
    def accounts(self) -> tuple[str, ...]:
        return (MANAGEMENT, self.production, self.development)


def build(cloud: Cloud) -> Small:
    """The organization: production has an administrator's role that development's account is trusted with."""
    organizations = cloud.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    production, development = (
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        for name in ("production", "development")
    )
    trusted = {"AWS": f"arn:aws:iam::{development}:root"}
    add_role(cloud, production, "prod-admin", trusted, ADMINISTRATOR)
    add_role(cloud, production, "service", {"Service": "lambda.amazonaws.com"})
    add_role(cloud, development, "developer", {"AWS": f"arn:aws:iam::{development}:root"}, may="sts:AssumeRole")
    cloud.client("iam", development).create_user(UserName="someone")
    return Small(cloud, production, development)


def add_role(cloud: Cloud, account: str, name: str, trusted: Any, managed: str = "", may: str = "") -> None:
    """One role, with a managed policy or one inline action on everything."""
    iam = cloud.client("iam", account)
    trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    if managed:
        iam.create_policy(
            PolicyName="all",
            PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            ),
        )
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::{account}:policy/all")
    if may:
        allowed = {"Effect": "Allow", "Action": may, "Resource": "*"}
        iam.put_role_policy(
            RoleName=name,
            PolicyName="may",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )
