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


def service_of(action: str) -> str:
    """The prefix of an action, in lower case: ``sts`` of ``sts:AssumeRole``."""
    return action.partition(":")[0].lower()


@lru_cache(maxsize=65536)
def under_rcps(action: str) -> bool:
    """Whether resource control policies apply to the action."""
    return service_of(action) in RCP_SERVICES and action.lower() not in NOT_UNDER_RCPS
