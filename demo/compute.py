"""Make what runs in an account: instances, a service, builds, jobs, notebooks and stacks, with roles that it holds.

Only in the home region. A thing is made where the account has a role that trusts the service of it.
"""

from __future__ import annotations

from typing import Any

from .accounts import Account
from .aws import Aws
from .documents import Contents, Role

IMAGE = "ami-12c6146b"
TEMPLATE = '{"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/halden/app"}}}}'


class ComputeBuilder:
    """Makes what runs in one account as the roles that it holds."""

    def __init__(self, aws: Aws, account_id: str, account: Account, held: Contents) -> None:
        self._aws = aws
        self._account_id = account_id
        self._account = account
        self._roles = held.roles

    def build(self) -> None:
        """All of it; copies of an application that are not production rest."""
        if self._account.application and not self._account.production:
            return
        for role in self._roles:
            if role.instance_profile:
                self._instance(role.name)
        for role in self._trusting("codebuild"):
            self._project(role)
        for role in self._trusting("glue"):
            self._aws.client("glue").create_job(
                Name=f"{role.name}-nightly",
                Role=self._arn(role),
                Command={"Name": "glueetl", "ScriptLocation": f"s3://halden-scripts/{role.name}.py"},
            )
        for role in self._trusting("sagemaker"):
            self._aws.client("sagemaker").create_notebook_instance(
                NotebookInstanceName=f"{role.name}-notebook", InstanceType="ml.t3.medium", RoleArn=self._arn(role)
            )
        for role in self._trusting("cloudformation"):
            self._aws.client("cloudformation").create_stack(
                StackName=role.name.removesuffix("-cloudformation"), TemplateBody=TEMPLATE, RoleARN=self._arn(role)
            )
        self._tasks()

    def _trusting(self, service: str) -> list[Role]:
        """Roles that trust nobody but the service."""
        return [
            role
            for role in self._roles
            if [one["Principal"] for one in role.trust.get("Statement", ())]
            == [{"Service": f"{service}.amazonaws.com"}]
        ]

    def _arn(self, role: Role) -> str:
        return f"arn:aws:iam::{self._account_id}:role{role.path}{role.name}"

    def _instance(self, name: str) -> None:
        self._aws.client("ec2").run_instances(
            ImageId=IMAGE,
            InstanceType="t4g.small",
            MinCount=1,
            MaxCount=1,
            IamInstanceProfile={"Name": name},
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
        )

    def _project(self, role: Role) -> None:
        self._aws.client("codebuild").create_project(
            name=f"{role.name}-project",
            source={"type": "GITHUB", "location": f"https://github.com/halden-logistics/{role.name}.git"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "ARM_CONTAINER",
                "image": "aws/codebuild/amazonlinux2-aarch64-standard:3.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=self._arn(role),
        )

    def _tasks(self) -> None:
        """A service of the first of the application's task roles, in an application's account."""
        tasks = [role for role in self._trusting("ecs-tasks") if role.name.endswith("-task")]
        execution = [role for role in self._trusting("ecs-tasks") if role.name.endswith("-task-execution")]
        if not tasks or not execution:
            return
        ecs: Any = self._aws.client("ecs")
        family = tasks[0].name.removesuffix("-task")
        ecs.create_cluster(clusterName=self._account.application)
        ecs.register_task_definition(
            family=family,
            taskRoleArn=self._arn(tasks[0]),
            executionRoleArn=self._arn(execution[0]),
            networkMode="bridge",
            containerDefinitions=[{"name": "app", "image": f"{family}:1", "memory": 512}],
        )
        ecs.create_service(
            cluster=self._account.application,
            serviceName=family,
            taskDefinition=family,
            desiredCount=2,
            launchType="EC2",
        )
