"""AWS Glue: development endpoints and jobs, with the roles that they run as.

https://docs.aws.amazon.com/glue/latest/webapi/API_GetDevEndpoints.html
https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobs.html

Two calls for a region that has neither. Arguments, which may hold secrets, are never kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import GET_ROLE, compute, role_arns, runs_as
from .values import text, timestamp

MOST = 1000
"""Entries that Glue puts on a page at most; 200 of jobs."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's development endpoints and jobs."""
    endpoints = [
        one for page in reader.pages("GetDevEndpoints", MaxResults=MOST) for one in page.get("DevEndpoints") or ()
    ]
    jobs = [one for page in reader.pages("GetJobs", MaxResults=200) for one in page.get("Jobs") or ()]
    # A job's role is an ARN or a name, as whoever made the job wrote it.
    roles = role_arns(reader, [one.get("RoleArn") for one in endpoints] + [one.get("Role") for one in jobs])
    for endpoint in endpoints:
        yield from _endpoint(reader, endpoint, roles)
    for job in jobs:
        yield from _job(reader, job, roles)


def _arn(reader: Reader, kind: str, name: str) -> str:
    return f"arn:{reader.partition}:glue:{reader.region}:{reader.account}:{kind}/{name}"


def _endpoint(reader: Reader, stated: Page, roles: dict[str, str]) -> Iterator[Node | Edge]:
    arn = _arn(reader, "devEndpoint", stated["EndpointName"])
    keys = stated.get("PublicKeys") or ([stated["PublicKey"]] if stated.get("PublicKey") else [])
    yield from compute(
        reader,
        "GlueDevEndpoint",
        arn,
        stated["EndpointName"],
        {
            "state": text(stated.get("Status")),
            "created_at": timestamp(stated.get("CreatedTimestamp")),
            "public": bool(stated.get("PublicAddress")),
            "public_keys": len(set(keys)),
            "vpc_id": text(stated.get("VpcId")),
        },
    )
    yield from runs_as(arn, roles.get(str(stated.get("RoleArn"))), "endpoint", credentials=True)


def _job(reader: Reader, stated: Page, roles: dict[str, str]) -> Iterator[Node | Edge]:
    arn, command = _arn(reader, "job", stated["Name"]), stated.get("Command") or {}
    yield from compute(
        reader,
        "GlueJob",
        arn,
        stated["Name"],
        {
            "created_at": timestamp(stated.get("CreatedOn")),
            "type": text(command.get("Name")),
            "script_location": text(command.get("ScriptLocation")),
            "glue_version": text(stated.get("GlueVersion")),
        },
    )
    yield from runs_as(arn, roles.get(str(stated.get("Role"))), "job", credentials=True)


COLLECTOR = Collector(
    name="glue",
    level=Level.REGION,
    calls=(
        Call("glue", "GetDevEndpoints", ("glue:GetDevEndpoints",)),
        Call("glue", "GetJobs", ("glue:GetJobs",)),
        GET_ROLE,
    ),
    collect=collect,
    description="Development endpoints and jobs, with the roles that they run as.",
)
