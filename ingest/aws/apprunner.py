"""AWS App Runner: services and the roles that their code and their deployments have.

https://docs.aws.amazon.com/apprunner/latest/api/API_DescribeService.html
https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html

One call for a region without services, and one more for each. Of environment variables only the names are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .codebuild import without_credentials
from .collector import Call, Collector, Level, Page, Reader
from .compute import compute, runs_as
from .values import text, timestamp

MOST = 20
"""Services on a page."""

DELETED = "DELETED"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's services."""
    pages = reader.pages("ListServices", MaxResults=MOST)
    listed = [one for page in pages for one in page.get("ServiceSummaryList") or () if one.get("Status") != DELETED]
    summaries = {one["ServiceArn"]: one for one in listed}
    for params, answers in reader.many("DescribeService", [{"ServiceArn": arn} for arn in summaries]):
        if answers:
            yield from _service(reader, answers[0]["Service"])
        elif reader.refused("DescribeService"):
            yield from _service(reader, summaries[params["ServiceArn"]])


def _service(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn, source = stated["ServiceArn"], stated.get("SourceConfiguration") or {}
    image, code = source.get("ImageRepository") or {}, source.get("CodeRepository") or {}
    ingress = (stated.get("NetworkConfiguration") or {}).get("IngressConfiguration") or {}
    yield from compute(
        reader,
        "AppRunnerService",
        arn,
        stated.get("ServiceName"),
        {
            "state": text(stated.get("Status")),
            "created_at": timestamp(stated.get("CreatedAt")),
            "url": text(stated.get("ServiceUrl")),
            "public": ingress.get("IsPubliclyAccessible"),
            "source_type": "image" if image else "code" if code else None,
            "source_location": text(image.get("ImageIdentifier")) or without_credentials(code.get("RepositoryUrl")),
            "auto_deployments": source.get("AutoDeploymentsEnabled"),
            "environment_names": _environment_names(image, code) if source else None,
        },
    )
    role = (stated.get("InstanceConfiguration") or {}).get("InstanceRoleArn")
    yield from runs_as(arn, role, "instance", credentials=True)
    access = (source.get("AuthenticationConfiguration") or {}).get("AccessRoleArn")
    yield from runs_as(arn, access, "access", credentials=False)


def _environment_names(image: Page, code: Page) -> list[str]:
    values = (code.get("CodeConfiguration") or {}).get("CodeConfigurationValues") or {}
    stated = (image.get("ImageConfiguration") or {}, values)
    members = ("RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets")
    return sorted({str(name) for one in stated for member in members for name in one.get(member) or ()})


COLLECTOR = Collector(
    name="apprunner",
    level=Level.REGION,
    calls=(
        Call("apprunner", "ListServices", ("apprunner:ListServices",), tokens=("NextToken", "NextToken")),
        # A service may be deleted while it is read.
        Call("apprunner", "DescribeService", ("apprunner:DescribeService",), ("ResourceNotFoundException",)),
    ),
    collect=collect,
    description="App Runner services, with the roles of their code and of their deployments.",
)
