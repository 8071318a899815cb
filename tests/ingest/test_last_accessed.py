"""What is read of service last accessed: jobs that end, fail, take long, or may not be started."""

from __future__ import annotations

import json

import pytest
from muniment.errors import UsageError
from muniment.ingest.aws import collectors
from muniment.ingest.aws.collector import Collector, Reader
from muniment.ingest.aws.discovery import discover
from muniment.ingest.aws.plan import Request
from muniment.schema import Edge, ScopeId, Status

from .answers import Answers, edges, nodes
from .scripted import ACCOUNT, Scripted

ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def read(**errors: str):
    slept: list[float] = []
    scope = ScopeId("aws", ACCOUNT, "global", "last-accessed")
    reader = Reader(Answers("last-accessed", **errors), collectors()["last-accessed"], scope, ACCOUNT)
    reader.sleep = slept.append
    return reader, list(reader.collector.collect(reader)), slept


def test_reports_of_several_pages_tell_what_was_used_and_what_was_not():
    _, facts, _ = read()

    report = nodes(facts, "LastAccessed")[f"{ANN}/last-accessed"].properties
    assert report["services"] == ["ec2", "iam", "s3"]
    assert report["unused_services"] == ["iam"]
    used = {fact.end: fact.properties for fact in facts if isinstance(fact, Edge) and fact.type == "ACCESSED"}
    assert used["service/s3"]["last_accessed_at"] == "2026-01-20T08:00:00Z"
    assert json.loads(str(used["service/s3"]["actions"])) == {"ListAllMyBuckets": "2026-01-20T08:00:00Z"}
    assert used["service/s3"]["unused_actions"] == ["DeleteBucket"]
    assert used["service/ec2"]["last_accessed_region"] == "us-east-1"
    assert used["service/ec2"]["actions"] is None, "of which AWS tells no actions, nobody knows which were used"
    assert used["service/ec2"]["unused_actions"] is None


def test_a_principal_that_used_nothing_has_a_report_that_says_so():
    _, facts, _ = read()

    assert nodes(facts, "LastAccessed")[f"{role('Deploy')}/last-accessed"].properties["unused_services"] == ["lambda"]
    assert role("Deploy") not in {start for start, _ in edges(facts, "ACCESSED")}


def test_a_job_is_waited_for_and_no_longer_than_it_takes():
    reader, facts, slept = read()

    assert (role("Slow"), "service/sqs") in edges(facts, "ACCESSED")
    assert slept == [0.5, 1.0]
    assert reader.status is Status.PARTIAL


def test_what_failed_or_came_in_part_is_said_and_nothing_is_stated_of_it():
    reader, facts, _ = read()

    told = {refusal.code: refusal.message for refusal in reader.refusals}
    assert told.keys() == {"InternalError", "Throttling"}
    assert role("Broken") in told["InternalError"]
    about = {start for start, _ in edges(facts, "HAS_LAST_ACCESSED")}
    assert about == {ANN, role("Deploy"), role("Slow")}


def test_service_linked_roles_are_not_asked_about():
    source = Answers("last-accessed")
    scope = ScopeId("aws", ACCOUNT, "global", "last-accessed")
    list(collectors()["last-accessed"].collect(Reader(source, collectors()["last-accessed"], scope, ACCOUNT)))

    assert source.asked.count("GenerateServiceLastAccessedDetails") == 6


def test_whoever_may_start_no_job_is_told_so():
    reader, facts, _ = read(GenerateServiceLastAccessedDetails="AccessDenied")

    assert facts == []
    (refusal,) = reader.refusals
    assert (refusal.action, refusal.code) == ("iam:GenerateServiceLastAccessedDetails", "AccessDenied")
    assert reader.status is Status.PARTIAL


def test_after_a_hundred_refusals_no_more_is_tried():
    users = [{"Arn": f"arn:aws:iam::{ACCOUNT}:user/u{n}", "Path": "/"} for n in range(250)]
    calls = [
        {"operation": "ListUsers", "pages": [{"Users": users}]},
        {"operation": "ListRoles", "pages": [{"Roles": []}]},
        {"operation": "GenerateServiceLastAccessedDetails", "refused": "AccessDenied"},
    ]
    source = Scripted(calls)
    reader = Reader(source, collectors()["last-accessed"], ScopeId("aws", ACCOUNT, "global", "last-accessed"), ACCOUNT)

    assert list(reader.collector.collect(reader)) == []
    assert sum(operation.startswith("Generate") for _, operation, _ in source.asked) == 100


def test_a_job_that_never_ends_is_given_up():
    calls = [
        {"operation": "ListUsers", "pages": [{"Users": [{"Arn": ANN, "Path": "/"}]}]},
        {"operation": "ListRoles", "pages": [{"Roles": []}]},
        {"operation": "GenerateServiceLastAccessedDetails", "pages": [{"JobId": "1"}]},
        {"operation": "GetServiceLastAccessedDetails", "pages": [{"JobStatus": "IN_PROGRESS"}]},
    ]
    slept: list[float] = []
    scope = ScopeId("aws", ACCOUNT, "global", "last-accessed")
    reader = Reader(Scripted(calls), collectors()["last-accessed"], scope, ACCOUNT, sleep=slept.append)

    assert list(reader.collector.collect(reader)) == []
    assert 60 < sum(slept) < 300
    assert [refusal.code for refusal in reader.refusals] == ["JobInProgress"]


def planned(**request: tuple[str, ...]) -> set[str]:
    calls = [
        {"operation": "DescribeOrganization", "refused": "AWSOrganizationsNotInUseException"},
        {"operation": "DescribeRegions", "pages": [{"Regions": [{"RegionName": "eu-west-1"}]}]},
    ]
    return {scope.collector for scope in discover(Scripted(calls), Request(**request)).scopes}


def test_what_takes_a_call_for_every_principal_runs_only_on_request():
    def on_request(collector: Collector) -> bool:
        return collector.on_request

    asked_for = {name for name, collector in collectors().items() if on_request(collector)}
    assert {"last-accessed", "access-analyzer"} <= asked_for
    assert planned().isdisjoint(asked_for)
    assert planned(also=("last-accessed",)) == planned() | {"last-accessed"}
    assert planned(collectors=("last-accessed",)) == {"last-accessed"}
    assert planned(collectors=("iam",), also=("last-accessed",)) == {"iam", "last-accessed"}


def test_a_collector_that_does_not_exist_cannot_be_asked_for():
    with pytest.raises(UsageError, match="no collector 'last_accessed'"):
        planned(also=("last_accessed",))
