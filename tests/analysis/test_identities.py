"""Who stands behind a principal: the cases of ``cases/identities``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.analysis.identities.assessment import Assessment, Kind
from muniment.analysis.identities.derive import derive_identities
from muniment.analysis.identities.roles import assess_roles
from muniment.analysis.identities.users import Key, User, assess_user
from muniment.schema import Edge, Node

from ..written import written
from .small_estate import arn, estate

FOLDER = Path(__file__).parents[1] / "cases" / "identities"
USERS = written(FOLDER / "users.yaml")
ROLES = written(FOLDER / "roles.yaml")


def as_expected(found: Assessment, expected: dict[str, Any]) -> dict[str, Any]:
    plain = {"kind": found.kind, "evidence": found.evidence, "weak": found.weak}
    plain |= {"because": list(found.because), "also": list(found.also), "doubts": list(found.doubts)}
    return {key: plain[key] for key in expected}


def trusts(case: dict[str, Any]) -> dict[str, Any]:
    common = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    return {name: {"trust": [{**common, **s} for s in statements]} for name, statements in case["roles"].items()}


@pytest.mark.parametrize("case", USERS, ids=lambda case: case["name"])
def test_a_user(case: dict[str, Any]) -> None:
    raw = case["user"]
    keys = tuple(Key(**key) for key in raw.get("keys", ()))
    user = User("arn", raw["name"], raw.get("console"), raw.get("password_last_used"), raw.get("mfa"), keys)
    assert as_expected(assess_user(user), case["expect"]) == case["expect"]


@pytest.mark.parametrize("case", ROLES, ids=lambda case: case["name"])
def test_roles(case: dict[str, Any]) -> None:
    roles = estate({"accounts": {1: {}, 2: {}}, "identities": trusts(case)}).roles
    known = {arn(name): tuple(map(Kind, kinds)) for name, kinds in case.get("users", {}).items()}
    found = dict(assess_roles(roles.values(), known))
    assert len(found) == len(roles)
    for name, expected in case["expect"].items():
        assert as_expected(found[arn(name)], expected) == expected


@pytest.mark.parametrize("case", [*USERS, *ROLES], ids=lambda case: case["name"])
def test_every_case_has_its_reason(case: dict[str, Any]) -> None:
    assert case["why"]


NAMED = st.lists(st.sampled_from([f"<1/role/r{n}>" for n in range(6)] + ["<1/user/ann>"]), max_size=2)


@given(st.lists(st.tuples(NAMED, st.sampled_from(["", "ec2.amazonaws.com"])), min_size=6, max_size=6), st.randoms())
def test_the_order_of_roles_does_not_matter(policies: list[tuple[list[str], str]], random: Any) -> None:
    raw = {}
    for n, (named, service) in enumerate(policies):
        principal = {"AWS": named} | ({"Service": service} if service else {})
        raw[f"1/role/r{n}"] = {"trust": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]}
    roles = list(estate({"accounts": {1: {}}, "identities": raw}).roles.values())
    known = {arn("1/user/ann"): (Kind.HUMAN,)}
    before = dict(assess_roles(roles, known))
    random.shuffle(roles)
    assert dict(assess_roles(roles, known)) == before


def test_each_principal_is_of_one_kind() -> None:
    raw = {"accounts": {1: {}}, "identities": {"1/role/a": {}, "1/user/ann": {}}, "root_users": ["1/root"]}
    facts = list(
        derive_identities(estate(raw), [User(arn("1/user/ann"), "ann", True)], ["arn:aws:identitystore:::user/p"])
    )
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    assert {edge.start: edge.end for edge in edges} == {
        arn("1/user/ann"): "identity-kind/111111111111/human",
        arn("1/role/a"): "identity-kind/111111111111/unknown",
        "arn:aws:identitystore:::user/p": "identity-kind/identity-center/human",
        arn("1/root"): "identity-kind/111111111111/human",
    }
    assert {fact.id for fact in facts if isinstance(fact, Node)} == {edge.end for edge in edges}
