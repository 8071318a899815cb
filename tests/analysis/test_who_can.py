"""The index of ``who-can`` says of everyone what deciding for each says, and goes on saying it as policies change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.patterns import action_glob, arn_glob
from muniment.analysis.iam.estates.estate import Estate, Identity, IdentityKind, Organization
from muniment.analysis.iam.estates.knowledge import closed_prefixes
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.decisions import Decision, Deny
from muniment.analysis.iam.evaluation.evaluate import Policies, decide
from muniment.analysis.iam.evaluation.request import Request
from muniment.analysis.iam.evaluation.resources import Resource
from muniment.analysis.iam.everyone.vocabulary import PatternTable
from muniment.analysis.iam.everyone.who_can import REMEMBERED, Index
from muniment.analysis.iam.policies.principals import Caller
from muniment.analysis.iam.policies.statements import Policy
from pyroaring import BitMap

from .small_estate import account_id, arn, estate
from .test_iam_properties import ACCOUNTS, ROLES, documents, estates, policy, trusts

QUESTIONS = (
    ("sts:AssumeRole", ROLES[0]),
    ("sts:AssumeRole", ROLES[4]),
    ("s3:GetObject", "arn:aws:s3:::bucket/key"),
    ("iam:CreateUser", "*"),
    ("iam:PassRole", ROLES[1]),
    ("s3:ListAllMyBuckets", "*"),
    ("nobody:KnowsThis", "arn:aws:nobody:eu-west-1:222222222222:thing/x"),
)
BUCKET = "arn:aws:s3:::bucket"
questions = st.sampled_from(QUESTIONS)
contexts = st.sampled_from([{}, {}, {"aws:MultiFactorAuthPresent": "true"}, {"aws:PrincipalTag/team": "red"}])
GROUP = "arn:aws:iam::111111111111:group/people"


@st.composite
def wider(draw: st.DrawFn) -> Estate:
    """An estate with groups, root users, service-linked roles, a bucket, and things that could not be read."""
    estate = draw(estates())
    lost = draw(st.sampled_from([None, None, "p", "q", "scp"]))
    unread = draw(st.sampled_from([None, None, ACCOUNTS[0]]))
    account, attached = draw(st.sampled_from(ACCOUNTS)), policy(draw(trusts), BUCKET)
    linked = draw(st.sampled_from([None, ROLES[2]]))
    return replace(
        estate,
        accounts={
            id_: replace(account, unread="refused" if id_ == unread else None, management=draw(st.booleans()))
            for id_, account in estate.accounts.items()
        },
        organizations={"o-1": Organization("o-1", unread=draw(st.sampled_from([None, None, None, "not read"])))},
        users={
            arn: replace(user, groups=(GROUP,) if draw(st.booleans()) else (), unique_id="AIDA" + "0" * 16)
            for arn, user in estate.users.items()
        },
        roles={arn: replace(role, service_linked=arn == linked) for arn, role in estate.roles.items()},
        groups={GROUP: draw(st.sampled_from([(), ("q",), ("p", "r")]))},
        policies={id_: found for id_, found in estate.policies.items() if id_ != lost},
        resources=draw(st.sampled_from([{}, {BUCKET: Resource(BUCKET, "Bucket", account, policy=attached)}])),
        root_users={f"arn:aws:iam::{account}:root": account for account in ACCOUNTS},
    )


def said(decided: Iterable[tuple[str, Decision]]) -> dict[str, tuple[object, ...]]:
    """What an answer says of each principal to whom the request is not denied."""
    return {
        arn: (decision.word, decision.conditions, [str(reason) for reason in decision.because])
        for arn, decision in decided
        if not isinstance(decision, Deny)
    }


def one_by_one(estate: Estate, action: str, resource: str, context: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """Everyone decided alone."""
    asked = Permissions(estate, action, resource, context)
    identities = (*estate.users.values(), *estate.roles.values())
    decided = [(identity.arn, asked.of(identity)) for identity in identities]
    return said([*decided, *((arn, asked.of_root(arn, account)) for arn, account in estate.root_users.items())])


@settings(max_examples=60, deadline=None)
@given(wider(), questions, contexts)
def test_the_index_answers_as_deciding_for_each_does(
    estate: Estate, question: tuple[str, str], context: dict[str, Any]
) -> None:
    answer = Index(estate).who_can(*question, context)
    wanted = one_by_one(estate, *question, context)
    assert said(answer.explained()) == wanted
    assert {arn: decision.word for arn, decision in answer} == {arn: found[0] for arn, found in wanted.items()}
    assert len(answer) == len(wanted)


def spelled_out(estate: Estate, identity: Identity, role: str, given: dict[str, Any]) -> tuple[Request, Policies]:
    """The request to assume the role, with all policies that apply to it as they stand."""
    target = estate.roles[role]
    account, owner = estate.accounts[identity.account], estate.accounts[target.account]
    known: dict[str, Any] = {
        "aws:principalarn": identity.arn,
        "aws:principalaccount": identity.account,
        "aws:principalorgid": account.organization,
        **{f"aws:resourcetag/{key}": value for key, value in (target.tags or {}).items()},
        "aws:username": identity.name if identity.kind is IdentityKind.USER else None,
    }
    closed: tuple[str, ...] = ("aws:resourcetag/",)
    if closed_prefixes(identity):  # Where a role lets them be given any, its sessions may have more tags, and others.
        known |= {f"aws:principaltag/{key}": value for key, value in (identity.tags or {}).items()}
        closed += ("aws:principaltag/",)
    known |= {key.lower(): value for key, value in given.items()}
    held = (*identity.policies, *(id_ for group in identity.groups for id_ in estate.groups[group]))
    assert target.trust
    request = Request(
        Caller.of_arn(identity.arn), "sts:AssumeRole", role, target.account, Context.of(known, closed_prefixes=closed)
    )
    return request, Policies(
        identity=tuple(estate.policies[id_] for id_ in held),
        boundary=(estate.policies[identity.boundary],) if identity.boundary else None,
        resource=(target.trust,),
        service_control=tuple(
            (level.node, tuple(estate.policies[id_] for id_ in level.service_control)) for level in account.levels
        ),
        resource_control=tuple(
            (level.node, tuple(estate.policies[id_] for id_ in level.resource_control)) for level in owner.levels
        ),
        guarded=True,
    )


@settings(max_examples=60, deadline=None)
@given(estates(), st.sampled_from(ROLES), contexts, st.lists(st.sampled_from(["p", "q"]), max_size=2, unique=True))
def test_each_is_decided_as_the_policies_say_that_are_put_together_by_hand(
    estate: Estate, role: str, context: dict[str, Any], of_group: list[str]
) -> None:
    in_group = {arn: replace(user, groups=(GROUP,)) for arn, user in estate.users.items() if arn.endswith("/ann")}
    estate = replace(estate, users={**estate.users, **in_group}, groups={GROUP: tuple(of_group)})
    asked = Permissions(estate, "sts:AssumeRole", role, context)
    found = dict(Index(estate).who_can("sts:AssumeRole", role, context))
    for identity in (*estate.users.values(), *estate.roles.values()):
        word = decide(*spelled_out(estate, identity, role, context)).word
        listed = found.get(identity.arn)
        assert (asked.of(identity).word, listed.word if listed else "deny") == (word, word), identity.arn


@settings(max_examples=40, deadline=None)
@given(wider(), st.sampled_from(["p", "q", "r", "scp", "rcp", "admin"]), documents, questions)
def test_a_changed_policy_leaves_what_an_index_made_anew_would_say(
    estate: Estate, changed: str, document: list[dict[str, Any]], question: tuple[str, str]
) -> None:
    principal = {"Principal": "*"} if changed == "rcp" else {}
    new = policy([statement | principal for statement in document], changed)
    before = Index(estate)
    old = said(before.who_can(*question).explained())
    after = before.replace(new)
    anew = Index(replace(estate, policies={**estate.policies, changed: new}))
    assert said(after.who_can(*question).explained()) == said(anew.who_can(*question).explained())
    assert said(before.who_can(*question).explained()) == old


def many(number: int) -> Estate:
    """As many users, each tenth with the policy ``changing``, all with one of their own."""
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    own = {f"own-{n}": policy([{**allow, "Condition": {"StringEquals": {"s3:prefix": str(n)}}}]) for n in range(number)}
    policies = {id_: replace(found, id=id_) for id_, found in own.items()}
    policies["changing"] = policy([{**allow, "Action": "s3:PutObject"}], "changing")
    users = {}
    for n in range(number):
        arn = f"arn:aws:iam::{ACCOUNTS[0]}:user/u{n}"
        held = (f"own-{n}", "changing") if n % 10 == 0 else (f"own-{n}",)
        users[arn] = Identity(arn, IdentityKind.USER, ACCOUNTS[0], None, held)
    return Estate(users=users, policies=policies)


def test_a_changed_policy_costs_only_the_signatures_that_contain_it() -> None:
    index = Index(many(200))
    assert index.work.signatures == 200
    question = ("s3:GetObject", "*")
    index.who_can(*question)
    assert index.work.decisions == 200
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    after = index.replace(policy([deny], "changing"))
    assert after.work.signatures == 200 + 20
    assert len(after.who_can(*question)) == 180
    assert after.work.decisions == 200 + 20
    after.who_can(*question)
    assert after.work.decisions == 200 + 20


ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
KEY = "arn:aws:s3:::bucket/key"
HELD: dict[str, tuple[str, list[dict[str, Any]], dict[str, str]]] = {
    "a statement without an action": (
        "s3:GetObject",
        [{"Effect": "Allow", "Resource": "*"}],
        {"ann": "unknown", "bob": "unknown"},
    ),
    "a Deny without an action": (
        "s3:GetObject",
        [ALLOW, {"Effect": "Deny", "Resource": "*"}],
        {"ann": "unknown", "bob": "unknown"},
    ),
    "all but an action": (
        "s3:GetObject",
        [{**ALLOW, "Action": "s3:*"}, {"Effect": "Deny", "NotAction": "s3:List*", "Resource": "*"}],
        {},
    ),
    "all but a resource": (
        "s3:GetObject",
        [ALLOW, {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::bucket/*"}],
        {"ann": "allow", "bob": "allow"},
    ),
    "a resource named after the caller": (
        "s3:GetObject",
        [{**ALLOW, "Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/home}"}],
        {"ann": "allow"},
    ),
    "all but a resource named after the caller": (
        "s3:GetObject",
        [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::bucket/${aws:PrincipalTag/home}"}],
        {"bob": "allow"},
    ),
    "a caller named after itself": (
        "s3:GetObject",
        [{**ALLOW, "Condition": {"StringEquals": {"aws:username": "${aws:PrincipalTag/name}"}}}],
        {"bob": "allow"},
    ),
    "a request named after the caller": (
        "s3:GetObject",
        [{**ALLOW, "Condition": {"StringEquals": {"s3:ExistingObjectTag/of": "${aws:username}"}}}],
        {"ann": "conditional", "bob": "conditional"},
    ),
    "a role that is not in the register": (
        "sts:AssumeRole",
        [{**ALLOW, "Action": "sts:*"}],
        {"ann": "unknown", "bob": "unknown"},
    ),
}
"""The action, what a policy says that both users hold, and who may."""


@pytest.mark.parametrize("name", HELD)
def test_whoever_holds_a_policy_gets_what_it_says_of_each(name: str) -> None:
    action, statements, wanted = HELD[name]
    asked = "arn:aws:iam::111111111111:role/gone" if action.startswith("sts:") else KEY
    tags = {"ann": {"home": "key", "name": "eve"}, "bob": {"home": "other", "name": "bob"}}
    users = {f"1/user/{user}": {"policies": ["p"], "tags": found} for user, found in tags.items()}
    given_ = with_bucket({"policies": {"p": statements}, "identities": users})
    answer = Index(given_).who_can(action, asked)
    assert dict(words(answer)) == {arn(f"1/user/{user}"): word for user, word in wanted.items()}
    assert said(answer.explained()) == one_by_one(given_, action, asked, {})


def with_bucket(raw: dict[str, Any], own: Policy | None = None) -> Estate:
    """An estate of one account, which has a bucket."""
    bucket = Resource(BUCKET, "Bucket", ACCOUNTS[0], policy=own)
    return replace(estate({"accounts": {1: {}}, **raw}), resources={BUCKET: bucket})


def words(decided: Iterable[tuple[str, Decision]]) -> Iterable[tuple[str, str]]:
    return ((name, decision.word) for name, decision in decided)


BLUE = {"aws:PrincipalTag/team": "blue"}
ORGANIZED: dict[str, Any] = {
    "organizations": {"o-1": {}, "o-2": {"unread": "AccessDenied"}, "o-3": {"service_control_enabled": False}},
    "accounts": {
        1: {"organization": "o-1", "levels": [{"scp": ["full", "not-blue"]}]},
        2: {"organization": "o-1", "levels": [{"scp": ["gone"]}]},
        3: {"organization": "o-2", "levels": [{"scp": ["full"]}]},
        4: {"organization": "o-3", "levels": [{"scp": []}]},
    },
    "policies": {
        "full": [{**ALLOW, "Action": "*"}],
        "not-blue": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": BLUE}}],
        "reader": [ALLOW],
        "reader-too": [{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}, ALLOW],
    },
    "groups": {"1/group/readers": ["reader"]},
    "identities": {
        "1/user/ann": {"groups": ["1/group/readers"]},
        "1/user/bob": {"groups": ["1/group/readers"], "tags": {"team": "blue"}},
        "1/user/cat": {"unique_id": "AIDACATCATCATCATCATCA"},
        "1/user/dan": {},
        "1/role/app": {},
        "1/role/web": {},
        "2/user/eve": {"policies": ["reader"]},
        "3/user/fay": {"policies": ["reader"]},
        "4/user/gus": {"policies": ["reader-too"]},
        "4/user/hal": {},
    },
    "root_users": ["1/root", "2/root"],
}


def test_an_organization_asks_who_everyone_is() -> None:
    named = ["AIDACATCATCATCATCATCA", "arn:aws:sts::111111111111:assumed-role/app/x", *map(account_id, (2, 3, 4))]
    own = policy([{**ALLOW, "Principal": {"AWS": named}, "Resource": f"{BUCKET}/*"}], BUCKET)
    given_ = with_bucket(ORGANIZED, own)
    answer = Index(given_).who_can("s3:GetObject", KEY)
    found = {name: word for name, word in words(answer) if not name.endswith(":root")}
    assert found == {
        arn("1/user/ann"): "allow",  # Not bob, whom the SCP denies; nor cat, whom an id in the policy names in vain.
        arn("1/role/app"): "conditional",  # On the name of its session.
        arn("2/user/eve"): "unknown",  # An SCP above it is not in the register.
        arn("3/user/fay"): "unknown",  # Its organization could not be read.
        arn("4/user/gus"): "allow",  # Its organization has no SCPs.
    }
    assert said(answer.explained()) == one_by_one(given_, "s3:GetObject", KEY, {})


def test_more_callers_than_one_looks_up_at_once_are_still_told_apart() -> None:
    own = [{**ALLOW, "Resource": "arn:aws:s3:::bucket/${aws:username}/*"}]
    users = {f"1/user/u{n}": {"policies": ["p"]} for n in range(100)}
    index = Index(with_bucket({"policies": {"p": own}, "identities": users}))
    for n in (7, 70):
        answer = index.who_can("s3:GetObject", f"arn:aws:s3:::bucket/u{n}/x")
        assert dict(words(answer)) == {arn(f"1/user/u{n}"): "allow"}


def test_whoever_is_allowed_the_list_of_buckets_on_every_bucket_is_found() -> None:
    own = {name: [{**ALLOW, "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}"}] for name in ("*", "bucket*")}
    users = {"1/user/ann": {"policies": ["*"]}, "1/user/bob": {"policies": ["bucket*"]}}
    answer = Index(with_bucket({"policies": own, "identities": users})).who_can("s3:ListAllMyBuckets")
    assert dict(words(answer)) == {arn("1/user/ann"): "allow"}


def test_of_many_questions_the_latest_are_remembered() -> None:
    index = Index(many(3))
    keys = [f"arn:aws:s3:::bucket/{n}" for n in range(REMEMBERED + 1)]
    for key in keys:
        assert len(index.who_can("s3:GetObject", key)) == 3
    made = index.work.decisions
    assert len(index.who_can("s3:GetObject", keys[-1])) == 3
    assert index.work.decisions == made
    assert len(index.who_can("s3:GetObject", keys[0])) == 3
    assert index.work.decisions == made + 3


def test_a_bucket_open_to_everyone_is_open_to_all_but_those_denied_however_many_questions_came_before() -> None:
    trust = policy([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}], BUCKET)
    denied = {f"not-{n}": [{"Effect": "Deny", "Action": f"s3:Get{n}", "Resource": "*"}] for n in range(REMEMBERED + 6)}
    users = {f"1/user/u{n}": {"policies": [f"not-{n}"]} for n in range(REMEMBERED + 6)}
    index = Index(with_bucket({"policies": denied, "identities": users}, trust))
    for n in (*range(REMEMBERED + 6), 0):
        allowed = {name for name, decision in index.who_can(f"s3:Get{n}", KEY) if decision.word == "allow"}
        assert allowed == {*map(arn, users)} - {arn(f"1/user/u{n}")}
        assert len(index._quiets) <= REMEMBERED


texts = st.text(alphabet="ab:*?", max_size=7)


@given(st.lists(texts, max_size=6), texts)
def test_patterns_are_found_as_each_by_itself_matches(patterns: list[str], text: str) -> None:
    for matcher, segments in ((action_glob, 1), (arn_glob, 6)):
        table = PatternTable(matcher, segments)
        for number, pattern in enumerate(patterns):
            table.add(pattern, number)
        assert table.matching(text) == BitMap(n for n, pattern in enumerate(patterns) if matcher(pattern)(text))


REGIONAL = {
    "accounts": {1: {}},
    "policies": {
        "home": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
            },
        ]
    },
    "identities": {"1/user/ann": {"policies": ["home"]}},
}


@pytest.mark.parametrize(
    ("action", "resource", "context", "word"),
    [
        ("iam:CreateUser", "*", {}, "deny"),
        ("iam:CreateUser", arn("1/user/new"), {}, "deny"),
        ("iam:CreateUser", "arn:aws-cn:iam::111111111111:user/new", {}, "conditional"),
        ("iam:CreateUser", "*", {"aws:RequestedRegion": "eu-west-1"}, "allow"),
        ("iam:PassRole", "*", {}, "conditional"),
        ("ec2:RunInstances", "*", {}, "conditional"),
    ],
)
def test_the_region_of_iam_is_known(action: str, resource: str, context: dict[str, str], word: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html"""
    known = estate(REGIONAL)
    made = Permissions(known, action, resource, context).of(known.users[arn("1/user/ann")])
    assert made.word == word
    assert said([(arn("1/user/ann"), made)]) == said(Index(known).who_can(action, resource, context))
