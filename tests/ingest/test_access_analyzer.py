"""What is read of IAM Access Analyzer, from answers that botocore would give."""

from __future__ import annotations

import json

from muniment.schema import Status

from .answers import Answers, edges, nodes, read

ACCOUNT = "111122223333"
OUTSIDE, UNUSED, OFF = (
    f"arn:aws:access-analyzer:eu-west-1:{ACCOUNT}:analyzer/{name}" for name in ("outside", "unused", "off")
)


def analyzers(region: str = "eu-west-1", **errors: str):
    return read(Answers("access-analyzer", **errors), "access-analyzer", ACCOUNT, region)


def test_analyzers_of_every_page_are_read_and_one_that_does_not_work_says_why():
    reader, facts = analyzers()

    assert reader.status is Status.COMPLETE
    found = nodes(facts, "Analyzer")
    assert set(found) == {OUTSIDE, UNUSED, OFF}
    assert found[UNUSED].properties["unused_access_days"] == 90
    assert found[OFF].properties["status_reason"] == "AWS_SERVICE_ACCESS_DISABLED"


def test_external_access_is_kept_with_who_what_and_under_which_condition():
    _, facts = analyzers()

    partner = nodes(facts, "AccessFinding")[f"{OUTSIDE}/finding/f-1"].properties
    assert (partner["finding_type"], partner["public"]) == ("ExternalAccess", False)
    assert partner["principals"] == ["AWS 999988887777"]
    assert partner["actions"] == ["sts:AssumeRole"]
    assert json.loads(str(partner["conditions"])) == [{"sts:ExternalId": "halden"}]
    bucket = nodes(facts, "AccessFinding")[f"{OUTSIDE}/finding/f-2"].properties
    assert (bucket["public"], bucket["conditions"]) == (True, None)


def test_unused_access_of_every_page_is_kept():
    _, facts = analyzers()

    found = nodes(facts, "AccessFinding")
    permissions = found[f"{UNUSED}/finding/f-3"].properties
    assert permissions["services"] == ["lambda", "sqs"]
    assert permissions["actions"] == ["s3:DeleteBucket", "s3:PutBucketPolicy"]
    assert permissions["public"] is None
    assert found[f"{UNUSED}/finding/f-4"].properties["last_accessed_at"] == "2024-06-01T00:00:00Z"
    assert found[f"{UNUSED}/finding/f-5"].properties["last_accessed_at"] is None, "in all the time that is tracked"
    assert found[f"{UNUSED}/finding/f-6"].properties["last_accessed_at"] == "2024-07-01T00:00:00Z"
    assert "AKIA" not in str(facts), "ids of keys are kept only where somebody asked for them"
    kinds = {"UnusedPermission", "UnusedIAMUserPassword", "UnusedIAMRole", "UnusedIAMUserAccessKey", "ExternalAccess"}
    assert {one.properties["finding_type"] for one in found.values()} == kinds


def test_findings_are_joined_to_the_principals_they_are_about():
    _, facts = analyzers()

    assert edges(facts, "CONCERNS") == {
        (f"{OUTSIDE}/finding/f-1", f"arn:aws:iam::{ACCOUNT}:role/Partner"),
        (f"{UNUSED}/finding/f-3", f"arn:aws:iam::{ACCOUNT}:role/Deploy"),
        (f"{UNUSED}/finding/f-4", f"arn:aws:iam::{ACCOUNT}:user/ann"),
        (f"{UNUSED}/finding/f-5", f"arn:aws:iam::{ACCOUNT}:role/Old"),
        (f"{UNUSED}/finding/f-6", f"arn:aws:iam::{ACCOUNT}:user/ann"),
    }
    assert {start for start, _ in edges(facts, "REPORTS")} == {OUTSIDE, UNUSED}


def test_a_region_without_analyzers_is_complete_and_empty():
    reader, facts = analyzers("eu-north-1")

    assert (reader.status, facts) == (Status.COMPLETE, [])


def test_a_finding_whose_details_are_refused_is_kept_and_the_refusal_told():
    reader, facts = analyzers(GetFindingV2="AccessDeniedException")

    assert reader.status is Status.PARTIAL
    finding = nodes(facts, "AccessFinding")[f"{OUTSIDE}/finding/f-2"].properties
    assert (finding["resource"], finding["public"]) == ("arn:aws:s3:::open", None)
    assert {refusal.action for refusal in reader.refusals} == {"access-analyzer:GetFinding"}
