"""Which accounts, regions and scopes a run reads, and how it gets into them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from muniment.errors import UsageError
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.ingest.aws import collectors
from muniment.ingest.aws.discovery import NO_ORGANIZATION, has_service
from muniment.ingest.aws.plan import Plan
from muniment.ingest.aws.session import Identity, Sessions

from .cloud import MANAGEMENT, Cloud
from .scripted import ACCOUNT, Scripted

MEMBER, DELEGATE = "222233334444", "333344445555"
ORGANIZATION = {
    "Organization": {
        "Id": "o-1",
        "MasterAccountId": MANAGEMENT,
        "Arn": f"arn:aws:organizations::{MANAGEMENT}:organization/o-1",
    }
}
ACCOUNTS = {
    "Accounts": [
        {"Id": MANAGEMENT, "State": "ACTIVE"},
        {"Id": MEMBER, "Status": "ACTIVE"},
        {"Id": DELEGATE, "State": "SUSPENDED", "Status": "SUSPENDED"},
    ]
}
REGIONS = {"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}]}


def call(operation: str, *pages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One call of a case."""
    return {"operation": operation, "pages": list(pages), **more}


def planned(*calls: dict[str, Any], caller: str = ACCOUNT, enterable: tuple[str, ...] = (), **request: Any) -> Plan:
    """The plan in a case."""
    identity = Identity(caller, f"arn:aws:iam::{caller}:user/auditor")
    return discover(Scripted(list(calls), identity, frozenset(enterable)), Request(**request))


def scopes(plan: Plan) -> dict[str, str]:
    """Where the calls of each scope are made."""
    return {str(task.scope): task.account for task in plan.tasks}


def test_an_organization_read_from_its_management_account() -> None:
    plan = planned(
        call("DescribeOrganization", ORGANIZATION),
        call("ListAccounts", ACCOUNTS),
        call("DescribeRegions", REGIONS),
        caller=MANAGEMENT,
    )
    assert plan.accounts == (MANAGEMENT, MEMBER)
    assert plan.skipped == {DELEGATE: "SUSPENDED"}
    assert plan.notes == (f"the account {DELEGATE} is not read: it is SUSPENDED",)
    assert plan.organization == "o-1"
    assert not plan.refusals
    planned_scopes = scopes(plan)
    assert planned_scopes[f"aws/{MANAGEMENT}/global/organizations"] == MANAGEMENT
    assert planned_scopes[f"aws/{MEMBER}/global/iam"] == MEMBER
    assert not [scope for scope in planned_scopes if scope.endswith("/account")]
    assert {scope for scope in planned_scopes if scope.endswith("identity-center")} == {
        f"aws/{MANAGEMENT}/{region}/identity-center" for region in ("eu-west-1", "us-east-1")
    }


def test_an_organization_read_from_a_member_that_may_enter_the_management_account() -> None:
    plan = planned(
        call("DescribeOrganization", ORGANIZATION),
        call("ListAccounts", account=ACCOUNT, refused="AccessDeniedException"),
        call("ListAccounts", ACCOUNTS, account=MANAGEMENT),
        enterable=(MANAGEMENT,),
        collectors=("organizations", "iam"),
    )
    assert scopes(plan)[f"aws/{MANAGEMENT}/global/organizations"] == MANAGEMENT
    assert plan.accounts == (MANAGEMENT, MEMBER)


def test_a_delegated_administrator_speaks_for_identity_center() -> None:
    plan = planned(
        call("DescribeOrganization", ORGANIZATION),
        call("ListAccounts", ACCOUNTS),
        call(
            "ListDelegatedAdministrators",
            {"DelegatedAdministrators": [{"Id": MEMBER}]},
            params={"ServicePrincipal": "sso.amazonaws.com"},
        ),
        enterable=(MEMBER,),
        regions=("eu-west-1",),
        collectors=("identity-center",),
    )
    assert scopes(plan) == {f"aws/{MANAGEMENT}/eu-west-1/identity-center": MEMBER}


def test_an_organization_that_cannot_be_read_is_not_no_organization() -> None:
    plan = planned(
        call("DescribeOrganization", refused="AccessDeniedException"), collectors=("organizations", "account")
    )
    assert plan.organization is None
    assert [refusal.code for refusal in plan.refusals] == ["AccessDeniedException"]
    assert set(scopes(plan)) == {f"aws/{ACCOUNT}/global/organizations", f"aws/{ACCOUNT}/global/account"}


def test_no_organization_is_a_fact() -> None:
    plan = planned(call("DescribeOrganization", refused=NO_ORGANIZATION), collectors=("iam", "account"))
    assert plan.refusals == ()
    assert plan.accounts == (ACCOUNT,)


def test_accounts_that_are_named_are_read_and_suspended_ones_still_are_not() -> None:
    plan = planned(
        call("DescribeOrganization", ORGANIZATION),
        call("ListAccounts", ACCOUNTS),
        accounts=(MEMBER, DELEGATE, "999900001111"),
        collectors=("iam",),
    )
    assert plan.accounts == (MEMBER, "999900001111")
    assert plan.skipped == {DELEGATE: "SUSPENDED"}


def test_regions_are_asked_of_the_account_service_where_ec2_is_denied() -> None:
    answers = (
        call("DescribeOrganization", refused=NO_ORGANIZATION),
        call("DescribeRegions", refused="UnauthorizedOperation"),
    )
    asked = planned(*answers, call("ListRegions", REGIONS), collectors=("identity-center",))
    assert [task.scope.region for task in asked.tasks] == ["eu-west-1", "us-east-1"]
    assert not asked.refusals
    denied = planned(*answers, call("ListRegions", refused="AccessDenied"), collectors=("identity-center",))
    assert len(denied.tasks) > 15
    assert [str(refusal.action) for refusal in denied.refusals] == ["ec2:DescribeRegions"]


def test_a_service_is_read_only_where_there_is_one() -> None:
    def regions(collector: str, *asked: str) -> set[str]:
        plan = planned(call("DescribeOrganization", refused=NO_ORGANIZATION), collectors=(collector,), regions=asked)
        return {task.scope.region for task in plan.tasks}

    assert regions("datapipeline", "eu-west-1", "eu-north-1") == {"eu-west-1"}
    assert regions("bedrock-agentcore", "eu-west-1", "af-south-1") == {"eu-west-1"}
    assert regions("ec2", "eu-west-1", "eu-north-1") == {"eu-west-1", "eu-north-1"}
    assert regions("apprunner", "eu-west-1", "xx-new-1") == {"eu-west-1", "xx-new-1"}


@pytest.mark.parametrize(
    ("collector", "region", "partition", "there"),
    [
        ("ec2", "cn-north-1", "aws-cn", True),
        ("glue", "us-gov-east-1", "aws-us-gov", True),
        ("apprunner", "cn-north-1", "aws-cn", False),
        ("datapipeline", "us-gov-west-1", "aws-us-gov", False),
        ("bedrock-agentcore", "us-gov-west-1", "aws-us-gov", True),
        ("bedrock-agentcore", "cn-north-1", "aws-cn", False),
    ],
)
def test_other_partitions_have_fewer_services(collector: str, region: str, partition: str, there: bool) -> None:
    assert has_service(collectors()[collector], region, partition) is there


def test_a_collector_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match="no collector 'nothing'"):
        planned(collectors=("nothing",))


def test_a_plan_survives_being_written_down() -> None:
    plan = planned(call("DescribeOrganization", refused="AccessDeniedException"), regions=("eu-west-1",))
    assert Plan.from_json(plan.to_json()) == plan


def test_member_accounts_are_entered_by_their_role(cloud: Cloud, entrance: Entrance) -> None:
    organizations = cloud.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(AccountName="prod", Email="prod@example.com")["CreateAccountStatus"][
        "AccountId"
    ]
    cloud.client("iam", account=member).create_user(UserName="only-there")
    source = LiveSource(replace(entrance, role_name="audit/Reader", external_id="known-to-us"))
    plan = discover(source, Request(collectors=("iam",)))
    found = {
        listing.scope.account: {node.properties["name"] for node in listing.nodes if node.kind == "User"}
        for listing in listings(plan, source, sleep=lambda _: None)
    }
    assert found == {MANAGEMENT: set(), member: {"only-there"}}
    assert len(cloud.front.calls("AssumeRole")) == 1


def test_a_profile_says_where_all_accounts_are_asked(
    cloud: Cloud, entrance: Entrance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(
        f"[profile auditor]\nregion = eu-west-1\nendpoint_url = {cloud.endpoint}\n"
        "aws_access_key_id = someone\naws_secret_access_key = nothing\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    sessions = Sessions(replace(entrance, profile="auditor"))
    assert sessions.client("444455556666", "global", "iam").list_roles()["Roles"] == []
    assert [request.region for request in cloud.front.calls("AssumeRole")] == ["eu-west-1"]


def test_credentials_of_a_role_are_renewed_before_they_run_out(
    cloud: Cloud, entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(entrance)
    lifetimes = iter([60, 3600])
    assume = sessions._sts.assume_role

    def assume_for(**asked: Any) -> Any:
        from datetime import UTC, datetime, timedelta

        given = assume(**asked)
        given["Credentials"]["Expiration"] = datetime.now(UTC) + timedelta(seconds=next(lifetimes))
        return given

    monkeypatch.setattr(sessions._sts, "assume_role", assume_for)
    client = sessions.client("444455556666", "global", "iam")
    client.list_roles()
    client.list_roles()
    assert len(cloud.front.calls("AssumeRole")) == 2
    assert sessions.client("444455556666", "global", "iam") is client


def test_operations_that_botocore_cannot_page_are_paged_by_their_tokens(cloud: Cloud, entrance: Entrance) -> None:
    iam = cloud.client("iam")
    for number in range(5):
        iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument='{"Version": "2012-10-17"}')
    source = LiveSource(entrance)
    paged = source.pages(MANAGEMENT, "global", "iam", "ListRoles", {"MaxItems": 2}, tokens=("Marker", "Marker"))
    assert [len(page["Roles"]) for page in paged] == [2, 2, 1]


@pytest.mark.parametrize(
    ("arn", "home"),
    [
        ("arn:aws:iam::111122223333:user/u", "us-east-1"),
        ("arn:aws-cn:iam::111122223333:user/u", "cn-north-1"),
        ("arn:aws-us-gov:iam::111122223333:user/u", "us-gov-west-1"),
        ("arn:aws-eusc:iam::111122223333:user/u", "eusc-de-east-1"),
    ],
)
def test_global_services_are_asked_in_the_partitions_own_region(
    cloud: Cloud, entrance: Entrance, monkeypatch: pytest.MonkeyPatch, arn: str, home: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eusc-de-east-1")
    caller = Identity("111122223333", arn)
    authenticate = Sessions._authenticate
    monkeypatch.setattr(Sessions, "_authenticate", lambda self: (*authenticate(self)[:2], caller))
    sessions = Sessions(entrance)
    assert sessions.client("111122223333", "global", "iam").meta.config.region_name in (home, "aws-global")
    assert sessions.client("111122223333", "global", "sts").meta.region_name == home
