"""IAM Access Analyzer: its analyzers and their active findings on external, internal and unused access.

A call for the analyzers of each region, one for every hundred findings, and one for the details of each finding. It is
read only where it is asked for.

https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindingsV2.html
https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetFindingV2.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Edge, Node, Ownership
from .collector import Call, Collector, Level, Page, Reader
from .references import account_reference
from .values import json_text, text, timestamp

KINDS = {"AWS::IAM::Role": "Role", "AWS::IAM::User": "User"}
"""Kinds of the things that findings are about, where their ARN is their id here too."""


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The analyzers of a region, and what the active ones of them find."""
    for page in reader.pages("ListAnalyzers"):
        for analyzer in page.get("analyzers") or ():
            yield account_reference(reader.account)
            yield from _analyzer(reader, analyzer)
            yield from _findings(reader, analyzer["arn"])


def _analyzer(reader: Reader, analyzer: Mapping[str, Any]) -> Iterator[Node | Edge]:
    unused = (analyzer.get("configuration") or {}).get("unusedAccess") or {}
    yield Node(
        "Analyzer",
        analyzer["arn"],
        {
            "name": text(analyzer.get("name")),
            "provider": "aws",
            "account_id": reader.account,
            "region": reader.region,
            "type": text(analyzer.get("type")),
            "status": text(analyzer.get("status")),
            "status_reason": text((analyzer.get("statusReason") or {}).get("code")),
            "unused_access_days": unused.get("unusedAccessAge"),
            "created_at": timestamp(analyzer.get("createdAt")),
        },
    )
    yield Edge("CONTAINS", reader.account, analyzer["arn"])


def _findings(reader: Reader, analyzer: str) -> Iterator[Node | Edge]:
    pages = reader.pages("ListFindingsV2", analyzerArn=analyzer, filter={"status": {"eq": ["ACTIVE"]}}, maxResults=100)
    listed = {finding["id"]: finding for page in pages for finding in page.get("findings") or ()}
    asked = [{"analyzerArn": analyzer, "id": id_} for id_ in listed]
    for params, detailed in reader.many("GetFindingV2", asked):
        yield from _finding(reader, analyzer, listed[params["id"]], detailed)


def _finding(reader: Reader, analyzer: str, finding: Mapping[str, Any], detailed: list[Page]) -> Iterator[Node | Edge]:
    id_, resource = f"{analyzer}/finding/{finding['id']}", text(finding.get("resource"))
    owner = text(finding.get("resourceOwnerAccount"))
    yield Node(
        "AccessFinding",
        id_,
        {
            "name": text(finding.get("findingType")),
            "provider": "aws",
            "account_id": owner,
            "region": reader.region,
            "finding_id": finding["id"],
            "finding_type": text(finding.get("findingType")),
            "resource": resource,
            "resource_type": text(finding.get("resourceType")),
            "created_at": timestamp(finding.get("createdAt")),
            "updated_at": timestamp(finding.get("updatedAt")),
            "error": text(finding.get("error")),
            **_details([detail for page in detailed for detail in page.get("findingDetails") or ()]),
        },
    )
    yield Edge("REPORTS", analyzer, id_)
    kind = KINDS.get(str(finding.get("resourceType")))
    if kind and resource:
        stated = {"name": resource.rpartition("/")[2], "provider": "aws", "account_id": owner}
        yield Node(kind, resource, stated, Ownership.REFERENCE)
        yield Edge("CONCERNS", id_, resource)


def _details(details: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What the details of a finding come to: each holds one member, named after the type of the finding."""
    found = [value for detail in details for value in detail.values() if isinstance(value, Mapping)]
    access = [one for one in found if "principal" in one or "isPublic" in one]
    unused = [one for one in found if "serviceNamespace" in one]
    public = [bool(one["isPublic"]) for one in access if "isPublic" in one]
    principals = {f"{kind} {name}" for one in access for kind, name in (one.get("principal") or {}).items()}
    conditions = [dict(one["condition"]) for one in access if one.get("condition")]
    actions = {action for one in access for action in one.get("action") or ()}
    actions |= {
        _named(one["serviceNamespace"], action["action"]) for one in unused for action in one.get("actions") or ()
    }
    services = {one["serviceNamespace"] for one in unused if not one.get("actions")}
    times = [time for one in found if (time := timestamp(one.get("lastAccessed")))]
    return {
        "public": any(public) if public else None,
        "principals": sorted(principals) or None,
        "actions": sorted(actions) or None,
        "services": sorted(services) or None,
        "conditions": json_text(conditions, ordered=False) if conditions else None,
        "last_accessed_at": max(times, default=None),
    }


def _named(service: str, action: str) -> str:
    return action if ":" in action else f"{service}:{action}"


COLLECTOR = Collector(
    name="access-analyzer",
    level=Level.REGION,
    on_request=True,
    calls=(
        Call("accessanalyzer", "ListAnalyzers", ("access-analyzer:ListAnalyzers",)),
        Call(
            "accessanalyzer",
            "ListFindingsV2",
            ("access-analyzer:ListFindings",),
            absent=("ResourceNotFoundException",),
        ),
        Call("accessanalyzer", "GetFindingV2", ("access-analyzer:GetFinding",), absent=("ResourceNotFoundException",)),
    ),
    collect=collect,
    description="Analyzers of IAM Access Analyzer and their active findings on external, internal and unused access.",
)
