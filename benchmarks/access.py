"""Who has access to which of 5,000 resources, of 20,000 principals, in process, without a database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from resource import RUSAGE_SELF, getrusage

from muniment.analysis.access.accesses import Accesses
from muniment.analysis.iam.estates.estate import Estate
from muniment.analysis.iam.evaluation.resources import Resource
from muniment.analysis.iam.policies.statements import Policy
from muniment.schema import Edge

from .account import COMPONENTS, TEAMS, Document, allow, policy_document
from .escalation import ACCOUNTS, SIZE, made_estate
from .measure import Figure

REGION = "eu-west-1"
KINDS = {
    "BackupVault": ("backup:{place}:backup-vault:{name}", 5),
    "Bucket": ("s3:::{name}-{account}", 100),
    "KmsKey": ("kms:{place}:key/{name}", 50),
    "LambdaFunction": ("lambda:{place}:function:{name}", 60),
    "Parameter": ("ssm:{place}:parameter/{name}/url", 80),
    "Queue": ("sqs:{place}:{name}", 50),
    "Repository": ("ecr:{place}:repository/{name}", 10),
    "Secret": ("secretsmanager:{place}:secret:{name}/db-a1b2c3", 60),
    "Snapshot": ("ec2:{region}::snapshot/{name}", 25),
    "Table": ("dynamodb:{place}:table/{name}", 40),
    "Topic": ("sns:{place}:{name}", 20),
}
"""What the ARNs of each kind look like, and how many an account has: 500 in all."""


def figures() -> Iterator[Figure]:
    """Work out HAS_ACCESS, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield from pool.submit(_measure).result()


def _measure() -> list[Figure]:
    estate = made_estate(ACCOUNTS, SIZE)
    resources = {one.arn: one for account in estate.accounts for one in _resources(estate, account)}
    before = getrusage(RUSAGE_SELF).ru_maxrss / 1000
    started = time.process_time()
    edges = sets = members = 0
    for fact in Accesses(replace(estate, resources=resources)).facts():
        edges += isinstance(fact, Edge) and fact.type == "HAS_ACCESS"
        members += isinstance(fact, Edge) and fact.type != "HAS_ACCESS"
        sets += not isinstance(fact, Edge)
    seconds = time.process_time() - started
    return [
        Figure("principals", len(estate.users) + len(estate.roles), ""),
        Figure("resources", len(resources), ""),
        Figure("HAS_ACCESS", edges, ""),
        Figure("sets, and principals that only policies name", sets, ""),
        Figure("members of sets", members, ""),
        Figure("working it out, processor time", seconds, "s", 60),
        Figure("memory, without the estate", getrusage(RUSAGE_SELF).ru_maxrss / 1000 - before, "MB", 500),
    ]


def _resources(estate: Estate, account: str) -> Iterator[Resource]:
    """What an account holds, half of it with a policy: of its own, of other accounts, of services."""
    random = Random(f"access/{account}")
    peers = [other for other in estate.accounts if other != account]
    roles = [arn for arn, role in estate.roles.items() if role.account == account]
    for kind, (template, count) in KINDS.items():
        for number in range(count):
            name = f"{random.choice(TEAMS)}-{random.choice(COMPONENTS)}-{number}"
            place = f"{REGION}:{account}"
            arn = "arn:aws:" + template.format(place=place, region=REGION, account=account, name=name)
            document = _policy(random, kind, arn, account, random.choice(roles), random.choice(peers))
            policy = Policy.parse(document, f"{arn}#policy") if document else None
            tags = {"team": name.partition("-")[0]} if random.random() < 0.5 else {}
            yield Resource(arn, kind, account, "" if kind == "Bucket" else REGION, policy, tags=tags)


def _policy(random: Random, kind: str, arn: str, account: str, role: str, peer: str) -> Document | None:
    if kind == "KmsKey":
        root = _let("kms:*", {"AWS": f"arn:aws:iam::{account}:root"}, "*")
        used = _let(["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"], {"AWS": role}, "*")
        return policy_document(root, used) if random.random() < 0.4 else policy_document(root)
    if kind not in SERVICES or random.random() < 0.4:
        return None
    actions, service = SERVICES[kind]
    resource = [arn, f"{arn}/*"] if kind == "Bucket" else arn
    shapes: list[Callable[[], Document]] = [
        lambda: _let(actions, {"AWS": role}, resource),
        lambda: _let(actions, {"AWS": f"arn:aws:iam::{peer}:root"}, resource),
        lambda: _let(actions, {"Service": service}, resource, {"StringEquals": {"aws:SourceAccount": account}}),
    ]
    chosen = [random.choice(shapes)()]
    if random.random() < 0.6:
        secure = {"Bool": {"aws:SecureTransport": "false"}}
        chosen.append({**_let(f"{actions[0].partition(':')[0]}:*", "*", resource, secure), "Effect": "Deny"})
    return policy_document(*chosen)


SERVICES = {
    "Bucket": (["s3:GetObject", "s3:PutObject"], "logging.s3.amazonaws.com"),
    "LambdaFunction": (["lambda:InvokeFunction"], "apigateway.amazonaws.com"),
    "Queue": (["sqs:SendMessage", "sqs:ReceiveMessage"], "sns.amazonaws.com"),
    "Repository": (["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "lambda.amazonaws.com"),
    "Secret": (["secretsmanager:GetSecretValue"], "rds.amazonaws.com"),
    "Topic": (["sns:Publish"], "events.amazonaws.com"),
}
"""What policies of resources let, and the services that they let."""


def _let(actions: str | list[str], whom: object, resource: object, condition: Document | None = None) -> Document:
    statement = {**allow(actions, "*"), "Resource": resource, "Principal": whom}
    return {**statement, "Condition": condition} if condition else statement
