"""Parameters of AWS Systems Manager. Never their values.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html

One call for a region without parameters, fifty to a page, one for the tags of a hundred, and one for the policies of
each parameter of the advanced tier: others cannot be shared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ...schema import Edge, Node
from .collector import Answer, Call, Collector, Level, Page, Reader
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import text, timestamp

GONE = ("ResourceNotFoundException", "ParameterNotFound")
STANDARD = "Standard"
NONE_ASKED = Answer([])


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's parameters."""
    parameters = {_arn(reader, one): one for one in entries([*_described(reader)], "Parameters")}
    if not parameters:
        return
    known_tags = tags_by_arn(reader, "ssm:parameter")
    shareable = [{"ResourceArn": arn} for arn, one in parameters.items() if one.get("Tier", STANDARD) != STANDARD]
    answers = {params["ResourceArn"]: answer for params, answer in reader.each("GetResourcePolicies", shareable)}
    for arn, stated in parameters.items():
        answer = answers.get(arn, NONE_ASKED)
        if answer.absent:
            continue
        yield from resource(
            reader,
            "Parameter",
            arn,
            stated.get("Name"),
            {
                **policy_fields(answer, _together(answer.pages)),
                "description": text(stated.get("Description")),
                "type": text(stated.get("Type")),
                "tier": text(stated.get("Tier")),
                "kms_key_id": text(stated.get("KeyId")),
                "updated_at": timestamp(stated.get("LastModifiedDate")),
                "updated_by": text(stated.get("LastModifiedUser")),
                "tags": tags_of(known_tags, arn),
            },
        )


def _described(reader: Reader) -> Iterator[Page]:
    return reader.pages("DescribeParameters", MaxResults=50)


def _arn(reader: Reader, stated: Page) -> str:
    """The parameter's ARN: a name that is a path begins with the slash already."""
    name = str(stated.get("Name", ""))
    built = f"arn:{reader.partition}:ssm:{reader.region}:{reader.account}:parameter/{name.removeprefix('/')}"
    return text(stated.get("ARN")) or built


def _together(pages: Sequence[Page]) -> object:
    """A parameter's policies as one: it may have several, each a share of Resource Access Manager's."""
    policies = [policy["Policy"] for policy in entries(pages, "Policies") if policy.get("Policy")]
    if len(policies) < 2:
        return policies[0] if policies else None
    try:
        documents = [json.loads(policy) for policy in policies]
        statements = [
            statement
            for document in documents
            for statement in (
                document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
            )
        ]
    except (ValueError, KeyError, TypeError):
        return "; ".join(policies)
    return {"Version": "2012-10-17", "Statement": statements}


COLLECTOR = Collector(
    name="parameters",
    level=Level.REGION,
    calls=(
        Call("ssm", "DescribeParameters", ("ssm:DescribeParameters",)),
        Call("ssm", "GetResourcePolicies", ("ssm:GetResourcePolicies",), GONE),
        GET_TAGS,
    ),
    collect=collect,
    description="Parameters of Systems Manager and the policies that share them; never their values.",
)
