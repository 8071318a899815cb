"""What differs from service to service in how policies apply. Services are named by the prefix of their actions."""

from __future__ import annotations

from functools import lru_cache

_UNDER_RCPS = """
aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis
fms gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch
pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery
signin sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
"""

RCP_SERVICES = frozenset(_UNDER_RCPS.split())
"""Services whose actions resource control policies apply to.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

NOT_UNDER_RCPS = frozenset(("kms:retiregrant",))
"""Actions of those services that resource control policies leave alone, in lower case.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
"""

_WITH_POLICIES = """
acm-pca aoss apigateway backup cloudtrail codeartifact codebuild dynamodb ecr ecr-public elasticfilesystem es
events execute-api glacier glue iot kinesis kms lambda logs media-store mediastore network-firewall ram
redshift-serverless rekognition s3 s3-object-lambda s3-outposts s3express s3tables schemas secretsmanager
serverlessrepo ses signer sns sqs ssm ssm-contacts ssm-incidents vpc-lattice
"""

SERVICES_WITH_RESOURCE_POLICIES = frozenset(_WITH_POLICIES.split())
"""Services some of whose resources have a policy of their own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

_WITHIN_ACCOUNT = """
dynamodb:CreateBackup dynamodb:DeleteResourcePolicy dynamodb:DescribeContinuousBackups
dynamodb:DescribeContributorInsights dynamodb:DescribeKinesisStreamingDestination
dynamodb:DescribeTableReplicaAutoScaling dynamodb:DescribeTimeToLive dynamodb:DisableKinesisStreamingDestination
dynamodb:EnableKinesisStreamingDestination dynamodb:ExportTableToPointInTime dynamodb:GetResourcePolicy
dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate
dynamodb:PutResourcePolicy dynamodb:RestoreTableToPointInTime dynamodb:UpdateContinuousBackups
dynamodb:UpdateContributorInsights dynamodb:UpdateKinesisStreamingDestination
dynamodb:UpdateTableReplicaAutoScaling dynamodb:UpdateTimeToLive
kinesis:PutResourcePolicy
kms:CancelKeyDeletion kms:ConnectCustomKeyStore kms:CreateAlias kms:CreateCustomKeyStore kms:CreateKey kms:DeleteAlias
kms:DeleteCustomKeyStore kms:DeleteImportedKeyMaterial kms:DescribeCustomKeyStores kms:DisableKey
kms:DisableKeyRotation kms:DisconnectCustomKeyStore kms:EnableKey kms:EnableKeyRotation kms:GetKeyLastUsage
kms:GetKeyPolicy kms:GetParametersForImport kms:ImportKeyMaterial kms:ListAliases kms:ListKeyPolicies
kms:ListKeyRotations kms:ListKeys kms:ListResourceTags kms:PutKeyPolicy kms:ReplicateKey kms:RotateKeyOnDemand
kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource kms:UpdateAlias kms:UpdateCustomKeyStore
kms:UpdateKeyDescription kms:UpdatePrimaryRegion
s3:DeleteBucketPolicy s3:GetBucketPolicy s3:PutBucketPolicy
s3-outposts:DeleteBucketPolicy s3-outposts:GetBucket s3-outposts:GetBucketPolicy s3-outposts:PutBucketPolicy
secretsmanager:BatchGetSecretValue secretsmanager:CreateSecret secretsmanager:ListSecrets
sqs:AddPermission sqs:CancelMessageMoveTask sqs:CreateQueue sqs:DeleteQueue sqs:ListMessageMoveTasks sqs:ListQueues
sqs:ListQueueTags sqs:RemovePermission sqs:SetQueueAttributes sqs:StartMessageMoveTask sqs:TagQueue sqs:UntagQueue
"""

WITHIN_ACCOUNT = frozenset(_WITHIN_ACCOUNT.lower().split())
"""Actions, in lower case, that nobody takes on a resource of another account, whatever its policy lets. The
reference of each service's API tells them, or its guide.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html
"""


def service_of(action: str) -> str:
    """The prefix of an action, in lower case: ``sts`` of ``sts:AssumeRole``."""
    return action.partition(":")[0].lower()


@lru_cache(maxsize=65536)
def under_rcps(action: str) -> bool:
    """Whether resource control policies apply to the action."""
    return service_of(action) in RCP_SERVICES and action.lower() not in NOT_UNDER_RCPS
