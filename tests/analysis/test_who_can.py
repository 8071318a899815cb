"""The index of ``who-can`` says of everyone what deciding for each says, and goes on saying it as policies change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.decisions import Decision, Deny
from muniment.analysis.iam.estate import Estate, Identity, IdentityKind, Organization
from muniment.analysis.iam.patterns import action_glob, arn_glob
from muniment.analysis.iam.permissions import Permissions
from muniment.analysis.iam.resources import Resource
from muniment.analysis.iam.vocabulary import PatternTable
from muniment.analysis.iam.who_can import Index
from pyroaring import BitMap

from .test_iam_properties import ACCOUNTS, ROLES, documents, estates, policy, trusts

QUESTIONS = (
    ("sts:AssumeRole", ROLES[0]),
    ("sts:AssumeRole", ROLES[4]),
    ("s3:GetObject", "arn:aws:s3:::bucket/key"),
    ("iam:CreateUser", "*"),
    ("iam:PassRole", ROLES[1]),
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


texts = st.text(alphabet="ab:*?", max_size=7)


@given(st.lists(texts, max_size=6), texts)
def test_patterns_are_found_as_each_by_itself_matches(patterns: list[str], text: str) -> None:
    for matcher, segments in ((action_glob, 1), (arn_glob, 6)):
        table = PatternTable(matcher, segments)
        for number, pattern in enumerate(patterns):
            table.add(pattern, number)
        assert table.matching(text) == BitMap(n for n, pattern in enumerate(patterns) if matcher(pattern)(text))
