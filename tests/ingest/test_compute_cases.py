"""What is read of compute that the emulated cloud lacks, from answers that botocore would give."""

from __future__ import annotations

import pytest
from muniment.ingest.aws.codebuild import without_credentials
from muniment.ingest.aws.ec2 import _imds_required
from muniment.ingest.encoding import NOT_KEPT, encode
from muniment.schema import Edge, Node, Status

from .answers import Answers, edges, nodes, read

ACCOUNT, REGION, GOV = "222222222222", "eu-west-1", "us-gov-west-1"
EC2 = f"arn:aws-us-gov:ec2:{GOV}:{ACCOUNT}:instance/i-0000000000000000"
IAM = f"arn:aws-us-gov:iam::{ACCOUNT}"
MANAGEMENT_ROLE = f"{IAM}:role/service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"


def ec2(**errors: str):
    return read(Answers("compute", **errors), "ec2", ACCOUNT, GOV, "aws-us-gov")


def given(facts: list[Node | Edge]) -> dict[tuple[str, str], object]:
    """Whether code is handed its credentials, by role and capacity."""
    runs = (fact for fact in facts if isinstance(fact, Edge) and fact.type == "RUNS_AS")
    return {(edge.end, edge.key): edge.properties["credentials"] for edge in runs}


def test_instances_of_every_page_are_read_but_those_that_are_terminated():
    reader, facts = ec2()

    assert reader.status is Status.COMPLETE
    assert set(nodes(facts, "Instance")) == {f"{EC2}a", f"{EC2}b", f"{EC2}c"}
    first = nodes(facts, "Instance")[f"{EC2}a"].properties
    assert (first["public"], first["public_ip"], first["platform"]) == (True, None, "Windows")
    assert first["imds_required"] is True
    assert nodes(facts, "Instance")[f"{EC2}b"].properties["public"] is False


@pytest.mark.parametrize(
    ("options", "required"),
    [
        ({"HttpTokens": "optional", "HttpEndpoint": "enabled"}, False),
        ({"HttpTokens": "required"}, True),
        ({"HttpTokens": "optional", "HttpEndpoint": "disabled"}, True),
        ({}, None),
    ],
)
def test_metadata_that_is_switched_off_gives_nobody_credentials(options: dict[str, str], required: bool | None) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html"""
    assert _imds_required({"MetadataOptions": options}) is required


def test_a_profile_that_was_made_anew_gives_an_instance_nothing():
    _, facts = ec2()

    assert edges(facts, "HAS_PROFILE") == {(f"{EC2}{one}", f"{IAM}:instance-profile/app") for one in "ab"}
    assert edges(facts, "RUNS_AS") == {(f"{EC2}b", f"{IAM}:role/app"), (f"{EC2}b", MANAGEMENT_ROLE)}


def test_systems_manager_says_which_instances_it_manages():
    _, facts = ec2()

    said = {id_[-1]: one.properties for id_, one in nodes(facts, "Instance").items()}
    assert {name: (one["ssm_managed"], one["ssm_status"]) for name, one in said.items()} == {
        "a": (True, "Online"),
        "b": (True, "ConnectionLost"),
        "c": (None, None),  # it does not run, and those that do not are not listed
    }


def test_an_instance_that_systems_manager_denies_to_tell_of_is_neither_managed_nor_not():
    reader, facts = ec2(DescribeInstanceInformation="AccessDeniedException")

    assert reader.status is Status.PARTIAL
    assert {one.properties["ssm_managed"] for one in nodes(facts, "Instance").values()} == {None}


def test_a_launch_template_that_is_gone_is_not_made_up():
    _, facts = ec2()

    assert not nodes(facts, "LaunchTemplate")
    assert not edges(facts, "LAUNCHED_FROM")


def test_machines_outside_ec2_have_the_role_of_their_activation():
    reader, facts = read(Answers("compute"), "ssm", ACCOUNT, GOV, "aws-us-gov")

    assert reader.status is Status.COMPLETE
    managed = nodes(facts, "ManagedNode")
    assert [one.properties["name"] for one in managed.values()] == ["plc-7", "mi-0123456789abcdef1"]
    assert given(facts) == {(f"{IAM}:role/Hybrid", "node"): True}


def test_a_project_tells_whether_batches_of_builds_have_a_role_to_start_them():
    """https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectBuildBatchConfig.html"""
    _, facts = read(Answers("compute"), "codebuild", ACCOUNT, REGION)

    projects = nodes(facts, "CodeBuildProject").values()
    assert {one.properties["name"]: one.properties["batch_builds"] for one in projects} == {
        "batched": True,
        "plain": False,
        "bounded": False,
    }
    assert given(facts) == {
        (f"arn:aws:iam::{ACCOUNT}:role/build", "build"): True,
        (f"arn:aws:iam::{ACCOUNT}:role/batch", "batch"): False,
    }


def test_a_service_of_app_runner_has_two_roles_and_only_one_for_its_code():
    reader, facts = read(Answers("compute"), "apprunner", ACCOUNT, REGION)

    assert reader.status is Status.COMPLETE
    (service,) = nodes(facts, "AppRunnerService").values()
    assert (service.properties["name"], service.properties["public"]) == ("portal", True)
    assert service.properties["environment_names"] == ["TOKEN"]
    assert given(facts) == {
        (f"arn:aws:iam::{ACCOUNT}:role/portal", "instance"): True,
        (f"arn:aws:iam::{ACCOUNT}:role/service-role/ecr", "access"): False,
    }
    assert "hunter2" not in repr(facts)


def test_services_that_may_only_be_listed_are_kept_without_what_is_not_known():
    reader, facts = read(Answers("compute", DescribeService="AccessDeniedException"), "apprunner", ACCOUNT, REGION)

    assert reader.status is Status.PARTIAL
    assert {one.properties["name"] for one in nodes(facts, "AppRunnerService").values()} == {"portal", "late"}
    assert {one.properties["public"] for one in nodes(facts, "AppRunnerService").values()} == {None}


def test_a_code_interpreter_runs_as_its_execution_role():
    reader, facts = read(Answers("compute"), "bedrock-agentcore", ACCOUNT, REGION)

    assert reader.status is Status.COMPLETE
    (interpreter,) = nodes(facts, "CodeInterpreter").values()
    assert (interpreter.properties["network_mode"], interpreter.properties["state"]) == ("SANDBOX", "READY")
    assert given(facts) == {(f"arn:aws:iam::{ACCOUNT}:role/analysis", "interpreter"): True}


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("https://user:secret@git.example:8443/app.git?token=secret#secret", "https://git.example:8443/app.git"),
        ("codepipeline-bucket/app.zip", "codepipeline-bucket/app.zip"),
        ("https://[secret", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_of_sources_lose_their_credentials(location: str | None, kept: str | None):
    assert without_credentials(location) == kept


@pytest.mark.parametrize(
    ("page", "recorded"),
    [
        ({"environment": [{"name": "A", "value": "s"}]}, {"environment": [{"name": "A", "value": NOT_KEPT}]}),
        (
            {"Parameters": [{"ParameterKey": "A", "ParameterValue": "s"}]},
            {"Parameters": [{"ParameterKey": "A", "ParameterValue": NOT_KEPT}]},
        ),
        ({"DefaultArguments": {"--A": "s"}}, {"DefaultArguments": {"--A": NOT_KEPT}}),
        ({"command": ["sh", "-c", "s"]}, {"command": [NOT_KEPT] * 3}),
        (
            {"fields": [{"key": "role", "stringValue": "R"}, {"key": "*password", "stringValue": "s"}]},
            {"fields": [{"key": "role", "stringValue": "R"}, {"key": "*password", "stringValue": NOT_KEPT}]},
        ),
        ({"TemplateBody": "s", "buildspec": "s"}, {"TemplateBody": NOT_KEPT, "buildspec": NOT_KEPT}),
    ],
)
def test_a_recording_keeps_names_and_no_values(page: dict[str, object], recorded: dict[str, object]):
    assert encode(page) == recorded
