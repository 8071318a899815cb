"""Service last accessed: which services and actions each user and role used of those that its policies grant.

IAM makes a report for one principal at a time, in a job that is started, waited for and read: two calls for a principal
and a few for the listings, about 2,010 for a thousand principals. So it is read only where it is asked for. Jobs are
started a batch at a time, and those of a batch are mostly done when the first of them is looked at.

Service-linked roles are left out: nobody can narrow their policies. ``GenerateServiceLastAccessedDetails`` makes a
report and changes nothing; AWS's own SecurityAudit policy allows it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ...schema import Edge, Node, Ownership, Refusal
from .collector import Call, Collector, Level, Page, Reader
from .refusal import MALFORMED
from .values import json_text, text, timestamp

PAGE_SIZE = 1000
BATCH = 100
"""Jobs started before the first of them is looked at."""
PAUSES = (0.5, 1.0, 2.0, *(4.0 for _ in range(29)))
"""Seconds between looks at the jobs of a batch that are not done: two minutes, then they are given up."""

GENERATE, GET = "GenerateServiceLastAccessedDetails", "GetServiceLastAccessedDetails"
_GET_ACTION = f"iam:{GET}"
SERVICE_LINKED = "/aws-service-role/"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The report of every user and role."""
    principals = _principals(reader)
    while batch := dict(islice(principals, BATCH)):
        jobs = _started(reader, batch)
        if not jobs and reader.refused(GENERATE):
            return  # whoever may start no job of a hundred will start none of the others
        for arn, services, granularity in _finished(reader, jobs):
            yield Node(
                batch[arn],
                arn,
                {"name": arn.rpartition("/")[2], "provider": "aws", "account_id": reader.account},
                Ownership.REFERENCE,
            )
            yield from _report(reader, arn, services, granularity)


def _principals(reader: Reader) -> Iterator[tuple[str, str]]:
    """ARN and kind of every user and role."""
    for kind, operation in (("User", "ListUsers"), ("Role", "ListRoles")):
        for page in reader.pages(operation, MaxItems=PAGE_SIZE):
            for one in page.get(f"{kind}s") or ():
                if not str(one.get("Path")).startswith(SERVICE_LINKED):
                    yield one["Arn"], kind


def _started(reader: Reader, arns: Mapping[str, str]) -> dict[str, str]:
    """A job for each principal: its principal's ARN by the job's id. None for whoever was deleted meanwhile."""
    asked = [{"Arn": arn, "Granularity": "ACTION_LEVEL"} for arn in arns]
    return {pages[0]["JobId"]: str(params["Arn"]) for params, pages in reader.many(GENERATE, asked) if pages}


def _finished(reader: Reader, jobs: Mapping[str, str]) -> Iterator[tuple[str, list[Mapping[str, Any]], str]]:
    """Principal, services and granularity of each report, once it is made. What is never made is noted."""
    waiting = dict(jobs)
    for pause in (*PAUSES, None):
        asked = [{"JobId": job, "MaxItems": PAGE_SIZE} for job in waiting]
        for params, pages in reader.many(GET, asked):
            state = _state(reader, pages)
            if state == "IN_PROGRESS":
                continue
            arn = waiting.pop(str(params["JobId"]))
            if state == "COMPLETED":
                services = [service for page in pages for service in page.get("ServicesLastAccessed") or ()]
                yield arn, services, str(pages[0].get("JobType") or "ACTION_LEVEL")
            elif state == "FAILED":
                error = pages[0].get("Error") or {}
                code = text(error.get("Code")) or "JobFailed"
                reader.refuse(Refusal(_GET_ACTION, code, f"the report on {arn} failed: {error.get('Message', '')}"))
            elif state:
                reader.refuse(Refusal(_GET_ACTION, MALFORMED, f"the report on {arn} is {state}"))
        if not waiting:
            return
        if pause is not None:
            reader.sleep(pause)
    for arn in waiting.values():
        reader.refuse(Refusal(_GET_ACTION, "JobInProgress", f"{arn}: not ready after {sum(PAUSES):.0f} s"))


def _state(reader: Reader, pages: Sequence[Page]) -> str:
    """The job's state; empty where not all of the answer came, which is noted."""
    if not pages:
        return ""
    if pages[-1].get("IsTruncated"):
        if not reader.refused(GET):
            reader.refuse(Refusal(_GET_ACTION, MALFORMED, "an answer says that there is more, and not where"))
        return ""
    return str(pages[0].get("JobStatus"))


def _report(reader: Reader, arn: str, services: Sequence[Mapping[str, Any]], granularity: str) -> Iterator[Node | Edge]:
    """A report as facts; a prefix that two services share is one service."""
    used: dict[str, list[Mapping[str, Any]]] = {}
    named: dict[str, str | None] = {}
    for service in services:
        prefix = str(service["ServiceNamespace"])
        named.setdefault(prefix, text(service.get("ServiceName")))
        if timestamp(service.get("LastAuthenticated")):
            used.setdefault(prefix, []).append(service)
    report = f"{arn}/last-accessed"
    yield Node(
        "LastAccessed",
        report,
        {
            "name": "last accessed",
            "provider": "aws",
            "account_id": reader.account,
            "granularity": granularity,
            "services": sorted(named),
            "unused_services": sorted(named.keys() - used.keys()),
        },
    )
    yield Edge("HAS_LAST_ACCESSED", arn, report)
    for prefix, entries in sorted(used.items()):
        yield Node("Service", f"service/{prefix}", {"name": prefix, "provider": "aws"}, Ownership.SHARED)
        yield Edge("ACCESSED", arn, f"service/{prefix}", _use(entries))


def _use(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """When a service was last used, and which of its tracked actions were."""
    latest = max(entries, key=lambda entry: timestamp(entry.get("LastAuthenticated")) or "")
    tracked = [action for entry in entries for action in entry.get("TrackedActionsLastAccessed") or ()]
    times = {str(action["ActionName"]): timestamp(action.get("LastAccessedTime")) for action in tracked}
    used = {name: time for name, time in times.items() if time}
    return {
        "last_accessed_at": timestamp(latest.get("LastAuthenticated")),
        "last_accessed_region": text(latest.get("LastAuthenticatedRegion")),
        "actions": json_text(used, ordered=False) if times else None,
        "unused_actions": sorted(times.keys() - used.keys()) if times else None,
    }


COLLECTOR = Collector(
    name="last-accessed",
    level=Level.ACCOUNT,
    on_request=True,
    calls=(
        Call("iam", "ListUsers", ("iam:ListUsers",)),
        Call("iam", "ListRoles", ("iam:ListRoles",)),
        Call("iam", GENERATE, (f"iam:{GENERATE}",), absent=("NoSuchEntity",)),
        Call("iam", GET, (_GET_ACTION,), tokens=("Marker", "Marker")),
    ),
    collect=collect,
    description="Services and actions that each user and role used, of those that its policies grant.",
)
