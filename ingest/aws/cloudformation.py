"""AWS CloudFormation: stacks and stack sets, with the roles that changes to them are made as.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html

Two calls for a region that has neither; two more for every stack set. Parameters, outputs and templates are never kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import compute, runs_as
from .values import tags, text, timestamp

DELETED = "DELETE_COMPLETE"
SELF_MANAGED = "SELF_MANAGED"
EXECUTION_ROLE = "AWSCloudFormationStackSetExecutionRole"
"""The role that a self-managed stack set enters in every account, where it names no other."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's stacks and stack sets."""
    for page in reader.pages("DescribeStacks"):
        for stack in page.get("Stacks") or ():
            if stack.get("StackStatus") != DELETED:
                yield from _stack(reader, stack)
    pages = reader.pages("ListStackSets", Status="ACTIVE", MaxResults=100)
    names = [one["StackSetName"] for page in pages for one in page.get("Summaries") or ()]
    described = {
        params["StackSetName"]: page["StackSet"]
        for params, answers in reader.many("DescribeStackSet", [{"StackSetName": name} for name in names])
        for page in answers
    }
    accounts = _accounts(reader, [name for name, one in described.items() if _model(one) == SELF_MANAGED])
    for name, stack_set in described.items():
        yield from _stack_set(reader, stack_set, accounts.get(name))


def _stack(reader: Reader, stated: Page) -> Iterator[Node | Edge]:
    arn = stated["StackId"]
    yield from compute(
        reader,
        "Stack",
        arn,
        stated.get("StackName"),
        {
            "tags": tags(stated.get("Tags")),
            "state": text(stated.get("StackStatus")),
            "created_at": timestamp(stated.get("CreationTime")),
            "updated_at": timestamp(stated.get("LastUpdatedTime")),
            "description": text(stated.get("Description")),
            "capabilities": sorted(stated.get("Capabilities") or ()),
            "termination_protection": stated.get("EnableTerminationProtection"),
            "parent_id": text(stated.get("ParentId")),
            "root_id": text(stated.get("RootId")),
        },
    )
    yield from runs_as(arn, stated.get("RoleARN"), "stack", credentials=False)


def _model(stated: Page) -> str:
    return text(stated.get("PermissionModel")) or SELF_MANAGED


def _accounts(reader: Reader, names: list[str]) -> dict[str, list[str]]:
    """The accounts in which stack sets have stacks; none for those of which that could not be read."""
    asked = [{"StackSetName": name, "MaxResults": 100} for name in names]
    return {
        params["StackSetName"]: sorted({one["Account"] for page in pages for one in page.get("Summaries") or ()})
        for params, pages in reader.many("ListStackInstances", asked)
        if pages
    }


def _stack_set(reader: Reader, stated: Page, accounts: list[str] | None) -> Iterator[Node | Edge]:
    identifier = stated["StackSetId"]
    arn = text(stated.get("StackSetARN")) or (
        f"arn:{reader.partition}:cloudformation:{reader.region}:{reader.account}:stackset/{identifier}"
    )
    itself = _model(stated) == SELF_MANAGED
    execution = text(stated.get("ExecutionRoleName")) or (EXECUTION_ROLE if itself else None)
    deployment = (stated.get("AutoDeployment") or {}).get("Enabled")
    yield from compute(
        reader,
        "StackSet",
        arn,
        stated.get("StackSetName"),
        {
            "tags": tags(stated.get("Tags")),
            "state": text(stated.get("Status")),
            "stack_set_id": identifier,
            "description": text(stated.get("Description")),
            "permission_model": _model(stated),
            "administration_role": text(stated.get("AdministrationRoleARN")),
            "execution_role_name": execution,
            "auto_deployment": deployment,
            "capabilities": sorted(stated.get("Capabilities") or ()),
            "accounts": accounts,
            "unit_ids": sorted(stated.get("OrganizationalUnitIds") or ()) or None,
        },
    )
    yield from runs_as(arn, stated.get("AdministrationRoleARN"), "administration", credentials=False)
    if itself:
        # The name of an execution role is all that the administration role knows of it: it has no path.
        for account in accounts or ():
            role = f"arn:{reader.partition}:iam::{account}:role/{execution}"
            yield from runs_as(arn, role, "stack", credentials=False)


def _call(operation: str, *more: str, absent: tuple[str, ...] = ()) -> Call:
    return Call("cloudformation", operation, tuple(f"cloudformation:{one}" for one in (operation, *more)), absent)


COLLECTOR = Collector(
    name="cloudformation",
    level=Level.REGION,
    calls=(
        # Without a stack's name, CloudFormation asks for the right to list them too.
        _call("DescribeStacks", "ListStacks"),
        _call("ListStackSets"),
        # A stack set may be deleted while it is read.
        _call("DescribeStackSet", absent=("StackSetNotFoundException",)),
        _call("ListStackInstances", absent=("StackSetNotFoundException",)),
    ),
    collect=collect,
    description="Stacks and stack sets, with the roles that changes to them are made as.",
)
