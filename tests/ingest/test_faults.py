"""What can go wrong while reading: nothing is lost, and the scope says what could not be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from muniment.errors import CredentialsError
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.ingest.aws.refusal import CallRefused
from muniment.schema import Listing, Status

from .cloud import CUT, GARBAGE, MANAGEMENT, Cloud

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def estate(cloud: Cloud) -> Cloud:
    """A cloud with a role and a user in it."""
    iam = cloud.client("iam")
    iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_user(UserName="ann")
    cloud.front.clear()
    return cloud


def read(entrance: Entrance, misbehave: Callable[[], Any] = lambda: None) -> Listing:
    """IAM of the caller's account, with faults that begin after discovery."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("iam",)))
    misbehave()
    (listing,) = listings(plan, source, sleep=lambda _: None)
    return listing


def kinds(listing: Listing) -> set[str]:
    """The kinds of what the scope lists."""
    return {node.kind for node in listing.nodes}


@pytest.mark.parametrize(
    "code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"]
)
def test_a_call_that_is_denied_leaves_the_rest_readable(estate: Cloud, entrance: Entrance, code: str) -> None:
    listing = read(entrance, lambda: estate.front.answer(code, operation="ListVirtualMFADevices"))
    assert listing.status is Status.PARTIAL
    assert [(refusal.action, refusal.code) for refusal in listing.refusals] == [("iam:ListVirtualMFADevices", code)]
    assert {"User", "Role", "AccountSummary"} <= kinds(listing)


def test_denial_of_the_details_is_not_an_empty_account(estate: Cloud, entrance: Entrance) -> None:
    listing = read(entrance, lambda: estate.front.answer("AccessDenied", operation="GetAccountAuthorizationDetails"))
    assert listing.status is Status.PARTIAL
    assert "iam:GetAccountAuthorizationDetails" in [refusal.action for refusal in listing.refusals]
    assert all(refusal.code != "NotListed" for refusal in listing.refusals)


def test_an_account_in_which_everything_is_denied(estate: Cloud, entrance: Entrance) -> None:
    listing = read(entrance, lambda: estate.front.answer("AccessDenied", service="iam"))
    assert listing.status is Status.DENIED
    assert all(refusal.code == "AccessDenied" for refusal in listing.refusals)


def test_without_the_credential_report_users_are_known_and_their_credentials_are_not(
    estate: Cloud, entrance: Entrance
) -> None:
    listing = read(entrance, lambda: estate.front.answer("AccessDenied", operation="GetCredentialReport"))
    (user,) = (node for node in listing.nodes if node.kind == "User")
    assert listing.status is Status.PARTIAL
    assert user.properties.get("console_access") is None
    assert user.properties.get("mfa_active") is None
    assert not estate.front.calls("GenerateCredentialReport")


def test_half_of_the_calls_throttled_changes_nothing(estate: Cloud, entrance: Entrance) -> None:
    calm = read(entrance)
    throttled = read(replace(entrance, attempts=2), estate.front.throttle_each_once)
    assert throttled.status is Status.COMPLETE
    assert throttled.nodes == calm.nodes
    assert throttled.edges == calm.edges


def test_an_error_that_no_service_worded_is_tried_again_a_few_times(estate: Cloud, entrance: Entrance) -> None:
    source = LiveSource(replace(entrance, attempts=8))
    asked = (source.identity.account, "us-east-1", "sqs", "ListQueues", {})
    estate.front.answer("page", operation="ListQueues", times=2)
    assert len(list(source.pages(*asked))) == 1
    estate.front.clear()
    estate.front.answer("page", operation="ListQueues")
    with pytest.raises(CallRefused) as refused:
        list(source.pages(*asked))
    assert refused.value.code == "500"
    assert len(estate.front.calls("ListQueues")) == 3


def test_throttling_without_end_is_said(estate: Cloud, entrance: Entrance) -> None:
    listing = read(replace(entrance, attempts=2), lambda: estate.front.answer("Throttling", operation="ListRoles"))
    assert listing.status is Status.PARTIAL
    assert [(refusal.action, refusal.code) for refusal in listing.refusals] == [("iam:ListRoles", "Throttling")]
    assert len(estate.front.calls("ListRoles")) == 2


def test_a_connection_cut_in_the_middle_of_an_answer_is_tried_again(estate: Cloud, entrance: Entrance) -> None:
    listing = read(
        replace(entrance, attempts=3),
        lambda: estate.front.answer(CUT, operation="GetAccountAuthorizationDetails", times=1),
    )
    assert listing.status is Status.COMPLETE
    assert len(estate.front.calls("GetAccountAuthorizationDetails")) == 2


@pytest.mark.parametrize("how", [CUT, GARBAGE])
def test_half_an_answer_in_json_is_not_an_empty_list(cloud: Cloud, entrance: Entrance, how: str) -> None:
    cloud.client("organizations").create_organization(FeatureSet="ALL")
    cloud.front.answer(how, operation="ListRoots")
    source = LiveSource(entrance)
    (listing,) = listings(discover(source, Request(collectors=("organizations",))), source)
    assert listing.status is Status.PARTIAL
    assert "organizations:ListRoots" in [refusal.action for refusal in listing.refusals]


def test_a_connection_that_is_always_cut_is_said(estate: Cloud, entrance: Entrance) -> None:
    listing = read(entrance, lambda: estate.front.answer(CUT, operation="GetAccountAuthorizationDetails"))
    assert listing.status is Status.PARTIAL
    (refusal,) = listing.refusals
    assert (refusal.action, refusal.code) == ("iam:GetAccountAuthorizationDetails", "ConnectionError")


def test_an_answer_that_is_none_is_said(estate: Cloud, entrance: Entrance) -> None:
    listing = read(entrance, lambda: estate.front.answer(GARBAGE, operation="GetAccountAuthorizationDetails"))
    assert listing.status is Status.PARTIAL
    (refusal,) = listing.refusals
    assert (refusal.action, refusal.code) == ("iam:GetAccountAuthorizationDetails", "MalformedResponse")


def test_credentials_that_expire_during_the_run_fail_what_is_left(estate: Cloud, entrance: Entrance) -> None:
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("account", "iam")))
    estate.front.clear()
    estate.front.expire_after(5)
    statuses = {one.scope.collector: one for one in listings(plan, source, concurrency=1, sleep=lambda _: None)}
    assert statuses["iam"].status is Status.PARTIAL
    assert {refusal.code for refusal in statuses["iam"].refusals} == {"ExpiredToken"}
    assert statuses["account"].status is Status.FAILED


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_credentials_that_are_no_good_end_the_run_before_it_begins(cloud: Cloud, entrance: Entrance, code: str) -> None:
    cloud.front.answer(code, operation="GetCallerIdentity")
    with pytest.raises(CredentialsError, match=code) as raised:
        LiveSource(entrance)
    assert raised.value.exit_code == 1
    assert "Sign in again" in raised.value.hint


def test_no_credentials_at_all(cloud: Cloud, entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsError, match="NoCredentials"):
        LiveSource(entrance)


def test_a_profile_that_does_not_exist(cloud: Cloud, entrance: Entrance) -> None:
    with pytest.raises(CredentialsError, match="nobody"):
        LiveSource(replace(entrance, profile="nobody"))


def test_nothing_answers_at_all(cloud: Cloud, entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(CredentialsError, match="ConnectionError"):
        LiveSource(replace(entrance, attempts=1))


def test_an_account_that_cannot_be_entered_is_denied_and_asked_once(estate: Cloud, entrance: Entrance) -> None:
    estate.front.answer("AccessDenied", operation="AssumeRole")
    source = LiveSource(entrance)
    plan = discover(source, Request(accounts=(MANAGEMENT, "444455556666"), collectors=("iam",)))
    by_account = {one.scope.account: one for one in listings(plan, source, sleep=lambda _: None)}
    assert by_account[MANAGEMENT].status is Status.COMPLETE
    denied = by_account["444455556666"]
    assert denied.status is Status.DENIED
    assert [(refusal.action, refusal.code) for refusal in denied.refusals] == [("sts:AssumeRole", "AccessDenied")]
    assert len(estate.front.calls("AssumeRole")) == 1


def test_one_region_that_is_denied_is_not_an_empty_region(cloud: Cloud, entrance: Entrance) -> None:
    cloud.front.answer("AccessDeniedException", service="sso", region="eu-west-1")
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("identity-center",), regions=("eu-west-1", "us-east-1")))
    statuses = {one.scope.region: one.status for one in listings(plan, source)}
    assert statuses["eu-west-1"] is Status.DENIED
    assert statuses["us-east-1"] is not Status.DENIED
