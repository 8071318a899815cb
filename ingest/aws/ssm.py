"""AWS Systems Manager: machines outside EC2 that it manages, each with the role of its activation.

EC2 instances that it manages are said to be so by the collector of EC2.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/hybrid-multicloud-service-role.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import GET_ROLE, compute, role_arns, runs_as
from .values import text, timestamp

DESCRIBE = "DescribeInstanceInformation"
OUTSIDE_EC2 = [{"Key": "ResourceType", "Values": ["ManagedInstance"]}]


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's hybrid nodes."""
    pages = reader.pages(DESCRIBE, Filters=OUTSIDE_EC2, MaxResults=50)
    listed = (one for page in pages for one in page.get("InstanceInformationList") or ())
    nodes = [one for one in listed if not one["InstanceId"].startswith("i-")]
    roles = role_arns(reader, (one.get("IamRole") for one in nodes))
    for node in nodes:
        yield from _node(reader, node, roles)


def _node(reader: Reader, stated: Page, roles: dict[str, str]) -> Iterator[Node | Edge]:
    identifier = stated["InstanceId"]
    arn = f"arn:{reader.partition}:ssm:{reader.region}:{reader.account}:managed-instance/{identifier}"
    yield from compute(
        reader,
        "ManagedNode",
        arn,
        text(stated.get("Name")) or text(stated.get("ComputerName")) or identifier,
        {
            "instance_id": identifier,
            "state": text(stated.get("PingStatus")),
            "created_at": timestamp(stated.get("RegistrationDate")),
            "platform": text(stated.get("PlatformType")),
            "activation_id": text(stated.get("ActivationId")),
        },
    )
    yield from runs_as(arn, roles.get(str(stated.get("IamRole"))), "node", credentials=True)


COLLECTOR = Collector(
    name="ssm",
    level=Level.REGION,
    calls=(Call("ssm", DESCRIBE, (f"ssm:{DESCRIBE}",)), GET_ROLE),
    collect=collect,
    description="Machines outside EC2 that Systems Manager manages, with the role of their activation.",
)
