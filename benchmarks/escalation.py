"""All techniques of escalation over an organization of 20,000 principals, in process, without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from muniment.analysis.escalation.escalations import Escalations
from muniment.analysis.escalation.surroundings import TEMPLATES, Compute, Surroundings
from muniment.analysis.escalation.technique import techniques
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind
from muniment.analysis.iam.policies.statements import Document, Policy
from muniment.schema import Edge, Node

from .account import Size
from .estate import account_details
from .measure import Figure

ACCOUNTS = 10
SIZE = Size(roles=1_800, users=200, policies=60)
COMPUTE = 20
"""Things of every kind in each account, each running as a role that its service may assume."""
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1")


def figures() -> Iterator[Figure]:
    """Work out CAN_ESCALATE_TO for everyone."""
    estate = made_estate(ACCOUNTS, SIZE)
    surroundings = _surroundings(estate)
    started = time.perf_counter()
    facts = list(Escalations(estate, surroundings).facts())
    seconds = time.perf_counter() - started
    edges = [fact for fact in facts if isinstance(fact, Edge) and fact.type == "CAN_ESCALATE_TO"]
    yield Figure("principals", len(estate.users) + len(estate.roles), "")
    yield Figure("compute", len(surroundings.compute), "")
    yield Figure("relationships", len(edges), "")
    yield Figure("sets of principals", sum(isinstance(fact, Node) for fact in facts), "")
    yield Figure("techniques that are open to someone", len({edge.key for edge in edges}), "")
    yield Figure(f"all {len(techniques())} techniques", seconds, "s", 60)


def made_estate(accounts: int, size: Size) -> Estate:
    """The accounts as an estate. Equal documents are one, as in an estate read from the graph."""
    ids = tuple(f"{number:012}" for number in range(110_000_000_000, 110_000_000_000 + accounts))
    documents: dict[str, Document] = {}
    estate = Estate({id_: Account(id_) for id_ in ids}, {}, {}, {}, {}, {})
    for id_ in ids:
        _add(estate, id_, account_details(id_, size, peers=tuple(other for other in ids if other != id_)), documents)
    _empower(estate, documents)
    return estate


def _empower(estate: Estate, documents: dict[str, Document]) -> None:
    """Let every twentieth principal build, pass roles or manage IAM: as many of them differ as a dozen teams do."""
    policies: Any = estate.policies
    for holders in (estate.users, estate.roles):
        for number, (arn, holder) in enumerate(list(holders.items())):
            if number % 20 == 0 and not holder.service_linked:
                raw = {"Version": "2012-10-17", "Statement": _powers(number // 20)}
                id_ = f"{arn}/inline-policy/powers"
                policies[id_] = Policy(id_, documents.setdefault(repr(raw), Document.parse(raw)))
                into: Any = holders
                into[arn] = replace(holder, policies=(*holder.policies, id_))


def _powers(number: int) -> list[dict[str, Any]]:
    team = f"team{number % TEAMS}"
    roles = ("*", f"arn:aws:iam::*:role/{team}-*", "arn:aws:iam::*:role/app/*")[number % 3]
    services = ("lambda:*", "ec2:*", "ecs:*", "glue:*", "codebuild:*", "cloudformation:*", "sagemaker:*", "ssm:*")
    runs = list(services[: 2 + number % 7])
    mine = [f"arn:aws:{action.removesuffix(':*')}:*:*:*{team}*" for action in runs]
    manages = ("iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion")
    return [
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": roles},
        {"Effect": "Allow", "Action": runs, "Resource": "*" if number % 2 else mine},
        {"Effect": "Allow", "Action": manages[number % 4], "Resource": f"arn:aws:iam::*:*/{team}*"},
        {"Effect": "Deny", "Action": "lambda:*", "Resource": f"arn:aws:lambda:*:*:function:{team}-prod-*"},
    ]


TEAMS = 12


def _add(estate: Estate, account: str, details: Any, documents: dict[str, Document]) -> None:
    def policy(id_: str, raw: Any) -> Policy:
        return Policy(id_, documents.setdefault(repr(raw), Document.parse(raw)))

    policies: Any = estate.policies
    for one in details["Policies"]:
        policies[one["Arn"]] = policy(one["Arn"], one["PolicyVersionList"][0]["Document"])

    def held(holder: Any, inline: str) -> tuple[str, ...]:
        own = {f"{holder['Arn']}/inline-policy/{one['PolicyName']}": one for one in holder.get(inline, ())}
        policies.update({id_: policy(id_, one["PolicyDocument"]) for id_, one in own.items()})
        return (*(one["PolicyArn"] for one in holder["AttachedManagedPolicies"]), *own)

    def identity(holder: Any, kind: IdentityKind, groups: tuple[str, ...] = ()) -> Identity:
        trust = holder.get("AssumeRolePolicyDocument")
        return Identity(
            holder["Arn"],
            kind,
            account,
            None,
            held(holder, f"{kind}PolicyList"),
            groups,
            holder.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            {tag["Key"]: tag["Value"] for tag in holder.get("Tags", ())},
            "/aws-service-role/" in holder["Arn"],
            policy(f"{holder['Arn']}#trust", trust) if trust else None,
        )

    groups: Any = estate.groups
    groups.update({group["Arn"]: held(group, "GroupPolicyList") for group in details["GroupDetailList"]})
    named = {group["GroupName"]: group["Arn"] for group in details["GroupDetailList"]}
    users: Any = estate.users
    for one in details["UserDetailList"]:
        users[one["Arn"]] = identity(one, IdentityKind.USER, tuple(named[name] for name in one["GroupList"]))
    roles: Any = estate.roles
    roles.update({one["Arn"]: identity(one, IdentityKind.ROLE) for one in details["RoleDetailList"]})


def _surroundings(estate: Estate) -> Surroundings:
    """Compute of every kind in each account, and users of whom some have passwords and keys."""
    random = Random("escalation")
    compute = [
        Compute(
            _arn(template, account, number), kind, account, REGIONS[number % len(REGIONS)], (role,), {}, None, READY
        )
        for account in estate.accounts
        for roles in [[role.arn for role in estate.roles.values() if role.account == account]]
        for kind, template in TEMPLATES.items()
        for number in range(COMPUTE)
        for role in [random.choice(roles)]
    ]
    return Surroundings(
        tuple(compute),
        {(kind, account): None for kind in TEMPLATES for account in estate.accounts},
        {user: random.randrange(3) for user in estate.users},
        {user: random.random() < 0.7 for user in estate.users},
        frozenset(role for role in estate.roles if random.random() < 0.5),
    )


READY = {"ssm_managed": True, "enable_execute_command": True, "batch_builds": True, "self_managed": True}


def _arn(template: str, account: str, number: int) -> str:
    filled = template.replace("{partition}", "aws").replace("{region}", REGIONS[number % len(REGIONS)])
    return filled.replace("{account}", account).replace("{any}", f"n{number}")
