"""What the demo's organization holds once the real collectors have read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from muniment.analysis.identity_center import PermissionSet, ReservedRole, provisioned_as
from muniment.demo.accounts import MANAGEMENT, MEMBERS
from muniment.demo.people import PERMISSION_SETS
from muniment.schema import SCHEMA, Status

from .conftest import Estate

PRODUCTION = ("payments-prod", "tracking-prod", "portal-prod", "data-platform-prod", "warehouse-prod")


def test_everything_is_read_completely(estate: Estate):
    assert {str(listing.scope): listing.refusals for listing in estate.listings if listing.status != "complete"} == {}
    assert {listing.status for listing in estate.listings} == {Status.COMPLETE}
    assert list(estate.plan.skipped.values()) == ["SUSPENDED"]


def test_what_is_read_keeps_to_the_schema(estate: Estate):
    for listing in estate.listings:
        for node in listing.nodes:
            declared = {field.name for field in SCHEMA.fields(node.kind)}
            assert set(node.properties) <= declared, node
        ids = {node.id for node in listing.nodes}
        assert all(edge.start in ids and edge.end in ids for edge in listing.edges)


def test_accounts_are_in_their_units_with_their_tags(estate: Estate):
    accounts = {node.properties["name"]: node for node in estate.nodes("Account")}

    assert set(accounts) == {account.name for account in (MANAGEMENT, *MEMBERS)}
    for name in PRODUCTION:
        assert accounts[name].properties["path_names"] == ["Workloads", "Production"]
        assert json.loads(str(accounts[name].properties["tags"]))["environment"] == "production"
    assert accounts["sandbox-data"].properties["tags"] == "{}"
    assert accounts["fleet-telematics-legacy"].properties["state"] == "SUSPENDED"
    assert accounts[MANAGEMENT.name].properties["management"] is True


def test_there_are_a_few_hundred_principals(estate: Estate):
    principals = [node for kind in ("User", "Role", "IdentityCenterUser") for node in estate.nodes(kind)]

    assert 300 <= len(principals) <= 700
    assert len(principals) == estate.built.principals


def test_every_account_has_the_role_that_is_entered(estate: Estate):
    for account in MEMBERS:
        if not account.closed:
            assert estate.named("Role", "MunimentCollector", account.name)


def test_guardrails_hold_where_they_are_attached(estate: Estate):
    attached = estate.edges("ATTACHED_TO")
    units = {node.id: node.properties["name"] for node in estate.nodes("OrganizationalUnit")}
    regions = estate.named("ServiceControlPolicy", "region-restriction")
    perimeter = estate.named("ResourceControlPolicy", "data-perimeter")

    assert {units[edge.end] for edge in attached if edge.start == regions.id} == {"Workloads", "Infrastructure"}
    assert {units[edge.end] for edge in attached if edge.start == perimeter.id} == {"Production"}
    organization = estate.nodes("Organization")[0].properties["organization_id"]
    assert str(organization) in str(perimeter.properties["document"])


def test_security_is_delegated(estate: Estate):
    delegated = {(edge.end, edge.properties["service"]) for edge in estate.edges("DELEGATES_TO")}

    assert (estate.built.account_ids["security-tooling"], "guardduty.amazonaws.com") in delegated


def test_every_provisioned_permission_set_has_become_a_role(estate: Estate):
    accounts: dict[str, set[str]] = {}
    for edge in estate.edges("PROVISIONED_IN"):
        accounts.setdefault(edge.start, set()).add(edge.end)
    sets = [
        PermissionSet(node.id, str(node.properties["name"]), frozenset(accounts[node.id]))
        for node in estate.nodes("PermissionSet")
    ]
    roles = [
        ReservedRole(
            node.id,
            str(node.properties["account_id"]),
            str(node.properties["path"]),
            str(node.properties["name"]),
        )
        for node in estate.nodes("Role")
    ]

    found = {(edge.start, edge.properties["account_id"]) for edge in provisioned_as(sets, roles)}

    assert len(sets) == len(PERMISSION_SETS)
    assert found == {(edge.start, edge.end) for edge in estate.edges("PROVISIONED_IN")}


def test_old_access_keys_are_old(estate: Estate):
    jenkins = estate.named("User", "ci-jenkins", "shared-services")
    keys = [node for node in estate.nodes("AccessKey") if node.id.startswith(f"{jenkins.id}/")]
    five_years_ago = (datetime.now(UTC) - timedelta(days=5 * 365)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert len(keys) == 2
    assert all(str(key.properties["rotated_at"]) < five_years_ago for key in keys)
