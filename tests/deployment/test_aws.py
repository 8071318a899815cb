"""The CloudFormation template is valid, and its roles may do what they must and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from .documents import TEMPLATE, resources

RESOURCES = resources()
CONTAINER: dict[str, Any] = RESOURCES["Task"]["Properties"]["ContainerDefinitions"][0]


def statements(role: str) -> list[dict[str, Any]]:
    """What a role is allowed."""
    policies = RESOURCES[role]["Properties"].get("Policies", ())
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_cfn_lint_finds_nothing() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-central-1", "--", TEMPLATE],
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


def test_only_what_takes_no_resource_is_allowed_on_all() -> None:
    roles = [name for name, one in RESOURCES.items() if one["Type"] == "AWS::IAM::Role"]
    everywhere = [one["Action"] for role in roles for one in statements(role) if one["Resource"] == "*"]
    assert everywhere == ["ecr:GetAuthorizationToken"]


def test_no_role_can_be_assumed_for_another_account() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""
    for name, one in RESOURCES.items():
        if one["Type"] == "AWS::IAM::Role":
            (trust,) = one["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}, name


def test_the_container_has_no_rights_that_it_does_not_need() -> None:
    assert CONTAINER["ReadonlyRootFilesystem"] is True
    assert int(CONTAINER["User"].split(":")[0]) > 0
    assert CONTAINER["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert 60 < CONTAINER["StopTimeout"] <= 120


def test_the_password_comes_from_the_secret() -> None:
    assert CONTAINER["Secrets"] == [
        {"Name": "MUNIMENT_DATABASE_PASSWORD", "ValueFrom": {"Ref": "DatabasePasswordSecretArn"}}
    ]
    assert not any("PASSWORD" in one["Name"] for one in CONTAINER["Environment"])
