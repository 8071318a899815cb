"""Amazon SQS: queues and their policies.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html

One call for a region without queues, one for the tags of a hundred, and one for each queue.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import GET_TAGS, policy_fields, resource, tags_by_arn, tags_of
from .values import text, timestamp

GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's queues."""
    urls = [url for page in reader.pages("ListQueues", MaxResults=1000) for url in page.get("QueueUrls") or ()]
    if not urls:
        return
    known_tags = tags_by_arn(reader, "sqs")
    asked = [{"QueueUrl": url, "AttributeNames": ["All"]} for url in urls]
    for params, answer in reader.each("GetQueueAttributes", asked):
        if answer.absent:
            continue
        url, stated = str(params["QueueUrl"]), answer.page.get("Attributes") or {}
        name = url.rpartition("/")[2]
        arn = stated.get("QueueArn") or f"arn:{reader.partition}:sqs:{reader.region}:{reader.account}:{name}"
        created = str(stated.get("CreatedTimestamp", ""))
        yield from resource(
            reader,
            "Queue",
            arn,
            name,
            {
                **policy_fields(answer, stated.get("Policy")),
                "url": text(url),
                "kms_key_id": text(stated.get("KmsMasterKeyId")),
                "created_at": timestamp(float(created)) if created.isdigit() else None,
                "tags": tags_of(known_tags, arn),
            },
        )


COLLECTOR = Collector(
    name="sqs",
    level=Level.REGION,
    calls=(
        Call("sqs", "ListQueues", ("sqs:ListQueues",)),
        Call("sqs", "GetQueueAttributes", ("sqs:GetQueueAttributes",), GONE),
        GET_TAGS,
    ),
    collect=collect,
    description="Queues and their policies.",
)
