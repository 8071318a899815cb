"""What of an estate bears on escalation besides its policies: existing compute, and users' credentials.

What could not be read is part of it: "there is no function" and "nobody looked for functions" lead to other answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..iam.policies.statements import Policy
from .center import Center
from .root_access import RootAccess


@dataclass(frozen=True, slots=True)
class Compute:
    """Something that runs code: ``kind`` is that of its node, ``roles`` are those that it runs as.

    ``tags`` is None where they are not known. ``policy`` is its own resource policy, if it has one; ``policy_unread``
    why that is not known.
    """

    id: str
    kind: str
    account: str
    region: str
    roles: tuple[str, ...] = ()
    tags: Mapping[str, str] | None = None
    policy: Policy | None = None
    ready: Mapping[str, bool | None] = field(default_factory=dict)
    """Fields of it that some technique needs to be true; None where that is not known."""
    policy_unread: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """Existing compute, and why kinds of it are not known, by (kind, account): None where they were read completely.

    ``unread`` lacks what nothing was set to read: that is not known either. ``access_keys`` counts those of each user,
    ``passwords`` tells which users have one, ``second_factors`` which have an MFA device; users that are in none of
    them are not known. ``profiled`` are the roles that an instance profile holds, None where instance profiles are not
    known.
    """

    compute: tuple[Compute, ...] = ()
    unread: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    access_keys: Mapping[str, int] = field(default_factory=dict)
    passwords: Mapping[str, bool] = field(default_factory=dict)
    profiled: frozenset[str] | None = None
    second_factors: Mapping[str, bool] = field(default_factory=dict)
    saml_providers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By account the ARNs of its SAML providers; an account of which they could not all be read is not there."""
    centers: tuple[Center, ...] = ()
    """Instances of IAM Identity Center, those among them that are there and could not be read."""
    root_access: tuple[RootAccess, ...] = ()
    """By organization, whence the root users of its member accounts are managed."""

    def why_unknown(self, kind: str, account: str) -> str | None:
        """Why it is not known which compute of the kind an account has; None where it is."""
        return self.unread.get((kind, account), f"{called(kind)} of account {account} were not read")


_CALLED = {
    "Instance": "the instances",
    "ManagedNode": "the managed nodes",
    "LaunchTemplate": "the launch templates",
    "EcsCluster": "the ECS clusters",
    "EcsTask": "the ECS tasks",
    "TaskDefinition": "the ECS task definitions",
    "CodeBuildProject": "the CodeBuild projects",
    "GlueDevEndpoint": "the Glue development endpoints",
    "GlueJob": "the Glue jobs",
    "NotebookInstance": "the SageMaker notebook instances",
    "Stack": "the CloudFormation stacks",
    "StackSet": "the CloudFormation stack sets",
    "AppRunnerService": "the App Runner services",
    "CodeInterpreter": "the code interpreters of Bedrock AgentCore",
    "LambdaFunction": "the Lambda functions",
}


def called(kind: str) -> str:
    """A kind of compute in words."""
    return _CALLED.get(kind, kind)


_PLACE = "arn:{partition}:%s:{region}:{account}:%s"
TEMPLATES = {
    "Instance": _PLACE % ("ec2", "instance/{any}"),
    "ManagedNode": _PLACE % ("ssm", "managed-instance/{any}"),
    "LaunchTemplate": _PLACE % ("ec2", "launch-template/{any}"),
    "EcsCluster": _PLACE % ("ecs", "cluster/{any}"),
    "EcsTask": _PLACE % ("ecs", "task/{any}/{any}"),
    "TaskDefinition": _PLACE % ("ecs", "task-definition/{any}:{any}"),
    "CodeBuildProject": _PLACE % ("codebuild", "project/{any}"),
    "GlueDevEndpoint": _PLACE % ("glue", "devEndpoint/{any}"),
    "GlueJob": _PLACE % ("glue", "job/{any}"),
    "NotebookInstance": _PLACE % ("sagemaker", "notebook-instance/{any}"),
    "Stack": _PLACE % ("cloudformation", "stack/{any}/{any}"),
    "StackSet": _PLACE % ("cloudformation", "stackset/{any}:{any}"),
    "AppRunnerService": _PLACE % ("apprunner", "service/{any}/{any}"),
    "CodeInterpreter": _PLACE % ("bedrock-agentcore", "code-interpreter-custom/{any}"),
    "LambdaFunction": _PLACE % ("lambda", "function:{any}"),
}
"""What the ARN of compute of each kind looks like, for compute that may be there though nobody looked."""
