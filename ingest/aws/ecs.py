"""Amazon ECS: clusters, services, running tasks, and the task definitions that those use.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

One call for a region without clusters; else clusters are described a hundred at a time, services ten, tasks a hundred,
and each task definition in use once. Of environment variables only the names are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...schema import Edge, Node, Ownership, Refusal
from .collector import Call, Collector, Level, Page, Reader
from .compute import batches, compute, names_in, runs_as
from .values import tags, text, timestamp

CLUSTERS, SERVICES, TASKS, MOST = 100, 10, 100, 100
"""How many clusters, services and tasks one call describes, and how many ARNs a page lists."""

GONE = ("DELETED", "INACTIVE", "STOPPED")
"""States of what is listed for a while after its end."""

MISSING = "MISSING"
"""Why ECS does not describe a thing that has gone since it was listed."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's clusters and what runs in them."""
    arns = [arn for page in reader.pages("ListClusters", maxResults=MOST) for arn in page.get("clusterArns") or ()]
    clusters = _described(
        reader, "DescribeClusters", "clusters", [{"clusters": one} for one in batches(arns, CLUSTERS)]
    )
    services = _held(reader, arns, "services", SERVICES)
    tasks = _held(reader, arns, "tasks", TASKS)
    used = {arn for service in services for arn in _definitions_of(service)} | {
        task["taskDefinitionArn"] for task in tasks if task.get("taskDefinitionArn")
    }
    definitions = dict(_definitions(reader, sorted(used)))
    for kind, named in (("EcsCluster", arns), ("TaskDefinition", sorted(used))):
        yield from (_reference(reader, kind, arn) for arn in named)
    for cluster in clusters:
        yield from compute(reader, "EcsCluster", cluster["clusterArn"], cluster.get("clusterName"), _common(cluster))
    for service in services:
        yield from _service(reader, service)
    for task in tasks:
        definition = definitions.get(task.get("taskDefinitionArn") or "", {}).get("taskDefinition") or {}
        yield from _task(reader, task, definition)
    for page in definitions.values():
        yield from _task_definition(reader, page)


def _held(reader: Reader, clusters: Sequence[str], member: str, size: int) -> list[Page]:
    """The services, or the running tasks, of clusters."""
    asked: list[dict[str, Any]] = []
    name, arns = member.capitalize(), f"{member.removesuffix('s')}Arns"
    for params, pages in reader.many(f"List{name}", [{"cluster": one, "maxResults": MOST} for one in clusters]):
        listed = (arn for page in pages for arn in page.get(arns) or ())
        asked += ({"cluster": params["cluster"], member: some} for some in batches(listed, size))
    return _described(reader, f"Describe{name}", member, asked)


def _described(reader: Reader, operation: str, member: str, asked: Sequence[Mapping[str, Any]]) -> list[Page]:
    """What a call describes; what it says that it cannot describe is noted, but for what has gone meanwhile."""
    found: list[Page] = []
    for _, pages in reader.many(operation, [{**params, "include": ["TAGS"]} for params in asked]):
        for page in pages:
            found += page.get(member) or ()
            for failure in page.get("failures") or ():
                if failure.get("reason") != MISSING:
                    reader.refuse(Refusal(f"ecs:{operation}", str(failure.get("reason")), str(failure.get("arn"))))
    return [one for one in found if not {one.get("status"), one.get("lastStatus")} & set(GONE)]


def _definitions(reader: Reader, arns: Sequence[str]) -> Iterator[tuple[str, Page]]:
    asked = [{"taskDefinition": arn, "include": ["TAGS"]} for arn in arns]
    for params, pages in reader.many("DescribeTaskDefinition", asked):
        yield from ((params["taskDefinition"], page) for page in pages if page.get("taskDefinition"))


def _definitions_of(service: Page) -> list[str]:
    """Task definitions of a service; of its task sets, where something else than ECS deploys it."""
    stated = (service.get("taskDefinition"), *(one.get("taskDefinition") for one in service.get("taskSets") or ()))
    return sorted({arn for arn in stated if arn})


def _reference(reader: Reader, kind: str, arn: str) -> Node:
    stated = {"name": arn.rpartition("/")[2], "provider": "aws", "account_id": reader.account, "region": reader.region}
    return Node(kind, arn, stated, Ownership.REFERENCE)


def _common(stated: Page) -> dict[str, Any]:
    return {
        "tags": tags(stated.get("tags")),
        "state": text(stated.get("status")) or text(stated.get("lastStatus")),
        "created_at": timestamp(stated.get("createdAt")),
    }


def _service(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn = stated["serviceArn"]
    network = (stated.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    yield from compute(
        reader,
        "EcsService",
        arn,
        stated.get("serviceName"),
        {
            **_common(stated),
            "launch_type": text(stated.get("launchType")),
            "desired_count": stated.get("desiredCount"),
            "enable_execute_command": stated.get("enableExecuteCommand"),
            "public": network["assignPublicIp"] == "ENABLED" if network.get("assignPublicIp") else None,
        },
    )
    yield from runs_as(arn, stated.get("roleArn"), "service", credentials=False)
    yield Edge("CONTAINS", stated["clusterArn"], arn)
    for definition in _definitions_of(stated):
        yield Edge("LAUNCHED_FROM", arn, definition)


def _task(reader: Reader, stated: Page, definition: Page) -> Iterator[Node | Edge]:
    arn, group, overrides = stated["taskArn"], text(stated.get("group")), stated.get("overrides") or {}
    yield from compute(
        reader,
        "EcsTask",
        arn,
        f"{(group or '').rpartition(':')[2]}/{arn.rpartition('/')[2]}".lstrip("/"),
        {
            **_common(stated),
            "launch_type": text(stated.get("launchType")),
            "group": group,
            "containers": names_in(stated.get("containers")),
            "enable_execute_command": stated.get("enableExecuteCommand"),
        },
    )
    yield from _roles(arn, {**definition, **{name: role for name, role in overrides.items() if role}})
    yield Edge("CONTAINS", stated["clusterArn"], arn)
    if stated.get("taskDefinitionArn"):
        yield Edge("LAUNCHED_FROM", arn, stated["taskDefinitionArn"])


def _task_definition(reader: Reader, page: Page) -> Iterator[Node | Edge]:
    stated = page["taskDefinition"]
    arn, containers = stated["taskDefinitionArn"], stated.get("containerDefinitions") or ()
    variables = [
        entry for one in containers for entry in (*(one.get("environment") or ()), *(one.get("secrets") or ()))
    ]
    yield from compute(
        reader,
        "TaskDefinition",
        arn,
        arn.rpartition("/")[2],
        {
            **_common({**stated, "tags": page.get("tags"), "createdAt": stated.get("registeredAt")}),
            "family": text(stated.get("family")),
            "revision": stated.get("revision"),
            "launch_types": sorted(stated.get("compatibilities") or ()),
            "network_mode": text(stated.get("networkMode")),
            "containers": names_in(containers),
            "privileged": any(one.get("privileged") for one in containers),
            "environment_names": names_in(variables),
        },
    )
    yield from _roles(arn, stated)


def _roles(arn: str, stated: Page) -> Iterator[Node | Edge]:
    """The role that containers are handed, and the one that ECS pulls their images and secrets as."""
    yield from runs_as(arn, stated.get("taskRoleArn"), "task", credentials=True)
    yield from runs_as(arn, stated.get("executionRoleArn"), "execution", credentials=False)


def _call(operation: str, *absent: str) -> Call:
    return Call("ecs", operation, (f"ecs:{operation}",), absent)


COLLECTOR = Collector(
    name="ecs",
    level=Level.REGION,
    calls=(
        _call("ListClusters"),
        _call("DescribeClusters"),
        # A cluster may be deleted while it is read.
        _call("ListServices", "ClusterNotFoundException"),
        _call("DescribeServices", "ClusterNotFoundException"),
        _call("ListTasks", "ClusterNotFoundException"),
        _call("DescribeTasks", "ClusterNotFoundException"),
        _call("DescribeTaskDefinition"),
    ),
    collect=collect,
    description="Clusters, services, running tasks and the task definitions in use, with their roles.",
)
