"""Amazon SNS: topics and their policies.

https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html

One call for a region without topics, a hundred to a page, one for the tags of a hundred, and one for each topic.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import text

GONE = ("NotFound", "NotFoundException")


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's topics."""
    arns = [topic["TopicArn"] for topic in entries([*reader.pages("ListTopics")], "Topics")]
    if not arns:
        return
    known_tags = tags_by_arn(reader, "sns")
    for params, answer in reader.each("GetTopicAttributes", [{"TopicArn": arn} for arn in arns]):
        if answer.absent:
            continue
        arn, stated = str(params["TopicArn"]), answer.page.get("Attributes") or {}
        confirmed = str(stated.get("SubscriptionsConfirmed", ""))
        yield from resource(
            reader,
            "Topic",
            arn,
            arn.rpartition(":")[2],
            {
                **policy_fields(answer, stated.get("Policy")),
                "kms_key_id": text(stated.get("KmsMasterKeyId")),
                "subscriptions": int(confirmed) if confirmed.isdigit() else None,
                "tags": tags_of(known_tags, arn),
            },
        )


COLLECTOR = Collector(
    name="sns",
    level=Level.REGION,
    calls=(
        Call("sns", "ListTopics", ("sns:ListTopics",)),
        Call("sns", "GetTopicAttributes", ("sns:GetTopicAttributes",), GONE),
        GET_TAGS,
    ),
    collect=collect,
    description="Topics and their policies.",
)
