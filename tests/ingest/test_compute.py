"""Compute and its roles, read from an emulated AWS by real calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.schema import SCHEMA, Edge, Listing, Node, Ownership, Status

from .cloud import MANAGEMENT, Cloud

REGION = "eu-west-1"
EMULATED = ("cloudformation", "codebuild", "datapipeline", "ec2", "ecs", "glue", "sagemaker")
IMAGE = "ami-12c6146b"

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def client(cloud: Cloud) -> Callable[[str], Any]:
    """Clients in the region that is read."""
    return lambda service: cloud.client(service, region=REGION)


def read(entrance: Entrance, collector: str, region: str = REGION) -> Listing:
    """The listing of one collector in one region of the caller's account."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=(collector,), regions=(region,)))
    (listing,) = listings(plan, source, sleep=lambda _: None)
    return listing


def read_all(entrance: Entrance) -> dict[str, Listing]:
    """The listings of all collectors of compute whose services moto has, in one region."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=EMULATED, regions=(REGION,)))
    return {listing.scope.collector: listing for listing in listings(plan, source, sleep=lambda _: None)}


def listed(listing: Listing, kind: str) -> list[Node]:
    """The nodes of a kind that the scope itself lists, by name."""
    nodes = [node for node in listing.nodes if node.kind == kind and node.ownership is Ownership.SCOPE]
    return sorted(nodes, key=lambda node: str(node.properties.get("name")))


def edges(listing: Listing, relationship: str) -> list[Edge]:
    """The relationships of a type."""
    return [edge for edge in listing.edges if edge.type == relationship]


def roles(listing: Listing) -> set[tuple[str, str, str]]:
    """What runs as which role, and in what capacity."""
    return {
        (edge.start.rpartition(":")[2], edge.end.rpartition(":")[2], edge.key) for edge in edges(listing, "RUNS_AS")
    }


def make_role(client: Callable[[str], Any], name: str, service: str = "ec2", **more: Any) -> str:
    """A role that the service can assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"])


def make_profile(client: Callable[[str], Any], name: str, role: str | None) -> str:
    """An instance profile with a role in it, or none."""
    arn = client("iam").create_instance_profile(InstanceProfileName=name, Path="/apps/")["InstanceProfile"]["Arn"]
    if role:
        client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    return str(arn)


def run_instance(client: Callable[[str], Any], **more: Any) -> str:
    """A running instance."""
    made = client("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **more)
    return str(made["Instances"][0]["InstanceId"])


def check_schema(listing: Listing) -> None:
    """Everything that is stated is declared, and every relationship has both of its ends."""
    known = {node.id: node.kind for node in listing.nodes}
    for node in listing.nodes:
        assert set(node.properties) <= {field.name for field in SCHEMA.fields(node.kind)}, node
    for edge in listing.edges:
        ends = SCHEMA.relationships[edge.type].ends
        fits = (SCHEMA.is_a(known[edge.start], start) and SCHEMA.is_a(known[edge.end], end) for start, end in ends)
        assert any(fits), edge


def test_an_instance_runs_as_the_role_in_its_profile(client: Callable[[str], Any], entrance: Entrance) -> None:
    make_role(client, "app", Path="/teams/")
    profile = make_profile(client, "app-profile", "app")
    tags = [{"Key": "Name", "Value": "web „1“"}, {"Key": "env", "Value": "prod"}]
    instance = run_instance(
        client,
        IamInstanceProfile={"Name": "app-profile"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        UserData="export TOKEN=hunter2",
    )

    listing = read(entrance, "ec2")

    check_schema(listing)
    (node,) = listed(listing, "Instance")
    assert node.id == f"arn:aws:ec2:{REGION}:{MANAGEMENT}:instance/{instance}"
    assert (node.properties["name"], node.properties["state"]) == ("web „1“", "running")
    assert json.loads(str(node.properties["tags"])) == {"Name": "web „1“", "env": "prod"}
    assert edges(listing, "HAS_PROFILE")[0].end == profile
    assert roles(listing) == {(f"instance/{instance}", "role/teams/app", "instance")}
    assert edges(listing, "RUNS_AS")[0].properties["credentials"] is True
    assert "hunter2" not in repr(listing)


def test_what_systems_manager_does_not_say_is_not_known(client: Callable[[str], Any], entrance: Entrance) -> None:
    run_instance(client)
    listing = read(entrance, "ec2")

    assert listing.status is Status.PARTIAL
    assert {refusal.action for refusal in listing.refusals} == {"ssm:DescribeInstanceInformation"}
    assert listed(listing, "Instance")[0].properties["ssm_managed"] is None


def test_a_terminated_instance_is_gone_and_a_stopped_one_is_not(
    client: Callable[[str], Any], entrance: Entrance
) -> None:
    stopped, terminated = run_instance(client), run_instance(client)
    client("ec2").stop_instances(InstanceIds=[stopped])
    client("ec2").terminate_instances(InstanceIds=[terminated])

    (node,) = listed(read(entrance, "ec2"), "Instance")

    assert (node.properties["instance_id"], node.properties["state"]) == (stopped, "stopped")
    assert node.properties["ssm_managed"] is None


def test_a_profile_without_a_role_gives_none(client: Callable[[str], Any], entrance: Entrance) -> None:
    run_instance(client, IamInstanceProfile={"Arn": make_profile(client, "empty", None)})
    listing = read(entrance, "ec2")

    assert edges(listing, "HAS_PROFILE")
    assert not edges(listing, "RUNS_AS")


def test_profiles_that_cannot_be_listed_leave_the_instance_with_its_profile(
    cloud: Cloud, client: Callable[[str], Any], entrance: Entrance
) -> None:
    make_role(client, "app")
    run_instance(client, IamInstanceProfile={"Arn": make_profile(client, "app", "app")})
    cloud.front.answer("AccessDenied", operation="ListInstanceProfiles")
    listing = read(entrance, "ec2")

    assert listing.status is Status.PARTIAL
    assert "iam:ListInstanceProfiles" in {refusal.action for refusal in listing.refusals}
    assert edges(listing, "HAS_PROFILE")
    assert not edges(listing, "RUNS_AS")


def test_both_versions_of_a_launch_template_count(client: Callable[[str], Any], entrance: Entrance) -> None:
    ec2 = client("ec2")
    for name in ("first", "second"):
        make_role(client, name)
        make_profile(client, name, name)
    data = {"ImageId": IMAGE, "IamInstanceProfile": {"Name": "first"}, "UserData": "aHVudGVyMg=="}
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)["LaunchTemplate"]
    ec2.create_launch_template_version(
        LaunchTemplateId=made["LaunchTemplateId"],
        LaunchTemplateData={"IamInstanceProfile": {"Name": "second"}},
    )
    listing = read(entrance, "ec2")

    check_schema(listing)
    (template,) = listed(listing, "LaunchTemplate")
    assert (template.properties["name"], template.properties["default_version"]) == ("web", 1)
    assert (template.properties["latest_version"], template.properties["image_id"]) == (2, IMAGE)
    versions = {edge.end.rpartition("/")[2]: edge.properties["version"] for edge in edges(listing, "RUNS_AS")}
    assert versions == {"first": "default", "second": "latest"}
    assert "aHVudGVyMg==" not in repr(listing)


def test_an_empty_region_costs_little(cloud: Cloud, entrance: Entrance) -> None:
    cloud.front.answer("AccessDenied", service="iam")
    found = read_all(entrance)

    assert {listing.status for listing in found.values()} == {Status.COMPLETE}
    assert not any(listing.nodes for listing in found.values())
    assert {name: listing.calls for name, listing in found.items()} == {
        "cloudformation": 2,
        "codebuild": 1,
        "datapipeline": 1,
        "ec2": 2,
        "ecs": 1,
        "glue": 2,
        "sagemaker": 1,
    }


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
    cloud.front.throttle_every_second()
    throttled = read(replace(entrance, attempts=5), "ecs")

    assert throttled.status is Status.COMPLETE
    assert {node.id for node in throttled.nodes} == {node.id for node in calm.nodes}
    assert throttled.edges == calm.edges


def test_many_projects_are_described_a_hundred_at_a_time(client: Callable[[str], Any], entrance: Entrance) -> None:
    role = make_role(client, "build", "codebuild", Path="/service-role/")
    for number in range(101):
        client("codebuild").create_project(
            name=f"project-{number:03}",
            source={"type": "GITHUB", "location": "https://x-token:hunter2@github.com/halden/app.git"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": [{"name": "TOKEN", "value": "hunter2"}],
            },
            serviceRole=role,
        )
    listing = read(entrance, "codebuild")

    check_schema(listing)
    assert listing.calls == 3
    projects = listed(listing, "CodeBuildProject")
    assert len(projects) == len(edges(listing, "RUNS_AS")) == 101
    assert projects[0].properties["source_location"] == "https://github.com/halden/app.git"
    assert projects[0].properties["environment_names"] == ["TOKEN"]
    assert {end for _, end, _ in roles(listing)} == {"role/service-role/build"}
    assert "hunter2" not in repr(listing)


def test_a_glue_job_names_its_role_by_arn_or_by_name(client: Callable[[str], Any], entrance: Entrance) -> None:
    arn = make_role(client, "etl", "glue", Path="/service-role/")
    for name, role in (("by-arn", arn), ("by-name", "etl"), ("by-path", "service-role/etl"), ("nobody", "gone")):
        client("glue").create_job(
            Name=name,
            Role=role,
            Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/etl.py"},
            DefaultArguments={"--password": "hunter2"},
        )
    client("glue").create_dev_endpoint(EndpointName="dev", RoleArn=arn, PublicKey="ssh-rsa AAAA")
    listing = read(entrance, "glue")

    check_schema(listing)
    assert listing.status is Status.COMPLETE
    assert len(listed(listing, "GlueJob")) == 4
    assert roles(listing) == {
        ("job/by-arn", "role/service-role/etl", "job"),
        ("job/by-name", "role/service-role/etl", "job"),
        ("job/by-path", "role/service-role/etl", "job"),
        ("devEndpoint/dev", "role/service-role/etl", "endpoint"),
    }
    assert listed(listing, "GlueDevEndpoint")[0].properties["public_keys"] == 1
    assert "hunter2" not in repr(listing)


def test_a_role_that_iam_does_not_tell_is_not_guessed(
    cloud: Cloud, client: Callable[[str], Any], entrance: Entrance
) -> None:
    make_role(client, "etl", "glue")
    client("glue").create_job(Name="job", Role="etl", Command={"Name": "glueetl"})
    cloud.front.answer("AccessDenied", operation="GetRole")
    listing = read(entrance, "glue")

    assert listing.status is Status.PARTIAL
    assert [str(refusal.action) for refusal in listing.refusals] == ["iam:GetRole"]
    assert listed(listing, "GlueJob")
    assert not edges(listing, "RUNS_AS")


def test_a_notebook_and_its_role(cloud: Cloud, client: Callable[[str], Any], entrance: Entrance) -> None:
    role = "arn:aws:iam::999900001111:role/elsewhere"
    client("sagemaker").create_notebook_instance(
        NotebookInstanceName="Lab", InstanceType="ml.t3.medium", RoleArn=role, RootAccess="Disabled"
    )
    listing = read(entrance, "sagemaker")

    check_schema(listing)
    (notebook,) = listed(listing, "NotebookInstance")
    assert (notebook.properties["name"], notebook.properties["root_access"]) == ("Lab", False)
    (named,) = [node for node in listing.nodes if node.kind == "Role"]
    assert (named.id, named.ownership, named.properties["account_id"]) == (role, Ownership.REFERENCE, "999900001111")

    cloud.front.answer("AccessDeniedException", operation="DescribeNotebookInstance")
    refused = read(entrance, "sagemaker")
    assert refused.status is Status.PARTIAL
    assert listed(refused, "NotebookInstance")[0].properties["root_access"] is None


def test_stacks_and_stack_sets_with_their_roles(client: Callable[[str], Any], entrance: Entrance) -> None:
    role = make_role(client, "deployer", "cloudformation")
    template = json.dumps({"Resources": {"topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}})
    secret = [{"ParameterKey": "Password", "ParameterValue": "hunter2"}]
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName="app", TemplateBody=template, RoleARN=role, Parameters=secret)
    cloudformation.create_stack(StackName="gone", TemplateBody=template)
    cloudformation.delete_stack(StackName="gone")
    cloudformation.create_stack_set(
        StackSetName="baseline", TemplateBody=template, AdministrationRoleARN=role, ExecutionRoleName="Enter"
    )
    cloudformation.create_stack_instances(StackSetName="baseline", Accounts=[MANAGEMENT], Regions=[REGION])
    listing = read(entrance, "cloudformation")

    check_schema(listing)
    assert "gone" not in {node.properties["name"] for node in listed(listing, "Stack")}
    (stack_set,) = listed(listing, "StackSet")
    assert stack_set.properties["accounts"] == [MANAGEMENT]
    by_capacity = {(end, key) for _, end, key in roles(listing)}
    assert by_capacity == {
        ("role/deployer", "stack"),
        ("role/deployer", "administration"),
        ("role/Enter", "stack"),
    }
    assert "hunter2" not in repr(listing)


def test_a_pipeline_gives_nothing_away_but_its_roles(client: Callable[[str], Any], entrance: Entrance) -> None:
    for name in ("DataPipelineDefaultRole", "DataPipelineDefaultResourceRole"):
        make_role(client, name, "datapipeline")
    pipeline = client("datapipeline").create_pipeline(name="nightly", uniqueId="1")["pipelineId"]
    fields = {
        "role": "DataPipelineDefaultRole",
        "resourceRole": "DataPipelineDefaultResourceRole",
        "*password": "hunter2",
        "command": "curl -H hunter2",
    }
    client("datapipeline").put_pipeline_definition(
        pipelineId=pipeline,
        pipelineObjects=[
            {
                "id": "Default",
                "name": "Default",
                "fields": [{"key": key, "stringValue": value} for key, value in fields.items()],
            }
        ],
    )
    listing = read(entrance, "datapipeline")

    check_schema(listing)
    assert listing.status is Status.COMPLETE
    assert {(end, key) for _, end, key in roles(listing)} == {
        ("role/DataPipelineDefaultRole", "pipeline"),
        ("role/DataPipelineDefaultResourceRole", "resource"),
    }
    assert "hunter2" not in repr(listing)


def test_a_region_that_denies_everything_is_not_empty(cloud: Cloud, entrance: Entrance) -> None:
    for name in EMULATED:
        cloud.front.answer("AccessDenied", service=name)

    assert {listing.status for listing in read_all(entrance).values()} == {Status.DENIED}
