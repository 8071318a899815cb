"""AWS CodeBuild: build projects and the roles that builds run as.

https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html

One call for a region without projects, and one more for every hundred. Of environment variables only the names are
kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import batches, compute, names_in, runs_as
from .values import tags, text, timestamp

MOST = 100
"""Projects that one call describes."""

PUBLIC = "PUBLIC_READ"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's build projects."""
    names = [name for page in reader.pages("ListProjects") for name in page.get("projects") or ()]
    for _, pages in reader.many("BatchGetProjects", [{"names": some} for some in batches(names, MOST)]):
        for project in (project for page in pages for project in page.get("projects") or ()):
            yield from _project(reader, project)


def _project(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn, source, environment = stated["arn"], stated.get("source") or {}, stated.get("environment") or {}
    visibility = text(stated.get("projectVisibility"))
    batch = (stated.get("buildBatchConfig") or {}).get("serviceRole")
    yield from compute(
        reader,
        "CodeBuildProject",
        arn,
        stated.get("name"),
        {
            "tags": tags(stated.get("tags")),
            "created_at": timestamp(stated.get("created")),
            "source_type": text(source.get("type")),
            "source_location": without_credentials(source.get("location")),
            "privileged": environment.get("privilegedMode"),
            "public": visibility == PUBLIC if visibility else None,
            "webhook": bool(stated.get("webhook")),
            "batch_builds": bool(batch),
            "vpc_id": text((stated.get("vpcConfig") or {}).get("vpcId")),
            "environment_names": names_in(environment.get("environmentVariables")),
        },
    )
    yield from runs_as(arn, stated.get("serviceRole"), "build", credentials=True)
    # The role of batches starts builds; the role of public projects shows their logs. Neither reaches a build.
    yield from runs_as(arn, batch, "batch", credentials=False)
    yield from runs_as(arn, stated.get("resourceAccessRole"), "access", credentials=False)


def without_credentials(location: object) -> str | None:
    """The address of a repository without the name and password that may stand before its host.

    >>> without_credentials("https://build:secret@git.example/payments.git")
    'https://git.example/payments.git'
    """
    stated = text(location)
    if stated is None or "://" not in stated:
        return stated
    try:
        parts = urlsplit(stated)
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


COLLECTOR = Collector(
    name="codebuild",
    level=Level.REGION,
    calls=(
        Call("codebuild", "ListProjects", ("codebuild:ListProjects",)),
        Call("codebuild", "BatchGetProjects", ("codebuild:BatchGetProjects",)),
    ),
    collect=collect,
    description="Build projects and the roles that builds run as.",
)
