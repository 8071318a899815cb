"""What it also takes to use what a KMS key encrypts: a service decrypts and encrypts with the caller's permissions.

The permission on the resource and that on the key are two. Who may read an object but not decrypt with its key is
refused, so where the key is known both are decided together.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ....schema.identifiers import Arn
from ..conditions.context import Context
from ..policies.statements import Reason
from .evaluate import Policies, Weighed, both, weigh
from .request import Request
from .resources import Resource

OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "s3:getobject": ("kms:Decrypt",),
    "s3:getobjectversion": ("kms:Decrypt",),
    "s3:putobject": ("kms:GenerateDataKey",),
    "secretsmanager:getsecretvalue": ("kms:Decrypt",),
    "secretsmanager:putsecretvalue": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sns:publish": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:receivemessage": ("kms:Decrypt",),
    "sqs:sendmessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "ssm:getparameter": ("kms:Decrypt",),
    "ssm:putparameter": ("kms:Encrypt",),
}
"""What an action, in lower case, takes on the key that encrypts what it is about."""

_CONTEXTS: Mapping[str, str] = {
    "s3": "aws:s3:arn",
    "secretsmanager": "SecretARN",
    "sns": "aws:sns:topicArn",
    "sqs": "aws:sqs:arn",
    "ssm": "PARAMETER_ARN",
}
"""The pair of the encryption context that tells the resource, by service."""


def also_takes(action: str, resource: Resource) -> Reason | None:
    """What an action takes beside its permission on a resource that a customer's key encrypts; a key that AWS manages
    lets whoever its service lets.
    """
    key, operations = resource.encryption_key, OPERATIONS.get(action.lower(), ())
    if not operations or not key or f":{key}".count(":alias/aws/"):
        return None
    return Reason(resource.arn, note=f"encrypted with {key}, on which it also takes {' and '.join(operations)}")


def with_key(weighed: Weighed, request: Request, own: Policies, key: Resource) -> Weighed:
    """The permission on the resource together with that on its key; ``own`` are the caller's policies.

    A request for an action that takes none comes back as it is.
    """
    side = key.policies()
    limits = own.resource_control if key.account == request.resource_account else ()
    unread = {**own.unread, **side.unread}
    policies = replace(own, resource=side.resource, resource_control=limits, endpoint=None, guarded=True, unread=unread)
    for asked in _requests(request, key):
        weighed = both(weighed, weigh(asked, policies))
    return weighed


def _requests(request: Request, key: Resource) -> Iterator[Request]:
    """What the service asks of KMS in the caller's name."""
    service = request.action.partition(":")[0].lower()
    parsed = Arn.maybe(key.arn)
    region = parsed.region if parsed else ""
    known = {
        "kms:ViaService": f"{service}.{region}.amazonaws.com",
        "kms:CallerAccount": request.caller.account,
        f"kms:EncryptionContext:{_CONTEXTS.get(service)}": request.resource,
        "kms:EncryptionContextKeys": _CONTEXTS.get(service),
    }
    context = request.context.over(Context.of({name: value for name, value in known.items() if value}))
    for operation in OPERATIONS.get(request.action.lower(), ()):
        yield replace(request, action=operation, resource=key.arn, resource_account=key.account, context=context)
