"""What holds of every policy and every estate: limits only narrow, order does not matter, and sets lose nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import ALWAYS, NEVER, Unsure
from muniment.analysis.iam.conditions.patterns import action_glob, arn_glob, covers, glob
from muniment.analysis.iam.conditions.variables import has_variable, malformed
from muniment.analysis.iam.derive import derive_can_assume
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind, Level, Organization
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.decisions import Decision
from muniment.analysis.iam.evaluation.evaluate import Policies, decide
from muniment.analysis.iam.evaluation.request import Request
from muniment.analysis.iam.policies.principals import Caller
from muniment.analysis.iam.policies.statements import Policy
from muniment.schema import Edge

ACCOUNTS = ("111111111111", "222222222222")
USERS = tuple(f"arn:aws:iam::{account}:user/{name}" for account in ACCOUNTS for name in ("ann", "bob"))
ROLES = tuple(f"arn:aws:iam::{account}:role/{name}" for account in ACCOUNTS for name in ("app", "ops", "app-2"))
RANK = {"deny": 0, "unknown": 1, "conditional": 1, "allow": 2}
"""How much a decision grants; what is unknown and what is conditional cannot be compared."""

actions = st.sampled_from(["*", "sts:*", "sts:AssumeRole", "sts:Assume?ole", "s3:GetObject", "iam:*"])
resources = st.sampled_from(
    ["*", *ROLES, "arn:aws:iam::*:role/app*", "arn:aws:iam::111111111111:role/*", "arn:aws:iam::*:role/${aws:username}"]
)
conditions = st.sampled_from(
    [
        None,
        None,
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        {"StringEquals": {"sts:ExternalId": ["a", "b"]}},
        {"StringNotEquals": {"sts:ExternalId": "a"}},
        {"StringEquals": {"aws:PrincipalTag/team": "red"}},
        {"StringEquals": {"aws:PrincipalAccount": "111111111111"}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}},
        {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        {"StringResembles": {"aws:username": "ann"}},
    ]
)
principals = st.sampled_from(["*", *ACCOUNTS, *USERS, *ROLES, "arn:aws:sts::111111111111:assumed-role/app/x"])


@st.composite
def statements(draw: st.DrawFn, *, principal: bool = False) -> dict[str, Any]:
    """A statement; one of a trust policy with ``principal``."""
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(
        st.lists(actions, min_size=1, max_size=2)
    )
    if principal:
        statement["Principal"] = {"AWS": draw(st.lists(principals, min_size=1, max_size=2))}
    else:
        element = draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))
        statement[element] = draw(st.lists(resources, min_size=1, max_size=2))
    condition = draw(conditions)
    return statement | ({"Condition": condition} if condition else {})


def policy(found: list[dict[str, Any]], name: str = "policy") -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": found}, name)


documents = st.lists(statements(), max_size=3)
trusts = st.lists(statements(principal=True), min_size=1, max_size=3)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, Policies]:
    """A request of any of the principals to assume any of the roles, with every kind of policy."""
    caller = Caller.of_arn(draw(st.sampled_from([*USERS, *ROLES])))
    role = draw(st.sampled_from(ROLES))
    context = Context.of(draw(st.sampled_from([{}, {"aws:PrincipalTag/team": "red"}, {"sts:ExternalId": "a"}])))
    optional = st.one_of(st.none(), documents.map(lambda found: (policy(found, "limit"),)))
    return Request(caller, "sts:AssumeRole", role, role.split(":")[4], context), Policies(
        identity=(policy(draw(documents), "identity"),),
        boundary=draw(optional),
        session=draw(optional),
        resource=(policy(draw(trusts), "trust"),),
        service_control=tuple(("level", (policy(found, "scp"),)) for found in draw(st.lists(documents, max_size=1))),
        guarded=draw(st.booleans()),
    )


def rank(decision: Decision) -> int:
    return RANK[decision.word]


@given(requests(), statements())
def test_a_deny_never_widens(given_: tuple[Request, Policies], statement: dict[str, Any]) -> None:
    request, policies = given_
    narrowed = replace(policies, identity=(*policies.identity, policy([statement | {"Effect": "Deny"}])))
    assert rank(decide(request, narrowed)) <= rank(decide(request, policies))


@given(requests(), documents)
def test_a_boundary_never_widens(given_: tuple[Request, Policies], limit: list[dict[str, Any]]) -> None:
    request, policies = given_
    policies = replace(policies, boundary=None)
    assert rank(decide(request, replace(policies, boundary=(policy(limit),)))) <= rank(decide(request, policies))


@given(requests(), documents)
def test_an_scp_never_widens(given_: tuple[Request, Policies], limit: list[dict[str, Any]]) -> None:
    request, policies = given_
    limited = replace(policies, service_control=(*policies.service_control, ("level", (policy(limit),))))
    assert rank(decide(request, limited)) <= rank(decide(request, policies))


@given(requests(), documents)
def test_an_rcp_never_widens(given_: tuple[Request, Policies], limit: list[dict[str, Any]]) -> None:
    request, policies = given_
    assert rank(decide(request, replace(policies, resource_control=(("level", (policy(limit),)),)))) <= rank(
        decide(request, policies)
    )


@given(requests())
def test_what_is_not_read_makes_nothing_sure(given_: tuple[Request, Policies]) -> None:
    request, policies = given_
    policies = replace(policies, service_control=())
    known, doubted = (decide(request, p) for p in (policies, replace(policies, unread={"scp": Unsure("not read")})))
    assert doubted.word in {"deny", "unknown"}
    if known.word == "deny":
        assert doubted.word == "deny"


@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_statements_is_irrelevant(given_: tuple[Request, Policies], random: Any) -> None:
    request, policies = given_

    def shuffled(found: Policy) -> Policy:
        statements = list(found.document.statements)
        random.shuffle(statements)
        return replace(found, document=replace(found.document, statements=tuple(statements)))

    other = replace(
        policies, identity=tuple(map(shuffled, policies.identity)), resource=tuple(map(shuffled, policies.resource))
    )
    once, again = decide(request, policies), decide(request, other)
    assert once.word == again.word
    assert {*once.conditions} == {*again.conditions} or once.word == "conditional"


texts = st.text(alphabet="ab:/*?.+", max_size=8)


@given(texts, texts)
def test_wildcards_match_as_a_plain_regular_expression_would(pattern: str, text: str) -> None:
    expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    wanted = re.fullmatch(expression, text, re.DOTALL) is not None
    assert bool(glob(pattern)(text)) is wanted
    assert bool(action_glob(pattern.upper())(text)) is wanted


@given(texts, texts, texts)
def test_a_pattern_that_covers_another_matches_all_that_it_matches(wide: str, narrow: str, text: str) -> None:
    if covers(wide, narrow) and glob(narrow)(text):
        assert glob(wide)(text)


@given(st.text(alphabet="ab*?", max_size=5), st.text(alphabet="ab", max_size=5))
def test_wildcards_in_the_last_segment_of_an_arn_are_plain_ones(pattern: str, text: str) -> None:
    prefix = "arn:aws:s3:::"
    assert bool(arn_glob(prefix + pattern)(prefix + text)) is bool(glob(pattern)(text))


@given(st.text(alphabet="a:*?", max_size=12), st.text(alphabet="a:", max_size=12))
def test_only_a_star_that_ends_a_segment_of_an_arn_reaches_beyond_it(pattern: str, text: str) -> None:
    segments = pattern.split(":", 5)
    expression = ":".join(_of_segment(part, last=n == 5) for n, part in enumerate(segments))
    expression += ":.*" * (6 - len(segments))
    all_stars = bool(pattern) and set(pattern) == {"*"}
    assert bool(arn_glob(pattern)(text)) is (all_stars or re.fullmatch(expression, text) is not None)


def _of_segment(part: str, *, last: bool) -> str:
    """The plain regular expression for a segment of a pattern."""
    within = "." if last else "[^:]"
    stars = (".*" if set(part[n:]) == {"*"} else f"{within}*" for n in range(len(part)))
    return "".join(
        star if c == "*" else within if c == "?" else re.escape(c) for c, star in zip(part, stars, strict=True)
    )


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "*a?" * 60 + "b", "*?" * 60 + "b"])
def test_many_wildcards_take_no_longer_than_few(pattern: str) -> None:
    """Each of them is at one place of the text. To try all places would take until the end of days."""
    text = "a" * 2000
    assert not glob(pattern)(text)
    assert not action_glob(pattern)(text)
    assert not arn_glob(f"arn:aws:s3:::{pattern}")(f"arn:aws:s3:::{text}")
    assert not arn_glob(f"arn:aws:{pattern}:*")(f"arn:aws:{text}:::")
    assert not covers(pattern, text)


@pytest.mark.parametrize("text", ["${" + " " * 20_000, "${a" * 10_000, "${a, '" * 10_000])
def test_a_variable_that_does_not_end_is_told_at_once(text: str) -> None:
    assert malformed(text)
    assert not has_variable(text)


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """Two accounts of one or no organization, with four users and six roles."""
    policies = {name: policy(draw(documents), name) for name in ("p", "q", "r")}
    admin = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    policies |= {"admin": policy(admin, "admin"), "scp": policy([*admin, *draw(documents)], "scp")}
    rcp = [{"Principal": "*", **statement} for statement in draw(documents)]
    policies["rcp"] = policy([{**admin[0], "Principal": "*"}, *rcp], "rcp")
    attached = st.lists(st.sampled_from(["p", "q", "r", "admin", "admin"]), max_size=2, unique=True).map(tuple)
    tags = st.sampled_from([{}, {}, {"team": "red"}, {"team": "blue"}])
    boundary = st.sampled_from([None, None, "p"])
    trust = [policy(draw(trusts), "trust") for _ in range(2)]
    users = {
        arn: Identity(arn, IdentityKind.USER, arn.split(":")[4], None, draw(attached), (), draw(boundary), draw(tags))
        for arn in USERS
    }
    roles = {
        arn: Identity(
            arn,
            IdentityKind.ROLE,
            arn.split(":")[4],
            policies=draw(attached),
            boundary=draw(boundary),
            tags=draw(tags),
            trust=replace(draw(st.sampled_from(trust)), id=f"{arn}#trust"),
        )
        for arn in ROLES
    }
    organization = draw(st.sampled_from([None, "o-1"]))
    levels = (Level("root", ("scp",), ("rcp",)),) if organization else ()
    accounts = {account: Account(account, organization=organization, levels=levels) for account in ACCOUNTS}
    return Estate(accounts, {"o-1": Organization("o-1")}, users, roles, {}, policies)


SUREST = ["deny", "unknown", "conditional", "allow"]
"""Who can come to a role in several ways takes the surest."""


@settings(max_examples=60, deadline=None)
@given(estates())
def test_conclusions_are_what_each_principal_gets_on_each_role(estate: Estate) -> None:
    facts = [fact for fact in derive_can_assume(estate) if isinstance(fact, Edge)]
    members: dict[str, list[str]] = {}
    for fact in facts:
        if fact.type == "GATHERED_IN":
            members.setdefault(fact.end, []).append(fact.start)
    concluded: dict[tuple[str, str], str] = {}
    for fact in facts:
        for start in members.get(fact.start, [fact.start]) if fact.type == "CAN_ASSUME" else ():
            decisions = (str(fact.properties["decision"]), concluded.get((start, fact.end), "deny"))
            concluded[start, fact.end] = max(decisions, key=SUREST.index)
    for role in ROLES:
        permissions = Permissions(estate, "sts:AssumeRole", role)
        for identity in (*estate.users.values(), *estate.roles.values()):
            if identity.arn != role:
                decided = permissions.of(identity).word
                assert concluded.get((identity.arn, role), "deny") == decided, (identity.arn, role)


def test_a_variable_that_never_has_a_value_settles_what_is_left_out() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value"""
    (written,) = policy(
        [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*:role/${aws:username}"}]
    ).document.statements
    settled = written.under(Context({"aws:username": None}))
    assert settled is not None
    for context in (Context(), Context({"aws:username": None})):
        assert settled.applies("arn:aws:iam::111111111111:role/app", context) is NEVER
        assert settled.applies("arn:aws:s3:::bucket", context) is ALWAYS


def test_a_resource_by_a_variable_that_never_has_a_value_is_none() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value"""
    own, bucket = "arn:aws:iam::*:role/${aws:username}", "arn:aws:s3:::bucket"
    written = policy(
        [{"Effect": "Allow", "Action": "*", "Resource": found} for found in (own, [own, bucket])]
    ).document.statements
    nothing, one = (statement.under(Context({"aws:username": None})) for statement in written)
    assert nothing is None
    assert one is not None
    assert one.resources == (bucket,)


def test_a_condition_by_a_variable_that_never_has_a_value_is_not_met_and_says_all_it_means() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value"""
    own = {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}
    written = policy(
        [
            {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: own}}
            for operator in ("StringEquals", "StringNotEquals")
        ]
    ).document.statements
    lacking = Context({"aws:principaltag/team": None})
    equal, unequal = (statement.under(lacking) for statement in written)
    assert equal is not None
    assert equal.applies("*", Context({"aws:resourcetag/team": ("red",)}, closed=True)) is NEVER
    assert unequal is not None
    assert unequal.unconditional
