"""Questions with wildcards: nobody who may make one of the requests is left out, and what is said of the rest is so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import ALWAYS
from muniment.analysis.iam.conditions.intersections import common, example, meet
from muniment.analysis.iam.conditions.patterns import arn_glob, glob, is_literal
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind, Level, Organization
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.decisions import Decision, Deny
from muniment.analysis.iam.evaluation.resources import Blocks, Resource
from muniment.analysis.iam.everyone.over_ranges import can, who_can
from muniment.analysis.iam.everyone.ranges import LIMIT, Range, TooMany
from muniment.analysis.iam.everyone.who_can import Index
from muniment.analysis.iam.policies.actions import matching
from muniment.analysis.iam.policies.statements import Policy

from .small_estate import policy as small_policy
from .test_iam_properties import policy
from .written_cases import cases_in

HOME, OTHER = "111111111111", "222222222222"
ANN, BOB = f"arn:aws:iam::{HOME}:user/a", f"arn:aws:iam::{OTHER}:user/b"
APP = f"arn:aws:iam::{HOME}:role/app"
S3 = "arn:aws:s3:::"
ROLES = f"arn:aws:iam::{HOME}:role/"
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
NAMES = ["".join(each) for n in (1, 2, 3, 4) for each in product("ab/", repeat=n) if each[0] != "/"]

globs = st.one_of(
    st.just("*"),
    st.text("ab*/?", min_size=1, max_size=5).map(S3.__add__),
    st.sampled_from(["a/${aws:username}/*", "${aws:username}*", "b/${aws:PrincipalTag/team}", "*/${s3:prefix}"]).map(
        S3.__add__
    ),
)
plain_globs = globs.filter(lambda text: "${" not in text)
asked_actions = st.sampled_from([*ACTIONS, "s3:Get*", "s3:*Object", "s3:*"])
conditions = st.sampled_from([None, None, None, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}])


@st.composite
def statements(draw: st.DrawFn, whom: st.SearchStrategy[Any] | None = None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(asked_actions)
    element = draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))
    listed = draw(st.lists(globs, min_size=1, max_size=2))
    if statement["Effect"] == "Deny" or element == "NotResource":
        listed = [text.replace("?", "a") for text in listed]  # a text is not told by its length alone
    statement[element] = listed
    condition = draw(conditions)
    who = {"Principal": draw(whom)} if whom is not None else {}
    return statement | who | ({"Condition": condition} if condition else {})


documents = st.lists(statements(), max_size=2)
whom = st.sampled_from(["*", {"AWS": ANN}, {"AWS": OTHER}, {"AWS": APP}])


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Three principals of two accounts, an SCP, and two buckets, one with a policy."""
    policies = {name: policy(draw(documents), name) for name in ("p", "q", "limit", "scp")}
    bounded = draw(st.sampled_from([None, None, "limit"]))
    policies["full"] = policy([{"Effect": "Allow", "Action": "*", "Resource": "*"}], "full")
    levels = (Level("root", (draw(st.sampled_from(["scp", "full"])),)),)
    own = Policy(f"{S3}b", policy(draw(st.lists(statements(whom), min_size=1, max_size=2)), "own").document)
    return Estate(
        {id_: Account(id_, organization="o-1", levels=levels) for id_ in (HOME, OTHER)},
        {"o-1": Organization("o-1")},
        {
            ANN: Identity(ANN, IdentityKind.USER, HOME, policies=("p",), boundary=bounded, tags={"team": "a"}),
            BOB: Identity(BOB, IdentityKind.USER, OTHER, policies=("p", "q"), tags={}),
        },
        {APP: Identity(APP, IdentityKind.ROLE, HOME, policies=("q",), tags={"team": "b"})},
        {},
        policies,
        resources={
            f"{S3}a": Resource(f"{S3}a", "Bucket", OTHER, tags={}, blocks=Blocks()),
            f"{S3}b": Resource(f"{S3}b", "Bucket", HOME, policy=own, tags={}, blocks=Blocks()),
        },
    )


def concrete(estate: Estate, action: str, name: str) -> dict[str, Decision]:
    """What everyone may do with one thing."""
    asked = Permissions(estate, action, f"{S3}{name}", {}, hypothetical=True)
    return {each.arn: asked.of(each) for each in (*estate.users.values(), *estate.roles.values())}


@given(
    estates(), asked_actions, globs.filter(lambda text: "${" not in text), st.lists(st.sampled_from(NAMES), max_size=9)
)
def test_nobody_who_may_make_one_of_the_requests_is_left_out(
    estate: Estate, action: str, resource: str, names: list[str]
) -> None:
    try:
        found = dict(who_can(Range(estate, action, resource), Index(estate), {}))
    except TooMany:
        return
    for one in ACTIONS:
        if one != action and one.lower() not in matching(action):
            continue
        for name in names:
            arn = f"{S3}{name}"
            if arn_glob(resource)(arn) and ("/" in name.strip("/")) is not one.endswith("Bucket"):
                for who, decision in concrete(estate, one, name).items():
                    assert isinstance(decision, Deny) or who in found, (who, one, arn, decision)


@dataclass(frozen=True)
class Shop:
    """Things of account 1 that are alike but for their names, and whose own policies decide who comes in."""

    action: str
    prefix: str
    kind: str


SHOPS = (Shop("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{HOME}:", "Queue"), Shop("sts:AssumeRole", ROLES, "Role"))
names_in_shops = st.text("ab*?", min_size=1, max_size=3)


@st.composite
def shops(draw: st.DrawFn) -> tuple[Shop, Estate]:
    shop = draw(st.sampled_from(SHOPS))
    about: dict[str, Any] = {} if shop.kind == "Role" else {"Resource": "*"}
    told = [
        policy([{"Effect": "Allow", "Principal": {"AWS": who}, "Action": shop.action, **about}], "own").document
        for who in (OTHER, ANN, draw(st.sampled_from([HOME, "*", BOB])))
    ]
    arns = [shop.prefix + "".join(each) for n in (1, 2) for each in product("ab", repeat=n)]
    own = {arn: Policy(arn, draw(st.sampled_from(told))) for arn in arns}
    patterns = st.lists(names_in_shops.map(shop.prefix.__add__), min_size=1, max_size=2)
    policies = {
        name: policy([{"Effect": "Allow", "Action": shop.action, "Resource": draw(patterns)}], name) for name in "pq"
    }
    return shop, Estate(
        {id_: Account(id_) for id_ in (HOME, OTHER)},
        {},
        {
            ANN: Identity(ANN, IdentityKind.USER, HOME, policies=("p",), tags={}),
            BOB: Identity(BOB, IdentityKind.USER, OTHER, policies=("q",), tags={}),
        },
        {a: Identity(a, IdentityKind.ROLE, HOME, trust=own[a]) for a in arns if shop.kind == "Role"},
        {},
        policies,
        resources={a: Resource(a, shop.kind, HOME, policy=own[a]) for a in arns if shop.kind != "Role"},
    )


@given(shops(), names_in_shops.filter(lambda text: not is_literal(text)))
def test_nobody_is_left_out_whom_one_of_many_alike_lets_in(made: tuple[Shop, Estate], name: str) -> None:
    shop, estate = made
    asked = shop.prefix + name
    found = dict(who_can(Range(estate, shop.action, asked), Index(estate), {}))
    for arn in (*estate.resources, *estate.roles):
        if arn_glob(asked)(arn):
            permissions = Permissions(estate, shop.action, arn)
            for who in estate.users.values():
                assert isinstance(permissions.of(who), Deny) or who.arn in found, (who.arn, arn)


@given(estates(), asked_actions, plain_globs)
def test_one_principal_is_told_what_the_list_says_of_it(estate: Estate, action: str, resource: str) -> None:
    asked = Range(estate, action, resource)
    try:
        found = dict(who_can(asked, Index(estate), {}))
    except TooMany:
        return
    for identity in (*estate.users.values(), *estate.roles.values()):
        alone = can(asked, {}, lambda permissions, who=identity: permissions.of(who), identity.arn)
        assert alone.word == found.get(identity.arn, Deny()).word
        if identity.arn in found:
            assert set(alone.conditions) == set(found[identity.arn].conditions)
            assert [str(reason) for reason in alone.because] == [str(one) for one in found[identity.arn].because]


@given(st.text("ab*?:", max_size=7), st.text("ab*?:", max_size=7))
def test_what_two_patterns_have_in_common_is_in_both(one: str, other: str) -> None:
    for shared in common(one, other):
        assert arn_glob(one)(example(shared))
        assert arn_glob(other)(example(shared))


@given(st.text("ab*?", max_size=6), st.text("ab*?", max_size=6), st.lists(st.text("ab", max_size=5), max_size=20))
def test_what_is_in_both_patterns_is_in_what_they_have_in_common(one: str, other: str, names: list[str]) -> None:
    shared = meet(one, other)
    for name in names:
        inside = bool(glob(one)(name)) and bool(glob(other)(name))
        assert inside is any(glob(pattern)(name) for pattern in shared)


@pytest.mark.parametrize("case", list(cases_in("ranges")))
def test_case(case: dict[str, Any]) -> None:
    decision = told(*case["ask"], **case)
    assert decision.word == case["expect"], decision
    if "conditions" in case:
        assert list(decision.conditions) == case["conditions"]
    assert case.get("because", "") in " ".join(map(str, decision.because))


def told(action: str, resource: str, own: list[Any], **beside: Any) -> Decision:
    """What is said of ann, who has these statements, and perhaps a boundary, an SCP, or buckets beside them."""
    policies = {"own": small_policy(own, "own")}
    policies |= {name: small_policy(beside[name], name) for name in ("boundary", "scp") if name in beside}
    levels = (Level("root", ("scp",)),) if "scp" in beside else ()
    buckets = {
        f"{S3}{name}": Resource(f"{S3}{name}", "Bucket", OTHER, policy=small_policy(found, f"{S3}{name}"), tags={})
        for name, found in beside.get("buckets", {}).items()
    }
    arn = f"arn:aws:iam::{HOME}:user/ann"
    ann = Identity(
        arn, IdentityKind.USER, HOME, policies=("own",), boundary="boundary" if "boundary" in beside else None
    )
    unread = {HOME: beside.get("unread")}
    accounts = {id_: Account(id_, organization="o-1", levels=levels, unread=unread.get(id_)) for id_ in (HOME, OTHER)}
    organizations = {"o-1": Organization("o-1", service_control_enabled=bool(levels))}
    estate = Estate(accounts, organizations, {arn: ann}, policies=policies, resources=buckets)
    asked = Range(estate, action, resource)
    found = dict(who_can(asked, Index(estate), {})).get(arn, Deny())
    alone = can(asked, {}, lambda permissions: permissions.of(ann), arn)
    assert (alone.word, alone.conditions) == (found.word, found.conditions)
    return found


def test_a_root_user_is_told_of_what_an_scp_leaves_it() -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""
    root = f"arn:aws:iam::{HOME}:root"
    scp = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": f"{S3}a/*"},
    ]
    accounts = {HOME: Account(HOME, organization="o-1", levels=(Level("root", ("scp",)),))}
    policies = {"scp": small_policy(scp, "scp")}
    estate = Estate(accounts, {"o-1": Organization("o-1")}, policies=policies, root_users={root: HOME})
    found = dict(who_can(Range(estate, "s3:GetObject", "*"), Index(estate), {}))
    assert found[root].conditions == (f"the resource does not match {S3}a/*",)


def test_a_trust_that_was_not_read_lets_in_the_one_and_not_the_other_who_is_alike() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html"""
    users = {arn: Identity(arn, IdentityKind.USER, arn.split(":")[4], tags={}) for arn in (ANN, BOB)}
    accounts = {HOME: Account(HOME), OTHER: Account(OTHER, unread="access denied")}
    estate = Estate(accounts, users=users)
    found = dict(who_can(Range(estate, "sts:AssumeRole", "*"), Index(estate), {}))
    assert {arn: decision.word for arn, decision in found.items()} == {BOB: "unknown"}


def grants(count: int) -> list[Any]:
    """Grants that all differ."""
    return [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{S3}{n}/*"} for n in range(count)]


@pytest.mark.parametrize("action", ["*", "s3:*", "s3:GetObject"])
def test_a_question_about_too_much_is_refused(action: str) -> None:
    with pytest.raises(TooMany, match="more than"):
        told(action, "*", grants(LIMIT + 1))


def test_actions_that_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no action that nobody:\* matches"):
        told("nobody:*", "*", [])


def test_a_role_whose_trust_policy_was_not_read_lets_in_nobody_that_is_known_of() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html"""
    grant = small_policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}], "p")
    user = Identity(ANN, IdentityKind.USER, HOME, policies=("p",), tags={})
    roles = {
        f"{ROLES}{name}": Identity(f"{ROLES}{name}", IdentityKind.ROLE, HOME, trust=trust)
        for name, trust in (("a", None), ("b", small_policy([trusting(ANN)], f"{ROLES}b#trust")))
    }
    estate = Estate({HOME: Account(HOME)}, users={ANN: user}, roles=roles, policies={"p": grant})
    found = dict(who_can(Range(estate, "sts:AssumeRole", f"{ROLES}*"), Index(estate), {}))
    assert found[ANN].conditions == (f"the resource is {ROLES}b",)


def trusting(who: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}


def test_a_statement_on_everything_takes_in_any_resource() -> None:
    (statement,) = small_policy([{"Effect": "Allow", "Action": "*", "Resource": "*"}], "p").document.statements
    assert statement.covers("arn:aws:s3:::b", Context()) is ALWAYS
