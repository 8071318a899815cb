"""Actions that nobody takes in another account: the list against what the references of services' APIs say."""

from __future__ import annotations

import re

import pytest
from botocore.loaders import Loader
from muniment.analysis.iam.evaluation.services import WITHIN_ACCOUNT, service_of

SAID = {
    "kms": r"Cross-account use: No\.",
    "sqs": r"Cross-account permissions don't apply to this action",
    "s3": r"belong to the bucket owner's account (in order )?to use this operation",
    "kinesis": r"belong to the owner's account in order to use this operation",
}
"""How the reference of a service's API says it."""

SAID_ELSEWHERE = {"sqs:cancelmessagemovetask", "sqs:listmessagemovetasks", "sqs:startmessagemovetask"}
"""Only the developer guide tells these.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html
"""


@pytest.mark.parametrize("service", sorted(SAID))
def test_list_is_what_the_reference_says(service: str) -> None:
    operations = Loader().load_service_model(service, "service-2")["operations"]
    said = {
        f"{service}:{name.lower()}"
        for name, operation in operations.items()
        if re.search(SAID[service], _text(operation.get("documentation", "")))
    }
    assert {action for action in WITHIN_ACCOUNT if service_of(action) == service} - SAID_ELSEWHERE == said


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
