"""Lists that AWS documents, copied here so that this evaluator rests on nothing of the product."""

# fmt: off
RCP_SERVICES = frozenset({
    "appconfig", "appstream", "aoss", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory", "cloudfront",
    "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline", "cognito-identity",
    "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql",
    "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health", "inspector-scan",
    "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch",
    "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3", "secretsmanager",
    "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract", "timestream-influxdb", "transcribe",
    "transfer", "translate", "wafv2", "workspaces", "xray",
})
"""Prefixes of the actions to which resource control policies apply.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

USED_ACROSS_ACCOUNTS = (
    "kms:Decrypt", "kms:DeriveSharedSecret", "kms:Encrypt", "kms:GenerateDataKey*", "kms:GenerateMac", "kms:ReEncrypt*",
    "kms:Sign", "kms:Verify*", "kms:CreateGrant", "kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:GetPublicKey",
    "kms:ListGrants", "kms:RetireGrant", "kms:RevokeGrant",
)
"""'Cross-account permission is effective only for the following operations': cryptographic ones and some more.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
"""
NOT_ACROSS_ACCOUNTS = (
    "secretsmanager:BatchGetSecretValue", "secretsmanager:CreateSecret", "secretsmanager:ListSecrets",
    "sqs:AddPermission", "sqs:CancelMessageMoveTask", "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:ListMessageMoveTasks",
    "sqs:ListQueues", "sqs:ListQueueTags", "sqs:RemovePermission", "sqs:SetQueueAttributes", "sqs:StartMessageMoveTask",
    "dynamodb:UpdateTimeToLive", "dynamodb:DisableKinesisStreamingDestination", "dynamodb:PutResourcePolicy",
    "sqs:TagQueue", "sqs:UntagQueue", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy",
)
"""'Cross-account permissions don't apply to the following actions'; or the caller must 'belong to the bucket owner's
account in order to use this operation', or they 'don't support cross-account access through resource-based policies'.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
"""
