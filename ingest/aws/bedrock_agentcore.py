"""Amazon Bedrock AgentCore: custom code interpreters and the roles that code in them runs as.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetCodeInterpreter.html
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-regions.html

One call for a region without code interpreters, and one more for each. AWS's own interpreter has no role.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import compute, runs_as
from .values import text, timestamp

SERVICE = "bedrock-agentcore-control"
DELETED = "DELETED"

REGIONS = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-5",
        "ap-southeast-7",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-gov-west-1",
        "us-west-2",
    }
)
"""Regions with AgentCore's built-in tools; botocore knows no endpoints of the service."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's custom code interpreters."""
    pages = reader.pages("ListCodeInterpreters", type="CUSTOM", maxResults=100)
    listed = [one for page in pages for one in page.get("codeInterpreterSummaries") or ()]
    summaries = {one["codeInterpreterId"]: one for one in listed if one.get("status") != DELETED}
    asked = [{"codeInterpreterId": identifier} for identifier in summaries]
    for params, answers in reader.many("GetCodeInterpreter", asked):
        if answers or reader.refused("GetCodeInterpreter"):
            summary = summaries[params["codeInterpreterId"]]
            yield from _interpreter(reader, {**summary, **(answers[0] if answers else {})})


def _interpreter(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn = stated["codeInterpreterArn"]
    yield from compute(
        reader,
        "CodeInterpreter",
        arn,
        text(stated.get("name")) or stated["codeInterpreterId"],
        {
            "state": text(stated.get("status")),
            "created_at": timestamp(stated.get("createdAt")),
            "interpreter_id": stated["codeInterpreterId"],
            "description": text(stated.get("description")),
            "network_mode": text((stated.get("networkConfiguration") or {}).get("networkMode")),
        },
    )
    yield from runs_as(arn, stated.get("executionRoleArn"), "interpreter", credentials=True)


COLLECTOR = Collector(
    name="bedrock-agentcore",
    level=Level.REGION,
    calls=(
        Call(SERVICE, "ListCodeInterpreters", ("bedrock-agentcore:ListCodeInterpreters",)),
        # A code interpreter may be deleted while it is read.
        Call(SERVICE, "GetCodeInterpreter", ("bedrock-agentcore:GetCodeInterpreter",), ("ResourceNotFoundException",)),
    ),
    collect=collect,
    description="Custom code interpreters of Bedrock AgentCore and the roles that code in them runs as.",
    regions=REGIONS,
)
