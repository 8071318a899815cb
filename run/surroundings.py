"""The surroundings of an estate, read from the graph: compute and the roles it runs as, and users' credentials.

Which calls tell of which compute is known from the collectors that declare them: where such a call was refused, or was
never made in an account, the account's compute of that kind is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import orjson

from ..analysis.escalation.surroundings import Compute, Surroundings, called
from ..analysis.iam.policies.statements import Policy
from ..graph.database import Database
from ..ingest.aws import collectors
from ..schema import ScopeId, Status
from . import estate_queries as q

TELLING: Mapping[str, tuple[str, frozenset[str]]] = {
    "Instance": ("ec2", frozenset({"DescribeInstances"})),
    "ManagedNode": ("ssm", frozenset({"DescribeInstanceInformation"})),
    "LaunchTemplate": ("ec2", frozenset({"DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"})),
    "EcsCluster": ("ecs", frozenset({"ListClusters", "DescribeClusters"})),
    "EcsTask": ("ecs", frozenset({"ListClusters", "ListTasks", "DescribeTasks"})),
    "CodeBuildProject": ("codebuild", frozenset({"ListProjects", "BatchGetProjects"})),
    "GlueDevEndpoint": ("glue", frozenset({"GetDevEndpoints", "ListDevEndpoints"})),
    "GlueJob": ("glue", frozenset({"GetJobs", "ListJobs"})),
    "NotebookInstance": ("sagemaker", frozenset({"ListNotebookInstances", "DescribeNotebookInstance"})),
    "Stack": ("cloudformation", frozenset({"ListStacks", "DescribeStacks"})),
    "StackSet": ("cloudformation", frozenset({"ListStackSets", "DescribeStackSet"})),
    "AppRunnerService": ("apprunner", frozenset({"ListServices", "DescribeService"})),
    "CodeInterpreter": ("bedrock-agentcore-control", frozenset({"ListCodeInterpreters", "GetCodeInterpreter"})),
    "LambdaFunction": ("lambda", frozenset({"ListFunctions"})),
}
"""By kind of compute, the client and the operations without which an account's are not known.

Task definitions are left out: of those only the ones that something uses are read, so the others are never known.
"""

ROLES_OF: Mapping[str, frozenset[str]] = {
    "Instance": frozenset({"iam:ListInstanceProfiles", "iam:GetRole"}),
    "LaunchTemplate": frozenset({"iam:ListInstanceProfiles"}),
    "ManagedNode": frozenset({"iam:GetRole"}),
    "GlueDevEndpoint": frozenset({"iam:GetRole"}),
    "GlueJob": frozenset({"iam:GetRole"}),
}
"""By kind of compute, the permissions without which it may be known, but not as what it runs."""

LISTS_PROVIDERS = "ListSAMLProviders"
"""The operation of IAM without which it is not known whether a SAML provider is there."""

Scopes: TypeAlias = dict[tuple[str, str], list[tuple[ScopeId, Mapping[str, Any]]]]
"""Scopes by collector and account, each with its id."""

BESIDE = frozenset({"access", "batch", "execution", "service"})
"""Capacities in which a service, not the code that runs, has the role."""
READY = ("ssm_managed", "enable_execute_command", "batch_builds", "self_managed", "zip")


def load_surroundings(database: Database, accounts: Iterable[str]) -> Surroundings:
    """All that bears on escalation besides policies, as the graph holds it. DatabaseError where the graph fails."""
    roles: dict[str, list[str]] = {}
    for row in database.read(q.RUNS_AS):
        if row["capacity"] not in BESIDE:
            roles.setdefault(row["id"], []).append(row["role"])
    scopes = by_account(database.read(q.SCOPES_OF, collectors=sorted({*telling_collectors(), "iam"})))
    return Surroundings(
        tuple(_compute(database.read(q.COMPUTE), roles)),
        dict(_unread(scopes, accounts)),
        {row["id"]: row["keys"] for row in database.read(q.USERS_WITH_KEYS)},
        {row["id"]: row["password"] for row in database.read(q.PASSWORDS)},
        frozenset(row["id"] for row in database.read(q.PROFILED)),
        {row["id"]: row["active"] for row in database.read(q.SECOND_FACTORS)},
        dict(_saml_providers(database.read(q.SAML_PROVIDERS), scopes, accounts)),
    )


@cache
def telling_collectors() -> Mapping[str, tuple[str, ...]]:
    """Collectors that tell of compute, each with the kinds that it tells of."""
    found: dict[str, tuple[str, ...]] = {}
    for name, collector in collectors().items():
        declared = {(call.service, call.operation) for call in collector.calls}
        kinds = (kind for kind, (service, wanted) in TELLING.items() if {(service, one) for one in wanted} & declared)
        if told := tuple(kinds):
            found[name] = told
    return found


def _compute(rows: Iterable[Mapping[str, Any]], roles: Mapping[str, list[str]]) -> Iterator[Compute]:
    for row in rows:
        kind = next((label for label in row["labels"] if label in TELLING or label == "TaskDefinition"), None)
        if kind is None or row["account"] is None:
            continue
        yield Compute(
            row["id"],
            kind,
            row["account"],
            row["region"] or "",
            tuple(sorted(set(roles.get(row["id"], ())))),
            None if row["tags"] is None else dict(orjson.loads(row["tags"])),
            Policy.parse(row["policy"], f"{row['id']}#policy") if row["policy"] else None,
            {name: row[name] for name in READY},
            row["policy_unread"],
        )


def by_account(rows: Iterable[Mapping[str, Any]]) -> Scopes:
    """Rows of scopes by collector and account."""
    scopes: Scopes = {}
    for row in rows:
        scope = ScopeId.parse(row["id"])
        scopes.setdefault((scope.collector, scope.account), []).append((scope, row))
    return scopes


def _saml_providers(
    rows: Iterable[Mapping[str, Any]], scopes: Scopes, accounts: Iterable[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """The SAML providers of each account of which they could be listed."""
    there: dict[str, set[str]] = {}
    for row in rows:
        there.setdefault(row["account"], set()).add(row["id"])
    for account in accounts:
        read = scopes.get(("iam", account))
        if read and not any(_why("SamlProvider", "iam", frozenset({LISTS_PROVIDERS}), one) for one in read):
            yield account, frozenset(there.get(account, ()))


def _unread(scopes: Scopes, accounts: Iterable[str]) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Why each kind of compute of each account is not known; None where it is."""
    for collector, kinds in telling_collectors().items():
        for account in accounts:
            read = scopes.get((collector, account))
            for kind in kinds:
                service, wanted = TELLING[kind]
                if not read:
                    yield (kind, account), f"{called(kind)} of account {account} were not read"
                else:
                    yield (
                        (kind, account),
                        next((why for one in read if (why := _why(kind, service, wanted, one))), None),
                    )
    for account in accounts:
        yield ("TaskDefinition", account), f"ECS task definitions of account {account} that nothing uses are not read"


def _why(kind: str, service: str, wanted: frozenset[str], scope: tuple[ScopeId, Mapping[str, Any]]) -> str | None:
    """Why a kind of compute is not known of one scope."""
    calls = (*(f"{_prefix(service)}:{one}" for one in wanted), *ROLES_OF.get(kind, ()))
    return why_unread(f"{called(kind)} of account {scope[0].account}", calls, scope)


def why_unread(what: str, calls: tuple[str, ...], scope: tuple[ScopeId, Mapping[str, Any]]) -> str | None:
    """Why something is not known of one scope: it was never completed, and a call that tells of it failed."""
    id_, row = scope
    if row["status"] == Status.COMPLETE or row["completed_at"]:
        return None
    refusals = [str(text) for text in row["refusals"] or ()]
    telling = [text for text in refusals if text.partition(": ")[2].startswith(calls)]
    if row["status"] == Status.PARTIAL and not telling:
        return None
    first = (telling or refusals or [row["status"]])[0]
    return f"{what} could not be read: {first} ({id_})"


def _prefix(service: str) -> str:
    """The prefix of the actions of a client."""
    return {"bedrock-agentcore-control": "bedrock-agentcore"}.get(service, service)
