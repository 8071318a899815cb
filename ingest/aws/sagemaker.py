"""Amazon SageMaker: notebook instances and the roles that their users act as.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeNotebookInstance.html

One call for a region without notebooks, and one more for each: the list does not tell the role.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import compute, runs_as
from .values import text, timestamp

MOST = 100
"""Notebook instances on a page."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's notebook instances."""
    pages = reader.pages("ListNotebookInstances", MaxResults=MOST)
    listed = {one["NotebookInstanceName"]: one for page in pages for one in page.get("NotebookInstances") or ()}
    asked = [{"NotebookInstanceName": name} for name in listed]
    for params, answers in reader.many("DescribeNotebookInstance", asked):
        yield from _notebook(reader, {**listed[params["NotebookInstanceName"]], **(answers[0] if answers else {})})


def _notebook(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn = stated["NotebookInstanceArn"]
    yield from compute(
        reader,
        "NotebookInstance",
        arn,
        stated.get("NotebookInstanceName"),
        {
            "state": text(stated.get("NotebookInstanceStatus")),
            "created_at": timestamp(stated.get("CreationTime")),
            "instance_type": text(stated.get("InstanceType")),
            "root_access": _enabled(stated.get("RootAccess")),
            "direct_internet_access": _enabled(stated.get("DirectInternetAccess")),
            "lifecycle_config": text(stated.get("NotebookInstanceLifecycleConfigName")),
            "subnet_id": text(stated.get("SubnetId")),
            "security_groups": sorted(stated["SecurityGroups"]) if "SecurityGroups" in stated else None,
        },
    )
    yield from runs_as(arn, stated.get("RoleArn"), "notebook", credentials=True)


def _enabled(value: object) -> bool | None:
    return value == "Enabled" if value else None


COLLECTOR = Collector(
    name="sagemaker",
    level=Level.REGION,
    calls=(
        Call("sagemaker", "ListNotebookInstances", ("sagemaker:ListNotebookInstances",)),
        Call("sagemaker", "DescribeNotebookInstance", ("sagemaker:DescribeNotebookInstance",)),
    ),
    collect=collect,
    description="Notebook instances and the roles that their users act as.",
)
