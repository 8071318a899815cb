"""What stands where it is not meant to, and what is mixed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.errors import SettingsError
from muniment.graph.database import Database
from muniment.queries.structure import misplaced_accounts, mixed_environments, mixed_vpcs, shared_with_workloads
from muniment.schema import Node

from . import estate


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def tagged(request: pytest.FixtureRequest) -> Database:
    """The estate with things whose names and tags tell of environments and workloads."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    things = [
        Node("Instance", "i-dev", {"name": "web-dev", "account_id": estate.PAY}),
        Node("Instance", "i-uat", {"name": "web", "account_id": estate.PAY, "tags": json.dumps({"acme:Env": "uat"})}),
        Node("Role", "r-dev", {"name": "deploy-to-dev", "account_id": estate.PAY, "tags": json.dumps({"a": "b"})}),
        Node("Instance", "i-test", {"name": "test", "account_id": estate.PAYDEV}),
        Node("Instance", "i-live", {"name": "web", "account_id": estate.PAY, "vpc_id": "vpc-1"}),
        Node("LambdaFunction", "f-dev", {"name": "thumbs-dev", "account_id": estate.PAY, "vpc_id": "vpc-1"}),
        Node("Instance", "i-guest", {"name": "batch", "account_id": estate.PAYDEV, "vpc_id": "vpc-1"}),
        Node("Instance", "i-alone", {"name": "web", "account_id": estate.PAYDEV, "vpc_id": "vpc-2"}),
        Node("LambdaFunction", "f-alone", {"name": "thumbs-dev", "account_id": estate.PAYDEV, "vpc_id": "vpc-2"}),
        Node("Instance", "i-shop", {"account_id": estate.SHARED, "tags": json.dumps({"Application": "shop"})}),
    ]
    estate.fill(database, [*estate.listings(), estate.listing("aws/all/eu-west-1/ec2", things)], {})
    return database


def by_account(rows: Any, column: str) -> dict[tuple[str, str], Any]:
    return {(row["account"], row[column]): row for row in rows}


def test_production_and_something_else_in_one_account(tagged: Database) -> None:
    rows = by_account(mixed_environments(tagged).rows, "other")
    assert rows[estate.PAY, "dev"]["examples"] == ["f-dev", "i-dev"], "a role is called after what it deploys to"
    assert rows[estate.PAY, "staging"]["said_by"] == "tag acme:Env=uat"
    assert rows[estate.PAY, "dev"]["because"] == "name payments-prod"
    assert not any(account == estate.PAYDEV for account, _ in rows), "neither of the two is production"


def test_production_and_something_else_in_one_vpc(tagged: Database) -> None:
    rows = mixed_vpcs(tagged).rows
    assert {(row["vpc"], row["environment"], *row["examples"]) for row in rows} == {
        ("vpc-1", "dev", "f-dev"),
        ("vpc-1", "nonprod", "i-guest"),
    }, "a guest of a shared subnet goes by its account; a VPC without production is not mixed"
    assert all(row["production"] == ["i-live"] for row in rows)
    assert mixed_vpcs(tagged, accounts=estate.LAKE).rows == []


def test_an_account_that_is_called_otherwise_than_its_unit(tagged: Database) -> None:
    (row,) = misplaced_accounts(tagged).rows
    assert (row["account"], row["intended"]) == (estate.PAYDEV, "nonprod")
    assert row["because"] == "name payments-nonprod, but unit Prod is called after prod"


def test_the_settings_file_says_where_accounts_belong(tagged: Database) -> None:
    placement = {"Data": {"environments": ["prod"]}, "Security": {"names": ["shared-*"]}}
    rows = {row["account"]: row for row in misplaced_accounts(tagged, placement=placement).rows}
    assert rows[estate.PAY]["intended"] == "Data"
    assert rows[estate.SHARED]["because"] == "name shared-services, by muniment.toml"
    assert estate.LAKE not in rows, "it is in Data"


def test_a_placement_that_cannot_be_understood(tagged: Database) -> None:
    with pytest.raises(SettingsError, match=r"placement\.Data"):
        misplaced_accounts(tagged, placement={"Data": {"unknown": []}})


def test_a_workload_in_an_account_that_serves_all(tagged: Database) -> None:
    (row,) = shared_with_workloads(tagged).rows
    assert (row["account"], row["workload"], row["examples"]) == (estate.SHARED, "shop", ["i-shop"])
    assert row["because"] == "administers sso.amazonaws.com for the organization"
