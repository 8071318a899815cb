"""An account's IAM, read from an emulated AWS by real calls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.ingest.aws.collector import Options
from muniment.schema import SCHEMA, Listing, Node, Ownership, Status

from .cloud import MANAGEMENT, Cloud

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
IAM = f"arn:aws:iam::{MANAGEMENT}"


@pytest.fixture
def iam(cloud: Cloud) -> Any:
    """A client of IAM in the caller's account."""
    return cloud.client("iam")


def read(entrance: Entrance, options: Options | None = None) -> Listing:
    """The listing of IAM in the caller's account."""
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("iam",), options=options or Options()))
    (listing,) = listings(plan, source, sleep=lambda _: None)
    return listing


def node(listing: Listing, identifier: str) -> Node:
    """The node of that id."""
    return next(found for found in listing.nodes if found.id == identifier)


def ends(listing: Listing, relationship: str, start: str | None = None) -> list[tuple[str, str]]:
    """Starts and ends of relationships of a type."""
    return sorted((e.start, e.end) for e in listing.edges if e.type == relationship and start in (None, e.start))


def make_role(iam: Any, name: str, **more: Any) -> str:
    """A role that EC2 can assume."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [EC2]})
    return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"])


def test_a_role_with_all_that_belongs_to_it(iam: Any, entrance: Entrance) -> None:
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
    role = make_role(
        iam,
        "deploy+prod",
        Path="/teams/",
        Description="Deploys „prod“",
        MaxSessionDuration=7200,
        PermissionsBoundary=boundary,
        Tags=[{"Key": "owner", "Value": "O'Brien `&` ✓"}, {"Key": "env", "Value": "prod"}],
    )
    iam.put_role_policy(RoleName="deploy+prod", PolicyName="inline", PolicyDocument=json.dumps(ALLOW))
    iam.attach_role_policy(RoleName="deploy+prod", PolicyArn=boundary)
    iam.create_instance_profile(InstanceProfileName="deploy")
    iam.add_role_to_instance_profile(InstanceProfileName="deploy", RoleName="deploy+prod")
    listing = read(entrance)

    properties = node(listing, role).properties
    assert listing.status is Status.COMPLETE
    assert role == f"{IAM}:role/teams/deploy+prod"
    assert (properties["name"], properties["path"], properties["description"]) == (
        "deploy+prod",
        "/teams/",
        "Deploys „prod“",
    )
    assert properties["max_session_seconds"] == 7200
    assert json.loads(str(properties["tags"])) == {"env": "prod", "owner": "O'Brien `&` ✓"}
    assert json.loads(str(properties["trust_policy"]))["Statement"] == [EC2]
    assert str(properties["unique_id"]).startswith("AROA")
    assert ends(listing, "TRUSTS") == [(role, "ec2.amazonaws.com")]
    assert ends(listing, "BOUNDED_BY") == [(role, boundary)]
    assert ends(listing, "HAS_ROLE") == [(f"{IAM}:instance-profile/deploy", role)]
    inline = f"{role}/inline-policy/inline"
    assert ends(listing, "ATTACHED_TO") == sorted([(boundary, role), (inline, role)])
    assert ends(listing, "HAS_STATEMENT", inline) == [(inline, f"{inline}#1")]
    assert node(listing, f"{inline}#1").properties["actions"] == ["s3:Get*"]


def test_a_user_with_credentials(iam: Any, entrance: Entrance) -> None:
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    iam.create_group(GroupName="staff", Path="/org/")
    iam.add_user_to_group(GroupName="staff", UserName="ann")
    iam.create_login_profile(UserName="ann", Password="correct-Horse-battery-1")
    first = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="ann-phone")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName="ann", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    listing = read(entrance)

    properties = node(listing, user).properties
    assert (properties["console_access"], properties["mfa_active"]) == (True, True)
    assert properties["tags"] == "{}"
    assert ends(listing, "MEMBER_OF") == [(user, f"{IAM}:group/org/staff")]
    key = node(listing, f"{user}/access-key/1").properties
    assert key["active"] is True
    assert str(key["rotated_at"]).endswith("Z")
    assert "access_key_id" not in key
    assert ends(listing, "HAS_MFA_DEVICE") == [(user, device)]
    assert node(listing, device).properties["type"] == "virtual"
    assert node(listing, f"{IAM}:root").kind == "RootUser"

    with_ids = read(entrance, Options(access_key_ids=True))
    assert node(with_ids, f"{user}/access-key/1").properties["access_key_id"] == first
    assert node(with_ids, f"{user}/access-key/1").properties["rotated_at"] == key["rotated_at"]


def test_the_account_as_a_whole(iam: Any, entrance: Entrance) -> None:
    iam.create_account_alias(AccountAlias="our-alias")
    saml = iam.create_saml_provider(Name="Okta", SAMLMetadataDocument="<x>" + "a" * 1024 + "</x>")["SAMLProviderArn"]
    oidc = iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com",
        ThumbprintList=["a" * 40],
        ClientIDList=["sts.amazonaws.com"],
    )["OpenIDConnectProviderArn"]
    without_policy = read(entrance)
    iam.update_account_password_policy(MinimumPasswordLength=14, MaxPasswordAge=90)
    listing = read(entrance)

    assert without_policy.status is Status.COMPLETE
    assert not [found for found in without_policy.nodes if found.kind == "PasswordPolicy"]
    policy = node(listing, f"password-policy/{MANAGEMENT}").properties
    assert (policy["minimum_length"], policy["max_age_days"]) == (14, 90)
    assert node(listing, oidc).properties["url"] == "token.actions.githubusercontent.com"
    assert node(listing, oidc).properties["client_ids"] == ["sts.amazonaws.com"]
    assert node(listing, saml).kind == "SamlProvider"
    summary = node(listing, f"account-summary/{MANAGEMENT}").properties
    assert summary["name"] == "our-alias"
    assert json.loads(str(summary["counts"]))["Users"] == 0


def test_few_calls_whatever_the_number_of_roles(cloud: Cloud, iam: Any, entrance: Entrance) -> None:
    for number in range(60):
        make_role(iam, f"role-{number}")
    cloud.front.clear()
    listing = read(entrance)
    seen = [request for request in cloud.front.seen if request.service == "iam"]
    assert sum(found.kind == "Role" for found in listing.nodes) == 60
    assert listing.calls == len(seen) <= 14


def test_facts_are_as_the_schema_declares_them(iam: Any, entrance: Entrance) -> None:
    user = iam.create_user(UserName="bob")["User"]["UserName"]
    iam.create_access_key(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps(ALLOW))
    make_role(iam, "r")
    assert_declared(read(entrance))


def assert_declared(listing: Listing) -> None:
    """Every property is a declared field, and every relationship joins what it may."""
    kinds = {found.id: found.kind for found in listing.nodes}
    for found in listing.nodes:
        assert set(found.properties) <= {declared.name for declared in SCHEMA.fields(found.kind)}, found
    for edge in listing.edges:
        declared = SCHEMA.relationships[edge.type]
        assert set(edge.properties) <= {field.name for field in declared.fields}, edge
        assert any(
            SCHEMA.is_a(kinds[edge.start], start) and SCHEMA.is_a(kinds[edge.end], end) for start, end in declared.ends
        ), edge


def test_nothing_the_account_merely_names_is_its_own(iam: Any, entrance: Entrance) -> None:
    make_role(iam, "r")
    named = {found.id: found.ownership for found in read(entrance).nodes}
    assert named["ec2.amazonaws.com"] is Ownership.REFERENCE
    assert named[MANAGEMENT] is Ownership.REFERENCE
