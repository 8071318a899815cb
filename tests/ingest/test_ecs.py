"""Containers of Amazon ECS and their roles, read from an emulated AWS by real calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from muniment.ingest import Entrance
from muniment.schema import Status

from .cloud import MANAGEMENT, Cloud
from .compute_listings import REGION, check_schema, edges, listed, make_role, read, roles

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def client(cloud: Cloud) -> Callable[[str], Any]:
    """Clients in the region that is read."""
    return lambda service: cloud.client(service, region=REGION)


@pytest.fixture
def cluster(client: Callable[[str], Any]) -> Callable[[str], Any]:
    """A cluster with a service of one task definition, and a task of another with a role of its own."""
    ecs, ec2 = client("ecs"), client("ec2")
    for name in ("task", "execution", "override"):
        make_role(client, name, "ecs-tasks")
    role = f"arn:aws:iam::{MANAGEMENT}:role/"
    container = {
        "name": "app",
        "image": "app:1",
        "memory": 128,
        "privileged": True,
        "environment": [{"name": "TOKEN", "value": "hunter2"}],
        "secrets": [{"name": "PASSWORD", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/p"}],
    }
    given = {"taskRoleArn": f"{role}task", "executionRoleArn": f"{role}execution", "networkMode": "awsvpc"}
    ecs.create_cluster(clusterName="main", tags=[{"key": "env", "value": "prod"}])
    for family in ("web", "batch", "unused"):
        ecs.register_task_definition(family=family, containerDefinitions=[container], **given)
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "ENABLED"}}
    ecs.create_service(
        cluster="main",
        serviceName="web",
        taskDefinition="web",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=network,
        enableExecuteCommand=True,
    )
    ecs.run_task(
        cluster="main",
        taskDefinition="batch",
        launchType="FARGATE",
        networkConfiguration=network,
        overrides={"taskRoleArn": f"{role}override"},
    )
    return client


@pytest.mark.usefixtures("cluster")
def test_tasks_run_as_their_own_role_or_that_of_their_definition(entrance: Entrance) -> None:
    listing = read(entrance, "ecs")

    check_schema(listing)
    assert listing.status is Status.COMPLETE
    assert [node.properties["name"] for node in listed(listing, "EcsCluster")] == ["main"]
    assert [node.properties["name"] for node in listed(listing, "TaskDefinition")] == ["batch:1", "web:1"]
    (definition, _) = listed(listing, "TaskDefinition")
    assert definition.properties["environment_names"] == ["PASSWORD", "TOKEN"]
    assert definition.properties["privileged"] is True
    (service,) = listed(listing, "EcsService")
    assert (service.properties["public"], service.properties["launch_type"]) == (True, "FARGATE")
    (task,) = listed(listing, "EcsTask")
    assert {(end, key) for start, end, key in roles(listing) if start.startswith("task/")} == {
        ("role/override", "task"),
        ("role/execution", "execution"),
    }
    assert {(edge.start == task.id, edge.end.rpartition("/")[2]) for edge in edges(listing, "LAUNCHED_FROM")} == {
        (True, "batch:1"),
        (False, "web:1"),
    }
    assert {edge.key: edge.properties["credentials"] for edge in edges(listing, "RUNS_AS")} == {
        "task": True,
        "execution": False,
    }
    assert "hunter2" not in repr(listing)


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("operation", ["DescribeClusters", "DescribeTaskDefinition", "ListTasks"])
def test_one_refused_call_of_ecs_loses_nothing_else(cloud: Cloud, entrance: Entrance, operation: str) -> None:
    cloud.front.answer("AccessDeniedException", operation=operation)
    listing = read(entrance, "ecs")

    check_schema(listing)
    assert listing.status is Status.PARTIAL
    assert {refusal.action for refusal in listing.refusals} == {f"ecs:{operation}"}
    assert listed(listing, "EcsService")


@pytest.mark.usefixtures("cluster")
def test_half_of_the_calls_throttled_changes_nothing(cloud: Cloud, entrance: Entrance) -> None:
    calm = read(entrance, "ecs")
    cloud.front.clear()
    cloud.front.throttle_each_once()
    throttled = read(replace(entrance, attempts=2), "ecs")

    assert throttled.status is Status.COMPLETE
    assert {node.id for node in throttled.nodes} == {node.id for node in calm.nodes}
    assert throttled.edges == calm.edges
