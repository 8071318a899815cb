"""The CloudFormation template is valid, and its roles may do what they must and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from muniment.api.proxies import proxies_believed
from muniment.settings import Settings

from .documents import TEMPLATES, container, parameters, resources

RESOURCES, API = resources("ingest"), resources("api")
EACH = pytest.mark.parametrize("name", ["api", "ingest"])


def statements(role: str, within: dict[str, Any] = RESOURCES) -> list[dict[str, Any]]:
    """What a role is allowed."""
    policies = within[role]["Properties"].get("Policies", ())
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_cfn_lint_finds_nothing() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-central-1", "--", *TEMPLATES],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_schedule_starts_the_task_without_a_public_address() -> None:
    target = RESOURCES["Schedule"]["Properties"]["Target"]
    assert target["EcsParameters"]["TaskDefinitionArn"] == {"Ref": "Task"}
    assert target["RoleArn"] == {"Fn::GetAtt": "StartRole.Arn"}
    assert target["EcsParameters"]["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == "DISABLED"


def test_the_scheduler_may_start_this_task_and_pass_its_roles() -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html, and iam:PassRole narrowed to ECS."""
    allowed = {statement["Action"]: statement for statement in statements("StartRole")}
    assert allowed.keys() == {"ecs:RunTask", "iam:PassRole", "sqs:SendMessage"}
    assert allowed["ecs:RunTask"]["Resource"] == {"Ref": "Task"}
    passed = {resource["Fn::GetAtt"] for resource in allowed["iam:PassRole"]["Resource"]}
    assert passed == {"TaskRole.Arn", "ExecutionRole.Arn"}
    assert allowed["iam:PassRole"]["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


@EACH
def test_only_what_takes_no_resource_is_allowed_on_all(name: str) -> None:
    found = resources(name)
    roles = [one for one, resource in found.items() if resource["Type"] == "AWS::IAM::Role"]
    everywhere = [one["Action"] for role in roles for one in statements(role, found) if one["Resource"] == "*"]
    assert everywhere == ["ecr:GetAuthorizationToken"]


@EACH
def test_no_role_can_be_assumed_for_another_account(name: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""
    for role, one in resources(name).items():
        if one["Type"] == "AWS::IAM::Role":
            (trust,) = one["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, role


@EACH
def test_the_container_has_no_rights_that_it_does_not_need(name: str) -> None:
    one = container(name)
    assert one["ReadonlyRootFilesystem"] is True
    assert int(one["User"].split(":")[0]) > 0
    assert one["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert {"api": 20, "ingest": 60}[name] < one["StopTimeout"] <= 120


@EACH
def test_the_password_comes_from_the_secret(name: str) -> None:
    one = container(name)
    assert one["Secrets"] == [{"Name": "MUNIMENT_DATABASE_PASSWORD", "ValueFrom": {"Ref": "DatabasePasswordSecretArn"}}]
    assert not any("PASSWORD" in variable["Name"] for variable in one["Environment"])


def test_the_api_reads_nothing_of_aws() -> None:
    allowed = {action for one in statements("TaskRole", API) for action in one["Action"]}
    assert allowed == {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}
    assert "ManagedPolicyArns" not in API["TaskRole"]["Properties"]


def test_the_api_is_asked_by_tls_through_the_load_balancer_alone() -> None:
    assert API["Listener"]["Properties"]["Protocol"] == "HTTPS"
    assert API["Balancer"]["Properties"]["Scheme"] == "internal"
    (rule,) = API["TaskGroup"]["Properties"]["SecurityGroupIngress"]
    assert rule["SourceSecurityGroupId"] == {"Ref": "BalancerGroup"}
    network = API["Service"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert (network["AssignPublicIp"], network["SecurityGroups"]) == ("DISABLED", [{"Ref": "TaskGroup"}])


def test_the_audit_log_outlives_tasks_and_stack_and_has_one_writer() -> None:
    assert (API["Audit"]["DeletionPolicy"], API["Audit"]["Properties"]["Encrypted"]) == ("Retain", True)
    (volume,) = API["Task"]["Properties"]["Volumes"]
    assert volume["EFSVolumeConfiguration"]["TransitEncryption"] == "ENABLED"
    service = API["Service"]["Properties"]
    assert (service["DesiredCount"], service["DeploymentConfiguration"]["MaximumPercent"]) == (1, 100)


@pytest.mark.parametrize(("given", "believed"), [("", []), ("10.0.1.0/24,10.0.2.0/24", ["10.0.1.0/24", "10.0.2.0/24"])])
def test_the_api_believes_the_load_balancer_whose_ranges_are_named(given: str, believed: list[str]) -> None:
    (variable,) = (one for one in container("api")["Environment"] if one["Value"] == {"Ref": "Proxies"})
    assert re.fullmatch(parameters("api")["Proxies"]["AllowedPattern"], given)
    assert proxies_believed(Settings.load({variable["Name"]: given})) == believed


@pytest.mark.parametrize("given", ["0.0.0.0/0", "10.0.1.0/24,", "10.0.1.0", "10.0.1.0/24 10.0.2.0/24"])
def test_no_proxies_are_taken_that_would_be_everybody_or_nobody(given: str) -> None:
    assert not re.fullmatch(parameters("api")["Proxies"]["AllowedPattern"], given)
