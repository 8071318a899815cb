"""What history left behind in particular accounts: where the deliberate weaknesses are.

``weaknesses`` explains each of them.
"""

from __future__ import annotations

from .documents import (
    Contents,
    Key,
    ManagedPolicy,
    Role,
    User,
    allow,
    aws,
    own,
    policy,
    statement,
    trust,
    trust_aws,
    trust_oidc,
    trust_service,
)
from .workloads import AUDIENCE, GITHUB, GITLAB, TERRAFORM

VENDOR_WITH_EXTERNAL_ID = "464622532012"
VENDOR_WITHOUT_EXTERNAL_ID = "730335184129"
DELETED_ROLE = "AROAVNQ2HALDEN4OLDBTCH"

ASSUME_ANYTHING = allow("sts:AssumeRole", "*")


LAKE_ACCESS = ManagedPolicy(
    "lake-access",
    allow(["s3:GetObject", "s3:ListBucket", "lakeformation:GetDataAccess"], "arn:aws:s3:::halden-lake-*"),
    "Curated zones of the data lake.",
)

SPENDLENS_POLICY = policy(
    statement("Allow", ["ce:*", "cur:*", "ec2:Describe*", "rds:Describe*", "iam:List*", "iam:Get*"]),
    statement("Allow", ["iam:PutRolePolicy", "iam:AttachRolePolicy"], "arn:aws:iam::<self>:role/spendlens-*"),
)

HISTORY = {
    "security-tooling": Contents(
        roles=(
            Role(
                "audit-runner",
                trust_service("codebuild"),
                inline={"assume": allow("sts:AssumeRole", "arn:aws:iam::*:role/security-audit")},
                days_ago=1500,
                used_days_ago=0,
            ),
            Role(
                "incident-response",
                trust_aws("arn:aws:iam::<self>:root", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
                aws("SecurityAudit"),
                {"contain": allow(["ec2:ModifyInstanceAttribute", "ec2:CreateSnapshot"])},
                days_ago=1000,
            ),
        )
    ),
    "log-archive": Contents(
        roles=(
            Role(
                "log-reader",
                trust_aws("arn:aws:iam::<security-tooling>:root"),
                inline={"read": allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::halden-org-trail*")},
                description="Trusts the whole security account, so that account decides who reads.",
                days_ago=2300,
            ),
        )
    ),
    "network": Contents(
        roles=(
            Role(
                "tgw-automation",
                trust_service("lambda"),
                inline={"routes": allow("ec2:*TransitGateway*")},
                days_ago=1800,
            ),
            Role(
                "dns-firewall-sync", trust_service("lambda"), inline={"sync": allow("route53resolver:*")}, days_ago=600
            ),
        )
    ),
    "shared-services": Contents(
        roles=(
            Role(
                "terraform-runner",
                trust_oidc(
                    TERRAFORM, "aws.workload.identity", "organization:halden:project:platform:workspace:*:run_phase:*"
                ),
                inline={"assume": allow("sts:AssumeRole", "arn:aws:iam::*:role/platform-admin")},
                path="/platform/",
                description="Terraform Cloud, for the platform project alone.",
                days_ago=1100,
                used_days_ago=1,
            ),
            Role(
                "gitlab-runner-deploy",
                trust_oidc(GITLAB, "https://gitlab.com", "project_path:halden-logistics/*:ref_type:branch:ref:main"),
                inline={"push": allow(["ecr:PutImage", "ecr:GetAuthorizationToken", "ecr:InitiateLayerUpload"])},
                days_ago=600,
            ),
            Role(
                "shared-artifacts-reader",
                trust("*", {"StringEquals": {"aws:PrincipalOrgID": "<organization>"}}),
                inline={"pull": allow(["ecr:BatchGetImage", "s3:GetObject"])},
                description="Anyone of the organization may pull artifacts.",
                days_ago=900,
            ),
            Role(
                "bi-server",
                trust_service("ec2"),
                inline={"assume": ASSUME_ANYTHING},
                instance_profile=True,
                days_ago=1300,
            ),
            Role(
                "image-builder",
                trust_service("codebuild"),
                aws("AmazonEC2ContainerRegistryPowerUser"),
                days_ago=1500,
                used_days_ago=2,
            ),
        ),
        users=(
            User(
                "ci-jenkins",
                managed=aws("AdministratorAccess"),
                keys=(Key(1840, 0), Key(2150, 1200)),
                days_ago=2150,
                tags={"owner": "unknown"},
            ),
            User(
                "svc-artifact-publisher",
                inline={"publish": allow(["s3:PutObject", "codeartifact:PublishPackageVersion"])},
                keys=(Key(95, 0),),
                days_ago=95,
            ),
        ),
        oidc={TERRAFORM: ("aws.workload.identity",), GITLAB: ("https://gitlab.com",)},
    ),
    "backup-vault": Contents(
        roles=(
            Role(
                "vault-copy",
                trust_service("backup"),
                aws("service-role/AWSBackupServiceRolePolicyForBackup"),
                days_ago=1000,
            ),
        )
    ),
    "payments-prod": Contents(
        roles=(
            Role(
                "payments-breakfix",
                trust_aws("arn:aws:iam::<payments-dev>:root", "arn:aws:iam::<self>:root"),
                aws("AdministratorAccess"),
                description="Repairs by the payments developers, agreed for one night in 2022.",
                days_ago=1480,
                used_days_ago=210,
            ),
            Role(
                "acquirer-settlement",
                trust_aws(
                    f"arn:aws:iam::{VENDOR_WITH_EXTERNAL_ID}:role/settlement-agent",
                    condition={"StringEquals": {"sts:ExternalId": "halden-4f1c"}},
                ),
                inline={"fetch": allow("s3:GetObject", "arn:aws:s3:::halden-payments-settlement-production/*")},
                days_ago=1200,
                used_days_ago=0,
            ),
        )
    ),
    "payments-dev": Contents(
        roles=(
            Role(
                "payments-integration-tests",
                trust_oidc(GITHUB, AUDIENCE, "repo:halden-logistics/*"),
                aws("PowerUserAccess"),
                {"assume": ASSUME_ANYTHING},
                days_ago=640,
                used_days_ago=0,
            ),
        ),
        users=(
            User("payments-load-generator", inline={"assume": ASSUME_ANYTHING}, keys=(Key(770, 33),), days_ago=770),
        ),
    ),
    "tracking-prod": Contents(
        roles=(
            Role(
                "github-release",
                trust_oidc(GITHUB, AUDIENCE, "repo:*"),
                aws("PowerUserAccess"),
                {"roles": allow(["iam:CreateRole", "iam:AttachRolePolicy", "iam:PassRole", "iam:PutRolePolicy"])},
                description="Releases of any repository. Of anyone's repository.",
                days_ago=830,
                used_days_ago=4,
            ),
            Role(
                "carrier-webhooks",
                trust_service("apigateway"),
                inline={
                    "invoke": allow("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:<self>:function:tracking-*")
                },
                days_ago=720,
            ),
        )
    ),
    "portal-prod": Contents(
        roles=(
            Role(
                "portal-breakfix",
                trust_aws("arn:aws:iam::<self>:root"),
                inline={"repair": policy(statement("Allow", ["ecs:*", "rds:*", "secretsmanager:GetSecretValue"]))},
                days_ago=900,
            ),
        )
    ),
    "data-platform-prod": Contents(
        roles=(
            Role(
                "spendlens-cost-optimizer",
                trust_aws(f"arn:aws:iam::{VENDOR_WITHOUT_EXTERNAL_ID}:root"),
                inline={"optimise": SPENDLENS_POLICY},
                description="Cost reports by a vendor.",
                days_ago=760,
                used_days_ago=0,
            ),
            Role(
                "glue-etl",
                trust_service("glue"),
                aws("service-role/AWSGlueServiceRole"),
                {"lake": policy(statement("Allow", "s3:*", "arn:aws:s3:::halden-lake-*"))},
                days_ago=1300,
                used_days_ago=0,
            ),
            Role("lake-administrator", trust_service("lambda"), aws("AdministratorAccess"), days_ago=1250),
        ),
        policies=(LAKE_ACCESS,),
    ),
    "data-platform-dev": Contents(policies=(LAKE_ACCESS,)),
    "warehouse-prod": Contents(
        roles=(
            Role(
                "legacy-batch",
                trust_aws(DELETED_ROLE, "arn:aws:iam::<shared-services>:role/image-builder"),
                inline={"run": allow(["batch:SubmitJob", "s3:GetObject"])},
                days_ago=1290,
            ),
            Role(
                "warehouse-controller",
                trust_service("ec2"),
                inline={
                    "manage": policy(
                        statement("Allow", ["ec2:*", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"]),
                    )
                },
                managed=own("warehouse-controller-access"),
                instance_profile=True,
                days_ago=1200,
                used_days_ago=0,
            ),
        ),
        policies=(
            ManagedPolicy(
                "warehouse-controller-access", allow(["autoscaling:*", "dynamodb:*"]), "Robots' control plane."
            ),
        ),
    ),
    "portal-staging": Contents(
        roles=(
            Role(
                "developer-self-service",
                trust_aws("arn:aws:iam::<self>:root"),
                inline={
                    "roles": policy(
                        statement(
                            "Allow", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PassRole"]
                        ),
                        statement("Deny", "iam:*", "arn:aws:iam::*:role/platform-admin"),
                    )
                },
                days_ago=500,
            ),
        )
    ),
    "sandbox-platform": Contents(
        users=(
            User("aoife-experiments", managed=aws("PowerUserAccess"), keys=(Key(180, 60),), console=True, days_ago=180),
        )
    ),
    "sandbox-data": Contents(
        roles=(
            Role(
                "public-dataset-reader",
                trust("*"),
                inline={"read": allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::halden-open-parcels*")},
                days_ago=290,
            ),
            Role(
                "notebook-execution",
                trust_service("sagemaker"),
                aws("AdministratorAccess"),
                days_ago=300,
                used_days_ago=12,
            ),
        )
    ),
}
"""What is particular to an account, by its name."""
