"""Amazon ECR: repositories of container images and their policies.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html

One call for a region without repositories, one for the tags of a hundred, and one for each repository.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import text, timestamp

NO_POLICY = "RepositoryPolicyNotFoundException"
GONE = "RepositoryNotFoundException"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's repositories."""
    pages = [*reader.pages("DescribeRepositories", maxResults=1000)]
    listed = {one["repositoryName"]: one for one in entries(pages, "repositories") if "repositoryName" in one}
    if not listed:
        return
    known_tags = tags_by_arn(reader, "ecr:repository")
    for params, answer in reader.each("GetRepositoryPolicy", [{"repositoryName": name} for name in listed]):
        if answer.absent == GONE:
            continue
        name = str(params["repositoryName"])
        stated = listed[name]
        arn = stated["repositoryArn"]
        yield from resource(
            reader,
            "Repository",
            arn,
            name,
            {
                **policy_fields(answer, answer.page.get("policyText")),
                "uri": text(stated.get("repositoryUri")),
                "immutable_tags": stated.get("imageTagMutability") == "IMMUTABLE",
                "scan_on_push": bool((stated.get("imageScanningConfiguration") or {}).get("scanOnPush")),
                "kms_key_id": text((stated.get("encryptionConfiguration") or {}).get("kmsKey")),
                "created_at": timestamp(stated.get("createdAt")),
                "tags": tags_of(known_tags, arn),
            },
        )


COLLECTOR = Collector(
    name="ecr",
    level=Level.REGION,
    calls=(
        Call("ecr", "DescribeRepositories", ("ecr:DescribeRepositories",)),
        Call("ecr", "GetRepositoryPolicy", ("ecr:GetRepositoryPolicy",), (NO_POLICY, GONE)),
        GET_TAGS,
    ),
    collect=collect,
    description="Repositories of container images and their policies.",
)
