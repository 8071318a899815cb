"""Which reserved role is which permission set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.analysis.identity_center import PermissionSet, ReservedRole, permission_set_name, provisioned_as

PATH = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
SUFFIX = "0123456789abcdef"


def role(name: str, account: str = "111111111111", path: str = PATH) -> ReservedRole:
    return ReservedRole(f"arn:aws:iam::{account}:role{path}{name}", account, path, name)


def matched(sets: list[PermissionSet], roles: list[ReservedRole]) -> set[tuple[str, str]]:
    return {(edge.start, edge.end) for edge in provisioned_as(sets, roles)}


@given(st.text("abcXYZ019+=,.@-_", min_size=1, max_size=32), st.text("0123456789abcdef", min_size=16, max_size=16))
def test_every_name_that_a_permission_set_can_have_is_found_again(name: str, suffix: str):
    reserved = f"AWSReservedSSO_{name}_{suffix}"

    assert len(reserved) <= 64
    assert permission_set_name(reserved) == name


@pytest.mark.parametrize(
    "name",
    [
        "AWSReservedSSO_Admin",
        f"AWSReservedSSO__{SUFFIX}",
        f"AWSReservedSSO_Admin_{SUFFIX.upper()}",
        f"AWSReservedSSO_Admin_{SUFFIX}0",
        f"MyAWSReservedSSO_Admin_{SUFFIX}",
        f"AWSReservedSSO_Admin_{SUFFIX}\n",
    ],
)
def test_other_names_are_nobodys(name: str):
    assert permission_set_name(name) is None or permission_set_name(name) != "Admin"


def test_a_set_becomes_the_role_of_its_name_in_each_of_its_accounts():
    accounts = frozenset({"111111111111", "222222222222"})
    here, there = role(f"AWSReservedSSO_Admin_{SUFFIX}"), role(f"AWSReservedSSO_Admin_{SUFFIX}", "222222222222")

    assert matched([PermissionSet("ps", "Admin", accounts)], [here, there]) == {("ps", here.id), ("ps", there.id)}


def test_names_differ_by_capitals():
    assert not matched([PermissionSet("ps", "admin", None)], [role(f"AWSReservedSSO_Admin_{SUFFIX}")])


def test_a_role_outside_the_reserved_path_is_anyones():
    assert not matched([PermissionSet("ps", "Admin", None)], [role(f"AWSReservedSSO_Admin_{SUFFIX}", path="/")])


def test_a_left_over_in_another_account_is_nobodys():
    sets = [PermissionSet("ps", "Admin", frozenset({"222222222222"}))]

    assert not matched(sets, [role(f"AWSReservedSSO_Admin_{SUFFIX}")])


def test_the_name_alone_decides_where_accounts_are_not_known():
    reserved = role(f"AWSReservedSSO_Admin_{SUFFIX}")

    assert matched([PermissionSet("ps", "Admin", None)], [reserved]) == {("ps", reserved.id)}


def test_of_two_sets_of_one_name_the_account_decides():
    sets = [
        PermissionSet("a", "Admin", frozenset({"111111111111"})),
        PermissionSet("b", "Admin", frozenset({"3" * 12})),
    ]
    reserved = role(f"AWSReservedSSO_Admin_{SUFFIX}")

    assert matched(sets, [reserved]) == {("a", reserved.id)}
