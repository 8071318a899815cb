"""Compute: what runs code or acts with the rights of a role that it was given.

Whoever controls it has those rights: that is what makes a build project worth as much as the role that it builds as.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

COMPUTE = Kind(
    "Compute",
    "What runs code, or acts, with the rights of a role that it was given, and what such things are made from.",
    extends="Resource",
    abstract=True,
    fields=(
        Field("state", Type.STRING, "Its state in the service's own words: `running`, `ACTIVE`, `InService`, …"),
        Field("created_at", Type.TIMESTAMP, "When it was made, or launched."),
    ),
)

INSTANCE = Kind(
    "Instance",
    "An EC2 instance that is not terminated.",
    extends="Compute",
    identifier="`arn:aws:ec2:REGION:ACCOUNT:instance/i-…`.",
    fields=(
        Field("instance_id", Type.STRING, "`i-…`.", indexed=True),
        Field("instance_type", Type.STRING, "`m7g.large`, …"),
        Field("image_id", Type.STRING, "The image that it was launched from: `ami-…`."),
        Field("platform", Type.STRING, "`Linux/UNIX`, `Windows`, … as EC2 bills it."),
        Field("vpc_id", Type.STRING, "The VPC that it is in: `vpc-…`."),
        Field("subnet_id", Type.STRING, "The subnet of its first network interface: `subnet-…`."),
        Field("security_groups", Type.STRINGS, "Security groups of all its network interfaces: `sg-…`."),
        Field("private_ip", Type.STRING, "Its private IPv4 address."),
        Field("public_ip", Type.STRING, "Its public IPv4 address; absent without one."),
        Field(
            "public",
            Type.BOOLEAN,
            "Whether it has a public IPv4 or an IPv6 address. Whether anything reaches it there is another question.",
        ),
        Field("key_name", Type.STRING, "The key pair that it was launched with; absent without one."),
        Field(
            "imds_required", Type.BOOLEAN, "Whether its metadata asks for a session token (IMDSv2), or is switched off."
        ),
        Field(
            "ssm_managed",
            Type.BOOLEAN,
            "Whether Systems Manager manages it; absent where that could not be read, and of instances that do not run "
            "and are not listed there.",
        ),
        Field("ssm_status", Type.STRING, "Its agent's last sign: `Online`, `ConnectionLost` or `Inactive`."),
    ),
)

LAUNCH_TEMPLATE = Kind(
    "LaunchTemplate",
    "A launch template; what is said of it is that of its default version. User data never enters.",
    extends="Compute",
    identifier="`arn:aws:ec2:REGION:ACCOUNT:launch-template/lt-…`.",
    fields=(
        Field("template_id", Type.STRING, "`lt-…`.", indexed=True),
        Field("default_version", Type.INTEGER, "The version that is launched where none is named."),
        Field("latest_version", Type.INTEGER, "The newest version."),
        Field("image_id", Type.STRING, "The image that the default version launches."),
        Field("instance_type", Type.STRING, "The type that the default version launches."),
        Field("imds_required", Type.BOOLEAN, "Whether the default version asks for IMDSv2; absent where it is silent."),
    ),
)

MANAGED_NODE = Kind(
    "ManagedNode",
    "A machine outside EC2 that Systems Manager manages by a hybrid activation.",
    extends="Compute",
    identifier="`arn:aws:ssm:REGION:ACCOUNT:managed-instance/mi-…`.",
    fields=(
        Field("instance_id", Type.STRING, "`mi-…`.", indexed=True),
        Field("platform", Type.STRING, "`Linux`, `Windows` or `MacOS`."),
        Field("activation_id", Type.STRING, "The activation that it was registered with."),
    ),
)

ECS_CLUSTER = Kind(
    "EcsCluster",
    "An ECS cluster.",
    extends="Compute",
    identifier="The cluster's ARN.",
)

ECS_SERVICE = Kind(
    "EcsService",
    "An ECS service: it keeps tasks of one task definition running.",
    extends="Compute",
    identifier="The service's ARN.",
    fields=(
        Field("launch_type", Type.STRING, "`EC2`, `FARGATE` or `EXTERNAL`; absent with capacity providers."),
        Field("desired_count", Type.INTEGER, "How many tasks it keeps."),
        Field("enable_execute_command", Type.BOOLEAN, "Whether ECS Exec works in the tasks that it starts."),
        Field("public", Type.BOOLEAN, "Whether its tasks are given public addresses; absent without `awsvpc`."),
    ),
)

ECS_TASK = Kind(
    "EcsTask",
    "A running ECS task.",
    extends="Compute",
    identifier="The task's ARN.",
    fields=(
        Field("launch_type", Type.STRING, "`EC2`, `FARGATE` or `EXTERNAL`."),
        Field("group", Type.STRING, "What started it: `service:NAME` or `family:NAME`."),
        Field("containers", Type.STRINGS, "Names of its containers."),
        Field("enable_execute_command", Type.BOOLEAN, "Whether ECS Exec works in it."),
    ),
)

TASK_DEFINITION = Kind(
    "TaskDefinition",
    "A revision of an ECS task definition that a service or a task uses. Values of environment variables never enter.",
    extends="Compute",
    identifier="The revision's ARN.",
    fields=(
        Field("family", Type.STRING, "The name that all its revisions share."),
        Field("revision", Type.INTEGER, "Which revision it is."),
        Field("launch_types", Type.STRINGS, "What it is compatible with: `EC2`, `FARGATE`, `EXTERNAL`."),
        Field("network_mode", Type.STRING, "`awsvpc`, `bridge`, `host` or `none`."),
        Field("containers", Type.STRINGS, "Names of its containers."),
        Field("privileged", Type.BOOLEAN, "Whether any container runs with the rights of root on its host."),
        Field("environment_names", Type.STRINGS, "Names of environment variables, without their values."),
    ),
)

CODEBUILD_PROJECT = Kind(
    "CodeBuildProject",
    "A build project.",
    extends="Compute",
    identifier="The project's ARN.",
    fields=(
        Field("source_type", Type.STRING, "`GITHUB`, `CODECOMMIT`, `S3`, `CODEPIPELINE`, `NO_SOURCE`, …"),
        Field("source_location", Type.STRING, "Where its source is; credentials in the address left out."),
        Field("privileged", Type.BOOLEAN, "Whether builds run as root on their host (Docker in Docker)."),
        Field("public", Type.BOOLEAN, "Whether its builds can be seen by anyone."),
        Field("webhook", Type.BOOLEAN, "Whether events of its repository start builds."),
        Field("batch_builds", Type.BOOLEAN, "Whether it has a service role for batch builds; without one none starts."),
        Field("vpc_id", Type.STRING, "The VPC that builds run in: `vpc-…`."),
        Field("environment_names", Type.STRINGS, "Names of environment variables, without their values."),
    ),
)

GLUE_DEV_ENDPOINT = Kind(
    "GlueDevEndpoint",
    "A Glue development endpoint: a machine that is entered by SSH.",
    extends="Compute",
    identifier="`arn:aws:glue:REGION:ACCOUNT:devEndpoint/NAME`.",
    fields=(
        Field("public", Type.BOOLEAN, "Whether it has a public address."),
        Field("public_keys", Type.INTEGER, "How many SSH keys open it."),
        Field("vpc_id", Type.STRING, "The VPC that it is in: `vpc-…`."),
    ),
)

GLUE_JOB = Kind(
    "GlueJob",
    "A Glue job. Its arguments never enter.",
    extends="Compute",
    identifier="`arn:aws:glue:REGION:ACCOUNT:job/NAME`.",
    fields=(
        Field("type", Type.STRING, "`glueetl`, `pythonshell`, `gluestreaming` or `glueray`."),
        Field("script_location", Type.STRING, "The object in S3 that is its program."),
        Field("glue_version", Type.STRING, "`5.0`, …"),
    ),
)

NOTEBOOK_INSTANCE = Kind(
    "NotebookInstance",
    "A SageMaker notebook instance.",
    extends="Compute",
    identifier="The notebook instance's ARN.",
    fields=(
        Field("instance_type", Type.STRING, "`ml.t3.medium`, …"),
        Field("root_access", Type.BOOLEAN, "Whether its users are root on it."),
        Field("direct_internet_access", Type.BOOLEAN, "Whether it reaches the internet by itself."),
        Field("lifecycle_config", Type.STRING, "The lifecycle configuration whose scripts run at its start."),
        Field("subnet_id", Type.STRING, "The subnet that it is in: `subnet-…`."),
        Field("security_groups", Type.STRINGS, "Its security groups: `sg-…`."),
    ),
)

STACK = Kind(
    "Stack",
    "A CloudFormation stack. With a role of its own, whoever may update it acts as that role. "
    "Parameters, outputs and templates never enter.",
    extends="Compute",
    identifier="The stack's ARN, which ends in its unique id.",
    fields=(
        Field("description", Type.STRING, "What its template says of it."),
        Field("updated_at", Type.TIMESTAMP, "When it was last updated."),
        Field("capabilities", Type.STRINGS, "What it was allowed to make: `CAPABILITY_IAM`, …"),
        Field("termination_protection", Type.BOOLEAN, "Whether it is protected from deletion."),
        Field("parent_id", Type.STRING, "The ARN of the stack that it is nested in."),
        Field("root_id", Type.STRING, "The ARN of the outermost stack that it is nested in."),
    ),
)

STACK_SET = Kind(
    "StackSet",
    "A CloudFormation stack set: it makes the same stack in many accounts.",
    extends="Compute",
    identifier="The stack set's ARN.",
    fields=(
        Field("stack_set_id", Type.STRING, "`NAME:ID`."),
        Field("description", Type.STRING, "What its author says of it."),
        Field("permission_model", Type.STRING, "`SELF_MANAGED` or `SERVICE_MANAGED`."),
        Field("administration_role", Type.STRING, "The ARN of the role that enters the accounts, where self-managed."),
        Field("execution_role_name", Type.STRING, "The name of the role that it enters in every account."),
        Field("auto_deployment", Type.BOOLEAN, "Whether accounts that join its units get the stack by themselves."),
        Field("capabilities", Type.STRINGS, "What it is allowed to make: `CAPABILITY_IAM`, …"),
        Field("accounts", Type.STRINGS, "Accounts in which it has stacks; absent where that could not be read."),
        Field("unit_ids", Type.STRINGS, "Roots and organizational units that it is deployed to."),
    ),
)

APP_RUNNER_SERVICE = Kind(
    "AppRunnerService",
    "An App Runner service.",
    extends="Compute",
    identifier="The service's ARN.",
    fields=(
        Field("url", Type.STRING, "The name that it answers at."),
        Field("public", Type.BOOLEAN, "Whether it answers the internet."),
        Field("source_type", Type.STRING, "`image` or `code`."),
        Field("source_location", Type.STRING, "The image or the repository that it runs."),
        Field("auto_deployments", Type.BOOLEAN, "Whether a new image or commit is deployed by itself."),
        Field("environment_names", Type.STRINGS, "Names of environment variables, without their values."),
    ),
)

CODE_INTERPRETER = Kind(
    "CodeInterpreter",
    "A custom code interpreter of Bedrock AgentCore: whoever may use it runs code as its role.",
    extends="Compute",
    identifier="The code interpreter's ARN.",
    fields=(
        Field("interpreter_id", Type.STRING, "The id that calls name it by."),
        Field("description", Type.STRING, "What its author says of it."),
        Field("network_mode", Type.STRING, "`PUBLIC`, `SANDBOX` or `VPC`."),
    ),
)

DATA_PIPELINE = Kind(
    "DataPipeline",
    "An AWS Data Pipeline. Of its definition nothing but its roles enters.",
    extends="Compute",
    identifier="`arn:aws:datapipeline:REGION:ACCOUNT:pipeline/df-…`.",
    fields=(
        Field("pipeline_id", Type.STRING, "`df-…`."),
        Field("description", Type.STRING, "What its author says of it."),
    ),
)

LAMBDA_FUNCTION = Kind(
    "LambdaFunction",
    "A Lambda function; what is said of it is that of `$LATEST`.",
    extends="Compute",
    identifier="The function's ARN, without a version.",
    fields=(
        Field("runtime", Type.STRING, "`python3.13`, …; absent for images."),
        Field("package_type", Type.STRING, "`Zip` or `Image`."),
        Field("handler", Type.STRING, "The function that is called."),
        Field("layers", Type.STRINGS, "ARNs of the versions of layers that it uses."),
        Field("event_sources", Type.BOOLEAN, "Whether event source mappings call it."),
        Field("environment_names", Type.STRINGS, "Names of environment variables, without their values."),
        Field("vpc_id", Type.STRING, "The VPC that it is in: `vpc-…`."),
        Field("public", Type.BOOLEAN, "Whether it has a function URL that asks for no authentication."),
        Field("policy", Type.JSON, "Its resource-based policy, decoded; absent without one."),
        Field("policy_hash", Type.STRING, "Hash of the policy; equal policies have equal hashes.", indexed=True),
        Field("policy_malformed", Type.STRING, "Why the policy could not be understood; absent when it could."),
        Field("policy_unread", Type.STRING, "The error code of the call for its policy; absent when that was read."),
        Field("updated_at", Type.TIMESTAMP, "When its code or configuration last changed."),
    ),
)

RUNS_AS = Relationship(
    "RUNS_AS",
    "The compute was given the role. The key is the capacity, for a thing may have several roles.",
    ends=(("Compute", "Role"),),
    fields=(
        Field(
            "capacity",
            Type.STRING,
            "What for: `instance` (EC2, launch templates, App Runner), `node` (Systems Manager), `task`, `execution` "
            "and `service` (ECS), `build`, `batch` and `access` (CodeBuild), `job`, `endpoint`, `notebook`, `stack` "
            "(CloudFormation), `administration` (stack sets), `access` (App Runner too), `interpreter`, `pipeline` and "
            "`resource` (Data Pipeline), `function`; it is the key too.",
        ),
        Field(
            "credentials",
            Type.BOOLEAN,
            "Whether code that runs there is handed the role's credentials. False where the service alone acts as the "
            "role: ECS pulling an image, CloudFormation making what a template says.",
        ),
        Field(
            "version",
            Type.STRING,
            "Of a launch template: `default` where its default version names the role, else `latest`.",
        ),
    ),
)

HAS_PROFILE = Relationship(
    "HAS_PROFILE",
    "The instance was given the instance profile, or the default or latest version of the launch template names it.",
    ends=(("Instance", "InstanceProfile"), ("LaunchTemplate", "InstanceProfile")),
)

LAUNCHED_FROM = Relationship(
    "LAUNCHED_FROM",
    "The start was made from the end: an instance from a launch template, a task or a service's tasks from a task "
    "definition.",
    ends=(("Instance", "LaunchTemplate"), ("EcsTask", "TaskDefinition"), ("EcsService", "TaskDefinition")),
    fields=(Field("version", Type.STRING, "The launch template's version."),),
)
