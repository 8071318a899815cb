"""Listings of compute, read from an emulated AWS by real calls, and what is made there to be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.schema import SCHEMA, Edge, Listing, Node, Ownership

REGION = "eu-west-1"
EMULATED = ("cloudformation", "codebuild", "datapipeline", "ec2", "ecs", "glue", "sagemaker")
IMAGE = "ami-12c6146b"


def read(entrance: Entrance, collector: str, region: str = REGION) -> Listing:
    """The listing of one collector in one region of the caller's account."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=(collector,), regions=(region,)))
    (listing,) = listings(plan, source, sleep=lambda _: None)
    return listing


def read_all(entrance: Entrance) -> dict[str, Listing]:
    """The listings of all collectors of compute whose services moto has, in one region."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=EMULATED, regions=(REGION,)))
    return {listing.scope.collector: listing for listing in listings(plan, source, sleep=lambda _: None)}


def listed(listing: Listing, kind: str) -> list[Node]:
    """The nodes of a kind that the scope itself lists, by name."""
    nodes = [node for node in listing.nodes if node.kind == kind and node.ownership is Ownership.SCOPE]
    return sorted(nodes, key=lambda node: str(node.properties.get("name")))


def edges(listing: Listing, relationship: str) -> list[Edge]:
    """The relationships of a type."""
    return [edge for edge in listing.edges if edge.type == relationship]


def roles(listing: Listing) -> set[tuple[str, str, str]]:
    """What runs as which role, and in what capacity."""
    return {
        (edge.start.rpartition(":")[2], edge.end.rpartition(":")[2], edge.key) for edge in edges(listing, "RUNS_AS")
    }


def make_role(client: Callable[[str], Any], name: str, service: str = "ec2", **more: Any) -> str:
    """A role that the service can assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"])


def make_profile(client: Callable[[str], Any], name: str, role: str | None) -> str:
    """An instance profile with a role in it, or none."""
    arn = client("iam").create_instance_profile(InstanceProfileName=name, Path="/apps/")["InstanceProfile"]["Arn"]
    if role:
        client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    return str(arn)


def run_instance(client: Callable[[str], Any], **more: Any) -> str:
    """A running instance."""
    made = client("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **more)
    return str(made["Instances"][0]["InstanceId"])


def check_schema(listing: Listing) -> None:
    """Everything that is stated is declared, and every relationship has both of its ends."""
    known = {node.id: node.kind for node in listing.nodes}
    for node in listing.nodes:
        assert set(node.properties) <= {field.name for field in SCHEMA.fields(node.kind)}, node
    for edge in listing.edges:
        ends = SCHEMA.relationships[edge.type].ends
        fits = (SCHEMA.is_a(known[edge.start], start) and SCHEMA.is_a(known[edge.end], end) for start, end in ends)
        assert any(fits), edge
