"""Compute and its roles, read from an emulated AWS by real calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from muniment.ingest import Entrance
from muniment.schema import Ownership, Status

from .cloud import MANAGEMENT, Cloud
from .compute_listings import (
    EMULATED,
    IMAGE,
    REGION,
    check_schema,
    edges,
    listed,
    make_profile,
    make_role,
    read,
    read_all,
    roles,
    run_instance,
)

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def client(cloud: Cloud) -> Callable[[str], Any]:
    """Clients in the region that is read."""
    return lambda service: cloud.client(service, region=REGION)


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
