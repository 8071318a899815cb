"""Reading what the AWS CLI printed into files of any name."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from muniment.errors import ReplayError
from muniment.ingest import Plan, Request, from_files, listings
from muniment.schema import Listing, Status

A, B, MANAGEMENT = "111122223333", "222233334444", "999900001111"
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,"
    "access_key_1_last_rotated"
)
REPORT = f"""{COLUMNS}
<root_account>,arn:aws:iam::{A}:root,2020-01-01T00:00:00+00:00,not_supported,2020-02-01T00:00:00+00:00,true,false,N/A
ann,arn:aws:iam::{A}:user/ann,2024-01-01T00:00:00+00:00,true,no_information,false,true,2024-02-01T00:00:00+00:00
"""


def role(account: str, name: str, **more: Any) -> dict[str, Any]:
    """A role as the CLI prints it."""
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": "AROA1234567890EXAMPLE",
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "CreateDate": "2024-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": TRUST,
        "InstanceProfileList": [],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
        "RoleLastUsed": {"LastUsedDate": "2026-01-01T00:00:00+00:00", "Region": "eu-west-1"},
    } | more


def user(account: str, name: str) -> dict[str, Any]:
    """A user as the CLI prints it."""
    return {
        "Path": "/",
        "UserName": name,
        "UserId": "AIDA1234567890EXAMPLE",
        "Arn": f"arn:aws:iam::{account}:user/{name}",
        "CreateDate": "2024-01-01T00:00:00+00:00",
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }


def details(*roles: dict[str, Any], users: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """What get-account-authorization-details prints."""
    return {"UserDetailList": list(users), "GroupDetailList": [], "RoleDetailList": list(roles), "Policies": []}


def put(folder: Path, **files: Any) -> Path:
    """Files by name, with __ for a folder's slash and _ for a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def read(folder: Path, **request: Any) -> tuple[Plan, dict[str, Listing]]:
    """The plan, and the listings by scope."""
    plan, source = from_files(folder, Request(**request))
    return plan, {str(listing.scope): listing for listing in listings(plan, source)}


def names(listing: Listing, kind: str) -> list[str]:
    """Names of the nodes of a kind that the scope lists."""
    return sorted(
        str(node.properties["name"]) for node in listing.nodes if node.kind == kind and node.ownership == "scope"
    )


def test_one_document_of_details_is_an_account_as_far_as_it_goes(tmp_path: Path) -> None:
    _, found = read(put(tmp_path, whatever_json=details(role(A, "deploy"), users=(user(A, "ann"),))))
    iam = found[f"aws/{A}/global/iam"]
    assert names(iam, "Role") == ["deploy"]
    assert names(iam, "User") == ["ann"]
    assert iam.status is Status.PARTIAL
    assert {refusal.code for refusal in iam.refusals} == {"NotRecorded"}
    assert "iam:GetCredentialReport" in [refusal.action for refusal in iam.refusals]
    (deploy,) = (node for node in iam.nodes if node.kind == "Role")
    assert deploy.properties["created_at"] == "2024-01-01T00:00:00Z"
    assert deploy.properties["last_used_at"] == "2026-01-01T00:00:00Z"
    assert found[f"aws/{A}/global/organizations"].status is Status.PARTIAL


def test_the_whole_of_an_account_is_complete(tmp_path: Path) -> None:
    put(
        tmp_path,
        details_json=details(role(A, "deploy"), users=(user(A, "ann"),)),
        roles_json={"Roles": [{"Arn": f"arn:aws:iam::{A}:role/deploy", "Description": "d", "MaxSessionDuration": 60}]},
        report_json={"Content": base64.b64encode(REPORT.encode()).decode(), "ReportFormat": "text/csv"},
        profiles_json={"InstanceProfiles": []},
        mfa_json={"VirtualMFADevices": []},
        saml_json={"SAMLProviderList": []},
        oidc_json={"OpenIDConnectProviderList": []},
        summary_json={"SummaryMap": {"Users": 1, "Roles": 1, "Groups": 0, "AccountMFAEnabled": 1}},
        aliases_json={"AccountAliases": ["ours"]},
        password_txt="\nAn error occurred (NoSuchEntity) when calling the GetAccountPasswordPolicy operation: none\n",
    )
    for name in ("roles", "profiles", "mfa", "saml", "oidc", "summary", "aliases"):
        (tmp_path / f"{name}.json").rename(tmp_path / f"{A}-{name}.json")
    _, found = read(tmp_path, collectors=("iam",))
    iam = found[f"aws/{A}/global/iam"]
    assert iam.refusals == ()
    assert iam.status is Status.COMPLETE
    (ann,) = (node for node in iam.nodes if node.kind == "User")
    assert (ann.properties["console_access"], ann.properties["mfa_active"]) == (True, False)
    assert [node.id for node in iam.nodes if node.kind == "AccessKey"] == [f"arn:aws:iam::{A}:user/ann/access-key/1"]


def test_a_report_that_somebody_decoded_is_a_report(tmp_path: Path) -> None:
    put(tmp_path, x_json=details(role(A, "deploy"), users=(user(A, "ann"),)), report_csv=REPORT)
    _, found = read(tmp_path, collectors=("iam",))
    (ann,) = (node for node in found[f"aws/{A}/global/iam"].nodes if node.kind == "User")
    assert ann.properties["console_access"] is True


def test_accounts_are_told_by_arns_and_by_names_of_folders(tmp_path: Path) -> None:
    put(
        tmp_path,
        x_json=details(role(A, "in-a")),
        y_json=details(role(B, "in-b")),
        **{f"{B}__policy_json": {"PasswordPolicy": {"MinimumPasswordLength": 14}}},
        nobody_json={"AccountAliases": ["whose"]},
    )
    plan, found = read(tmp_path)
    assert names(found[f"aws/{A}/global/iam"], "Role") == ["in-a"]
    assert names(found[f"aws/{B}/global/iam"], "Role") == ["in-b"]
    assert [node.kind for node in found[f"aws/{B}/global/iam"].nodes if node.kind == "PasswordPolicy"]
    assert not [node.kind for node in found[f"aws/{A}/global/iam"].nodes if node.kind == "PasswordPolicy"]
    assert any("no account is named in nobody.json" in note for note in plan.notes)


def test_pages_in_several_files_are_one_listing(tmp_path: Path) -> None:
    put(
        tmp_path,
        page1_json=details(role(A, "one")) | {"IsTruncated": True, "Marker": "m"},
        page2_json=details(role(A, "two")) | {"IsTruncated": False},
    )
    _, found = read(tmp_path, collectors=("iam",))
    iam = found[f"aws/{A}/global/iam"]
    assert names(iam, "Role") == ["one", "two"]
    assert "iam:GetAccountAuthorizationDetails" not in [refusal.action for refusal in iam.refusals]


def test_a_listing_that_says_that_it_goes_on_is_not_complete(tmp_path: Path) -> None:
    put(tmp_path, page1_json=details(role(A, "one")) | {"NextToken": "more"})
    _, found = read(tmp_path, collectors=("iam",))
    said = {refusal.action: refusal.message for refusal in found[f"aws/{A}/global/iam"].refusals}
    assert "ends before the list does" in said["iam:GetAccountAuthorizationDetails"]


def test_details_printed_with_a_filter_are_not_an_account_without_users(tmp_path: Path) -> None:
    attached = [{"PolicyName": "p", "PolicyArn": f"arn:aws:iam::{A}:policy/p"}]
    put(
        tmp_path,
        roles_json=details(role(A, "one", AttachedManagedPolicies=attached)),
        **{f"{A}_json": {"SummaryMap": {"Users": 7, "Roles": 1, "Groups": 0}}},
    )
    _, found = read(tmp_path, collectors=("iam",))
    said = [f"{refusal.code} {refusal.message}" for refusal in found[f"aws/{A}/global/iam"].refusals]
    assert any("the policy" in one and "NotListed" in one for one in said)


def test_a_denial_that_the_cli_printed_is_a_denial(tmp_path: Path) -> None:
    put(
        tmp_path,
        x_json=details(role(A, "one")),
        **{f"{A}_txt": "An error occurred (AccessDenied) when calling the GetCredentialReport operation: no"},
    )
    _, found = read(tmp_path, collectors=("iam",))
    said = {refusal.action: refusal.code for refusal in found[f"aws/{A}/global/iam"].refusals}
    assert said["iam:GetCredentialReport"] == "AccessDenied"


ORGANIZATION_ARN = f"arn:aws:organizations::{MANAGEMENT}:organization/o-abcdefghij"


def put_organization(folder: Path) -> Path:
    """An organization of one unit and three accounts."""
    arn = f"arn:aws:organizations::{MANAGEMENT}"
    listed = [
        {"Id": account, "Arn": f"{arn}:account/o-abcdefghij/{account}", "Name": name, "State": state}
        for account, name, state in (
            (MANAGEMENT, "main", "ACTIVE"),
            (A, "prod", "ACTIVE"),
            (B, "old", "SUSPENDED"),
        )
    ]
    unit = {"Id": "ou-r001-aaaaaaaa", "Arn": f"{arn}:ou/o-abcdefghij/ou-r001-aaaaaaaa", "Name": "Prod"}
    return put(
        folder,
        **{
            "describe-organization_json": {
                "Organization": {
                    "Id": "o-abcdefghij",
                    "Arn": ORGANIZATION_ARN,
                    "MasterAccountId": MANAGEMENT,
                    "FeatureSet": "ALL",
                }
            },
            "list-roots_json": {
                "Roots": [
                    {
                        "Id": "r-r001",
                        "Arn": f"{arn}:root/o-abcdefghij/r-r001",
                        "Name": "Root",
                        "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
                    }
                ]
            },
            "list-accounts_json": {"Accounts": listed},
            "units-of-r-r001_json": {"OrganizationalUnits": [unit]},
            "units-of-ou-r001-aaaaaaaa_json": {"OrganizationalUnits": []},
            "list-accounts-for-parent-r-r001_json": {"Accounts": listed[:1]},
            "accounts-ou-r001-aaaaaaaa_json": {"Accounts": listed[1:]},
        },
    )


def test_an_organization_is_read_from_files_named_after_what_they_are_about(tmp_path: Path) -> None:
    plan, found = read(put_organization(tmp_path))
    assert plan.organization == "o-abcdefghij"
    assert plan.accounts == (A, MANAGEMENT)
    organizations = found[f"aws/{MANAGEMENT}/global/organizations"]
    assert names(organizations, "Account") == ["main", "old", "prod"]
    held = {(edge.start.rpartition("/")[2], edge.end) for edge in organizations.edges if edge.type == "CONTAINS"}
    assert {("r-r001", MANAGEMENT), ("ou-r001-aaaaaaaa", A), ("ou-r001-aaaaaaaa", B)} <= held
    assert organizations.status is Status.PARTIAL
    assert found[f"aws/{A}/global/iam"].status is Status.PARTIAL
    assert found[f"aws/{A}/global/iam"].calls > 0
    assert not [scope for scope in found if scope.endswith("/account")]


def test_a_units_accounts_are_not_taken_for_all_accounts(tmp_path: Path) -> None:
    put_organization(tmp_path)
    (tmp_path / "list-accounts.json").unlink()
    _, found = read(tmp_path, collectors=("organizations",))
    organizations = found[f"aws/{MANAGEMENT}/global/organizations"]
    assert "organizations:ListAccounts" in [refusal.action for refusal in organizations.refusals]


def test_files_of_any_encoding_and_several_documents_in_one(tmp_path: Path) -> None:
    text = json.dumps(details(role(A, "röle")), ensure_ascii=False)
    put(
        tmp_path,
        utf16_json=text.encode("utf-16"),
        bom_json=b"\xef\xbb\xbf" + text.replace("röle", "two").encode(),
        both_json=json.dumps(details(role(A, "three"))) + "\n\n" + json.dumps(details(role(A, "four"))),
    )
    _, found = read(tmp_path, collectors=("iam",))
    assert names(found[f"aws/{A}/global/iam"], "Role") == ["four", "röle", "three", "two"]


def test_foreign_files_are_named_and_ignored(tmp_path: Path) -> None:
    put(
        tmp_path,
        x_json=details(role(A, "one")),
        readme_txt="hello",
        empty_json="",
        list_json="[1, 2]",
        cut_json='{"Roles": [',
        binary_bin=b"\xff\x00\x01",
        vpcs_json={"Vpcs": []},
        policies_json={"Policies": [{"PolicyName": "p", "Arn": f"arn:aws:iam::{A}:policy/p"}]},
    )
    plan, found = read(tmp_path)
    assert names(found[f"aws/{A}/global/iam"], "Role") == ["one"]
    for name in ("readme.txt", "empty.json", "list.json", "cut.json", "binary.bin", "vpcs.json", "policies.json"):
        assert any(note.startswith(f"ignored {name}: ") for note in plan.notes), name


def test_folders_that_hold_nothing_for_muniment(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="there is no folder"):
        from_files(tmp_path / "nowhere", Request())
    with pytest.raises(ReplayError, match="holds nothing that the AWS CLI printed"):
        from_files(tmp_path, Request())
    with pytest.raises(ReplayError, match="no file says which account"):
        from_files(put(tmp_path, x_json={"AccountAliases": []}), Request())
    with pytest.raises(ReplayError, match="is a recording"):
        from_files(Path(__file__).parents[1] / "cases/replay/first-format", Request())


def test_identity_center_is_matched_by_what_answers_repeat(tmp_path: Path) -> None:
    instance = "arn:aws:sso:::instance/ssoins-1111222233334444"
    one, two = (f"arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-{n * 16}" for n in "12")
    put_organization(tmp_path)
    put(
        tmp_path,
        **{
            "eu-west-1-instances_json": {"Instances": [{"InstanceArn": instance, "IdentityStoreId": "d-1234567890"}]},
            "list-permission-sets_json": {"PermissionSets": [one, two]},
            "ps-one_json": {"PermissionSet": {"Name": "Admin", "PermissionSetArn": one}},
            "ps-two_json": {"PermissionSet": {"Name": "Reader", "PermissionSetArn": two}},
        },
    )
    _, found = read(tmp_path, collectors=("identity-center",))
    center = found[f"aws/{MANAGEMENT}/eu-west-1/identity-center"]
    assert names(center, "PermissionSet") == ["Admin", "Reader"]
    assert center.status is Status.PARTIAL


def test_what_is_of_one_region_of_one_account_is_nothing_elsewhere(tmp_path: Path) -> None:
    for account, region, name in ((A, "eu-west-1", "web"), (B, "us-east-1", "etl")):
        folder = tmp_path / account / region
        folder.mkdir(parents=True)
        project = {
            "name": name,
            "arn": f"arn:aws:codebuild:{region}:{account}:project/{name}",
            "serviceRole": f"arn:aws:iam::{account}:role/{name}",
        }
        (folder / "list.json").write_text(json.dumps({"projects": [name]}))
        (folder / "get.json").write_text(json.dumps({"projects": [project], "projectsNotFound": []}))
    plan, source = from_files(tmp_path, Request(collectors=("codebuild",)))
    found = {
        (listing.scope.account, listing.scope.region): [node.id for node in listing.nodes if node.ownership == "scope"]
        for listing in listings(plan, source, sleep=lambda _: None)
    }
    assert found == {
        (A, "eu-west-1"): [f"arn:aws:codebuild:eu-west-1:{A}:project/web"],
        (A, "us-east-1"): [],
        (B, "eu-west-1"): [],
        (B, "us-east-1"): [f"arn:aws:codebuild:us-east-1:{B}:project/etl"],
    }
