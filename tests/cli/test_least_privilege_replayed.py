"""From a recording to a proposal: an account whose use was read, ingested and asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from muniment.analysis.iam.simulate import simulate
from muniment.graph.database import Database

from .conftest import Muniment

RECORDING = Path(__file__).parents[1] / "cases/replay/least-privilege"
DEPLOY = "arn:aws:iam::111122223333:role/Deploy"


@pytest.fixture
def replayed(embedded_connection: Database, muniment: Muniment) -> Muniment:
    """The recording in an otherwise empty graph."""
    embedded_connection.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    ran = muniment("ingest", "aws", "--replay", str(RECORDING))
    assert ran.code == 0, ran.err
    return muniment


def test_what_was_recorded_of_use_becomes_an_answer_and_a_policy(replayed: Muniment) -> None:
    told = json.loads(replayed("least-privilege", "Deploy", "--days", "36500", "-f", "json").out)
    found = {(row["finding"], row["subject"]) for row in told["rows"]}
    assert {("unused service", "sqs"), ("unused actions", "s3"), ("used", "logs"), ("not known", "iam")} <= found
    assert {finding for finding, _ in found} >= {"external access", "Access Analyzer: ExternalAccess"}
    assert told["complete"] is True

    proposed = json.loads(replayed("least-privilege", "Deploy", "--propose", "-f", "json").out)
    documents = [row["policy"] for row in proposed["rows"]]

    def decision(action: str, resource: str = "*") -> object:
        context = {"aws:RequestedRegion": "eu-west-1"}
        request = {"principal": DEPLOY, "action": action, "resource": resource, "context": context}
        return simulate({**request, "identity_policies": documents})["decision"]

    kept = ("s3:ListAllMyBuckets", "s3:GetObject", "logs:PutLogEvents", "ec2:DescribeInstances", "iam:PassRole")
    assert {decision(action) for action in kept} == {"allow"}
    assert {decision(action) for action in ("s3:DeleteBucket", "sqs:SendMessage", "dynamodb:GetItem")} == {"deny"}
    assert decision("s3:DeleteObject", "arn:aws:s3:::trails/june") == "deny"

    again = json.loads(replayed("ingest", "aws", "--replay", str(RECORDING), "--format", "json").out)
    assert not any([*again["nodes"].values(), *again["relationships"].values()]), "a second run finds nothing new"
