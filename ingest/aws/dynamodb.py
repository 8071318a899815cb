"""Amazon DynamoDB: tables and their policies.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html

One call for a region without tables, a hundred to a page, one for the tags of a hundred, and one for each table.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import GET_TAGS, policy_fields, resource, tags_by_arn, tags_of

GONE = "ResourceNotFoundException"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's tables."""
    names = [name for page in reader.pages("ListTables") for name in page.get("TableNames") or ()]
    if not names:
        return
    known_tags = tags_by_arn(reader, "dynamodb:table")
    of = f"arn:{reader.partition}:dynamodb:{reader.region}:{reader.account}:table/"
    for params, answer in reader.each("GetResourcePolicy", [{"ResourceArn": f"{of}{name}"} for name in names]):
        if answer.absent == GONE:
            continue
        arn = str(params["ResourceArn"])
        yield from resource(
            reader,
            "Table",
            arn,
            arn.removeprefix(of),
            {**policy_fields(answer, answer.page.get("Policy")), "tags": tags_of(known_tags, arn)},
        )


COLLECTOR = Collector(
    name="dynamodb",
    level=Level.REGION,
    calls=(
        Call("dynamodb", "ListTables", ("dynamodb:ListTables",)),
        Call("dynamodb", "GetResourcePolicy", ("dynamodb:GetResourcePolicy",), ("PolicyNotFoundException", GONE)),
        GET_TAGS,
    ),
    collect=collect,
    description="Tables and their policies.",
)
