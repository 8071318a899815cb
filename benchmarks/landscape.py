"""A whole organization held in memory, made from a seed: accounts in a tree of units with control policies above them.

Its principals hold AWS's own policies, copies of the organization's templates, and policies that name the account.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from muniment.analysis.iam.estates.estate import Account, Estate, Level, Organization

from . import account as made
from .estate import aws_policy
from .filling import Filling, Making, Shape, template
from .roles import AWS_POLICIES
from .trust_policies import ORGANIZATION, account_id

UNITS = ("workloads-prod", "workloads-dev", "data", "security", "sandbox")
SUBUNITS = 4


def organization(shape: Shape, seed: int = 1) -> Estate:
    """The estate of that shape, the same for the same arguments."""
    making = Making(shape, Random(f"organization/{seed}"))
    attached = _control_policies(making)
    for number in range(shape.accounts):
        id_ = account_id(number)
        unit = UNITS[number % len(UNITS)]
        subunit = f"{unit}-{number // len(UNITS) % SUBUNITS}"
        nodes = ("r-root", f"ou-{unit}", f"ou-{subunit}", id_)
        making.accounts[id_] = Account(
            id_,
            organization=ORGANIZATION,
            path=f"{ORGANIZATION}/r-root/ou-{unit}/ou-{subunit}/",
            management=number == 0 and shape.accounts > 1,
            levels=tuple(Level(node, *attached(node, number)) for node in nodes),
        )
    for name in (*AWS_POLICIES, made.ADMINISTRATOR, "PowerUserAccess"):
        arn = made.aws_managed(name)
        making.attach(arn, aws_policy(arn)["PolicyVersionList"][0]["Document"])
    templates = [template(making.random, number) for number in range(shape.templates)]
    peers = [account_id(number) for number in range(shape.accounts)]
    for number in range(shape.accounts):
        Filling(making, number, templates, peers).fill()
    return Estate(
        making.accounts,
        {ORGANIZATION: Organization(ORGANIZATION, account_id(0) if shape.accounts > 1 else "")},
        making.users,
        making.roles,
        making.groups,
        making.policies,
        root_users={f"arn:aws:iam::{id_}:root": id_ for id_ in making.accounts},
    )


def _control_policies(making: Making) -> Callable[[str, int], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which SCPs and RCPs are attached to a node of the tree."""
    everything = made.policy_document(made.allow("*", "*"))
    making.attach("p-FullAWSAccess", everything)
    making.attach("p-RCPFullAWSAccess", made.policy_document(made.allow("*", "*", Principal="*")))
    rescue = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/OrganizationAccountAccessRole"}}
    making.attach("p-stay", made.policy_document(made.deny("organizations:LeaveOrganization")))
    making.attach(
        "p-no-root", made.policy_document(made.deny("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}))
    )
    making.attach(
        "p-guardrails",
        made.policy_document(
            made.deny(["cloudtrail:StopLogging", "config:DeleteConfigRule"], rescue),
            {**made.deny("iam:*", rescue), "Resource": "arn:aws:iam::*:role/security-*"},
            {**made.deny("sts:AssumeRole", rescue), "Resource": "arn:aws:iam::*:role/security-*"},
        ),
    )
    for unit in UNITS:
        regions = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", f"eu-{unit[-4:]}-1"]}}
        exempt = ["iam:*", "sts:*", "organizations:*", "route53:*", "support:*", "cloudfront:*"]
        deny = {"Effect": "Deny", "NotAction": exempt, "Resource": "*", "Condition": regions}
        making.attach(f"p-regions-{unit}", made.policy_document(deny))
    making.attach(
        "p-perimeter",
        made.policy_document(
            {
                **made.deny(["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:*"]),
                "Principal": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            }
        ),
    )

    def attached(node: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        resource = ("p-RCPFullAWSAccess",)
        if node == "r-root":
            return ("p-FullAWSAccess", "p-stay", "p-no-root"), (*resource, "p-perimeter")
        if node == f"ou-{UNITS[number % len(UNITS)]}":
            return ("p-FullAWSAccess", f"p-regions-{node.removeprefix('ou-')}"), resource
        if node.startswith("ou-"):
            return ("p-FullAWSAccess", "p-guardrails"), resource
        return ("p-FullAWSAccess",), resource

    return attached
