"""Every weakness that the demo claims is really there."""

from __future__ import annotations

import json
import shlex

import pytest
from muniment.cli.main import run
from muniment.demo.weaknesses import WEAKNESSES, Weakness

from .conftest import Estate


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda weakness: weakness.where)
def test_what_is_weak_exists(weakness: Weakness, estate: Estate):
    assert estate.named(weakness.kind, weakness.name, weakness.account)


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda weakness: weakness.where)
def test_its_question_finds_it(weakness: Weakness, estate: Estate, register: None, capsys: pytest.CaptureFixture[str]):
    muniment, *command = shlex.split(weakness.question)

    code = run([*command, "--format", "json"])

    answer = json.loads(capsys.readouterr().out)
    assert (muniment, code) == ("muniment", 0)
    assert answer["complete"], answer["missing"]
    names = (weakness.name, estate.named(weakness.kind, weakness.name, weakness.account).id)
    assert any(name in json.dumps(row) for row in answer["rows"] for name in names)


def trust(estate: Estate, role: str, account: str) -> str:
    return str(estate.named("Role", role, account).properties["trust_policy"])


def test_the_repair_role_trusts_a_whole_development_account(estate: Estate):
    policy = json.loads(trust(estate, "payments-breakfix", "payments-prod"))

    development = estate.built.account_ids["payments-dev"]
    assert f"arn:aws:iam::{development}:root" in policy["Statement"][0]["Principal"]["AWS"]
    assert "Condition" not in policy["Statement"][0]


def test_the_release_role_admits_any_repository_and_the_deployment_role_one(estate: Estate):
    assert '"token.actions.githubusercontent.com:sub":"repo:*"' in trust(estate, "github-release", "tracking-prod")
    good = trust(estate, "github-payments-service-deploy", "payments-prod")
    assert "repo:halden-logistics/payments-service:environment:production" in good


def test_one_vendor_needs_an_external_id_and_one_does_not(estate: Estate):
    assert "sts:ExternalId" in trust(estate, "acquirer-settlement", "payments-prod")
    assert "Condition" not in trust(estate, "spendlens-cost-optimizer", "data-platform-prod")


def test_a_deleted_principal_is_still_trusted(estate: Estate):
    role = estate.named("Role", "legacy-batch", "warehouse-prod")

    deleted = [edge.end for edge in estate.edges("TRUSTS") if edge.start == role.id and edge.end.startswith("AROA")]
    assert len(deleted) == 1


def test_one_role_trusts_everyone(estate: Estate):
    everyone = {edge.start.rpartition("/")[2] for edge in estate.edges("TRUSTS") if edge.end == "*"}

    assert everyone == {"public-dataset-reader", "shared-artifacts-reader"}
    assert "aws:PrincipalOrgID" in trust(estate, "shared-artifacts-reader", "shared-services")


def test_one_break_glass_user_has_no_second_factor(estate: Estate):
    factors = {
        name: estate.named("User", name, "halden-management").properties["mfa_active"]
        for name in ("break-glass-1", "break-glass-2")
    }

    assert factors == {"break-glass-1": True, "break-glass-2": False}


def test_block_public_access_and_the_data_perimeter_hold(register: None, capsys: pytest.CaptureFixture[str]):
    assert run(["queries", "run", "public-resources", "--format", "json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    public = {row["name"]: row["decision"] for row in answer["rows"]}
    assert public == {
        "halden-sandbox-shipments": "allow",
        "parcel-events": "allow",
        "warehouse-core-before-migration": "allow",
        "halden/base-images": "conditional",
        "halden-build-artifacts": "conditional",
    }
