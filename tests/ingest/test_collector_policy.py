"""The policy that Muniment asks for: nothing but reading, nothing that does not exist, and no more than is needed."""

from __future__ import annotations

import json
from typing import Any

import hcl2
import pytest
import yaml
from cfnlint import api as cfnlint
from muniment.cli.main import run
from muniment.ingest.aws import collectors, declared_calls
from muniment.ingest.aws.policy import LARGEST_POLICY, Audience, collector_policy, managed_policies
from muniment.ingest.aws.templates import cloudformation, terraform
from policy_sentry.querying.actions import get_action_data

ROLE = "MunimentCollector"

BEYOND_READING = {
    # Makes the report that GetCredentialReport reads; it changes nothing else in the account.
    "iam:GenerateCredentialReport",
    # Makes the report that GetServiceLastAccessedDetails reads; SecurityAudit allows it too.
    "iam:GenerateServiceLastAccessedDetails",
    # Enters the accounts to be read.
    "sts:AssumeRole",
}


def actions(policy: dict[str, Any]) -> set[str]:
    listed = (statement["Action"] for statement in policy["Statement"])
    return {action for one in listed for action in ([one] if isinstance(one, str) else one)}


@pytest.mark.parametrize("action", sorted({action for call in declared_calls() for action in call.actions}))
def test_every_action_exists_and_only_reads(action: str):
    service, _, name = action.partition(":")

    known = get_action_data(service, name)

    assert known, f"the service authorization reference has no {action}"
    levels = {found["access_level"] for found in known[service] if found["action"].lower() == action.lower()}
    assert levels <= {"Read", "List"} or action in BEYOND_READING


@pytest.mark.parametrize("audience", Audience)
def test_the_policy_reads_only(audience: Audience):
    policy = collector_policy(audience)

    for action in actions(policy) - BEYOND_READING:
        assert action.partition(":")[2].startswith(("Get", "List", "Describe", "BatchGet"))
        assert "*" not in action
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}


def test_whoever_starts_may_make_every_declared_call_and_enter_that_role_alone():
    policy = collector_policy(Audience.MANAGEMENT, role_name="audit/Reader", partition="aws-us-gov")

    declared = {action for call in declared_calls() for action in call.actions}
    assert actions(policy) == declared | {"sts:AssumeRole"}
    (enter,) = [statement for statement in policy["Statement"] if statement["Action"] == "sts:AssumeRole"]
    assert enter["Resource"] == "arn:aws-us-gov:iam::*:role/audit/Reader"


def test_a_member_account_is_not_asked_about_the_organization():
    services = {action.partition(":")[0] for action in actions(collector_policy(Audience.MEMBER))}

    assert "iam" in services
    assert services.isdisjoint({"organizations", "sso", "identitystore", "sts"})


def test_one_collector_needs_no_more_than_its_own_calls():
    policy = collector_policy(Audience.MANAGEMENT, names=["contacts"])

    assert not [action for action in actions(policy) if action.startswith("iam:")]
    assert {"account:GetContactInformation", "account:GetAlternateContact"} <= actions(policy)


@pytest.mark.parametrize("audience", Audience)
def test_it_fits_into_one_managed_policy(audience: Audience):
    (only,) = managed_policies(collector_policy(audience))

    assert len("".join(json.dumps(only).split())) <= LARGEST_POLICY


def test_a_policy_too_long_for_one_becomes_several_and_loses_nothing():
    statements = [
        {"Sid": f"Read{number}", "Effect": "Allow", "Action": [f"service{number}:Get{'X' * 90}{i}" for i in range(20)]}
        for number in range(10)
    ]

    parts = managed_policies({"Version": "2012-10-17", "Statement": statements})

    assert len(parts) > 1
    assert [statement for part in parts for statement in part["Statement"]] == statements
    assert all(len("".join(json.dumps(part).split())) <= LARGEST_POLICY for part in parts)


@pytest.mark.parametrize("audience", Audience)
def test_the_template_is_sound_and_holds_the_same_policy(audience: Audience):
    policy = collector_policy(audience)

    text = cloudformation(policy, ROLE)

    assert [found for found in cfnlint.lint_all(text) if not found.rule.id.startswith("I")] == []
    resources = yaml.safe_load(text)["Resources"]
    assert resources["ReadOnly"]["Properties"]["PolicyDocument"] == policy
    trust = resources["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"AWS": {"Ref": "CollectorPrincipal"}}


@pytest.mark.parametrize("audience", Audience)
def test_the_terraform_parses_and_names_every_action(audience: Audience):
    policy = collector_policy(audience)

    text = terraform(policy, f"audit/{ROLE}")

    parsed = hcl2.loads(text)
    kinds = {kind.strip('"') for resource in parsed["resource"] for kind in resource}
    assert kinds == {"aws_iam_role", "aws_iam_policy", "aws_iam_role_policy_attachment"}
    assert all(f'"{action}"' in text for action in actions(policy))
    assert 'path                 = "/audit/"' in text


def test_the_command_prints_what_iam_takes(capsys: pytest.CaptureFixture[str]):
    assert run(["aws", "policy", "--for", "member"]) == 0

    assert json.loads(capsys.readouterr().out) == collector_policy(Audience.MEMBER)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--collector", "nothing"], "there is no collector 'nothing'"),
        (["--role-name", "two words"], "no name of a role"),
    ],
)
def test_a_name_that_cannot_be_is_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    assert run(["aws", "policy", *arguments]) == 2

    assert said in capsys.readouterr().err


def test_every_collector_declares_an_action_for_every_call():
    for collector in collectors().values():
        for call in collector.calls:
            assert call.actions, f"{collector.name} declares no action for {call.operation}"
