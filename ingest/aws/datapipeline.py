"""AWS Data Pipeline: pipelines, with the role that each acts as and the role of the machines that it starts.

https://docs.aws.amazon.com/datapipeline/latest/APIReference/API_GetPipelineDefinition.html
https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-iam-roles.html

One call for a region without pipelines. Of a definition, which may hold commands and passwords, only the roles are
kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import GET_ROLE, batches, compute, role_arns, runs_as
from .values import tags, text, timestamp

MOST = 25
"""Pipelines that one call describes."""

ROLES = {"role": ("pipeline", False), "resourceRole": ("resource", True)}
"""Fields of a definition's objects that name a role; the capacity it is given in, and whether code is handed it."""

GONE = ("PipelineDeletedException", "PipelineNotFoundException")


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's pipelines."""
    listed = [one["id"] for page in reader.pages("ListPipelines") for one in page.get("pipelineIdList") or ()]
    described = [
        pipeline
        for _, pages in reader.many("DescribePipelines", [{"pipelineIds": some} for some in batches(listed, MOST)])
        for page in pages
        for pipeline in page.get("pipelineDescriptionList") or ()
    ]
    named = {
        params["pipelineId"]: _named(pages)
        for params, pages in reader.many(
            "GetPipelineDefinition", [{"pipelineId": one["pipelineId"]} for one in described]
        )
    }
    arns = role_arns(reader, (role for roles in named.values() for role, _ in roles))
    for pipeline in described:
        yield from _pipeline(reader, pipeline, named[pipeline["pipelineId"]], arns)


def _named(pages: list[Page]) -> set[tuple[str, str]]:
    """The roles, and instance profiles, that a definition names, each with the field that names it."""
    objects = (one for page in pages for one in page.get("pipelineObjects") or ())
    fields = (field for one in objects for field in one.get("fields") or ())
    return {
        (field["stringValue"], field["key"]) for field in fields if field["key"] in ROLES and field.get("stringValue")
    }


def _pipeline(
    reader: Reader, stated: Page, named: set[tuple[str, str]], arns: Mapping[str, str]
) -> Iterator[Node | Edge]:
    identifier = stated["pipelineId"]
    arn = f"arn:{reader.partition}:datapipeline:{reader.region}:{reader.account}:pipeline/{identifier}"
    fields = {field["key"]: field.get("stringValue") for field in stated.get("fields") or ()}
    yield from compute(
        reader,
        "DataPipeline",
        arn,
        text(stated.get("name")) or identifier,
        {
            "tags": tags(stated.get("tags")),
            "state": text(fields.get("@pipelineState")),
            "created_at": timestamp(fields.get("@creationTime")),
            "pipeline_id": identifier,
            "description": text(stated.get("description")),
        },
    )
    for role, key in sorted(named):
        capacity, credentials = ROLES[key]
        yield from runs_as(arn, arns.get(role), capacity, credentials=credentials)


def _call(operation: str, *absent: str) -> Call:
    return Call("datapipeline", operation, (f"datapipeline:{operation}",), absent)


COLLECTOR = Collector(
    name="datapipeline",
    level=Level.REGION,
    calls=(
        _call("ListPipelines"),
        # A pipeline may be deleted while it is read.
        _call("DescribePipelines", *GONE),
        _call("GetPipelineDefinition", *GONE),
        GET_ROLE,
    ),
    collect=collect,
    description="Data pipelines, with the roles that they and their machines have.",
)
