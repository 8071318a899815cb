"""Whoever the evaluator lets in is among those who are said to be let in, whatever the conditions."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from muniment.analysis.federation.trust import Admitted, admitted_subjects
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import ALWAYS
from muniment.analysis.iam.conditions.patterns import glob
from muniment.analysis.iam.policies.statements import Document, Effect

URL = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111111111111:oidc-provider/{URL}"
ACTION = "sts:AssumeRoleWithWebIdentity"

TOKENS = [
    {"organization": organization, "repository": repository, **place}
    for organization in ("acme", "acme-evil", "other")
    for repository in ("payments", "web")
    for place in ({"branch": "main"}, {"branch": "dev"}, {"environment": "live"})
]
FORMS = (
    "repo:{organization}/{repository}:{context}",
    "repo:{organization}/{repository}:actor:ann:{context}",
    "{context}:repository_owner:{organization}",
    "{context}",
)
"""The form of subjects that GitHub has, and forms that an organization may choose."""
_PATTERNS = """
* repo:* repo:acme* repo:acme/* repo:acme/payments:* repo:acme/payments* repo:*/payments:* repo:acme/*:environment:live
repo:acme/payments:ref:refs/heads/main repo:acme/payments:ref:refs/heads/* repo:acme/web:environment:live
repo:ACME/web:environment:LIVE repo:acme*/web:ref:* *:environment:* repo:other/?eb:* REPO:acme/* ${a:b}
repo:acme-evil/payments:environment:live environment:live environment:live:* ref:*
ref:refs/heads/main:repository_owner:acme *:repository_owner:acme environment:*:repository_owner:acme*
repo:acme/web:actor:* repo:acme/web:actor:ann:environment:live
"""
PATTERNS = st.sampled_from(_PATTERNS.split())
VALUES = st.lists(PATTERNS, min_size=1, max_size=2)
OPERATORS = st.sampled_from(
    [
        f"{quantifier}{operator}{suffix}"
        for quantifier in ("", "ForAnyValue:", "ForAllValues:")
        for operator in ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase")
        for suffix in ("", "IfExists")
    ]
)
OWNERS = st.sampled_from([{}, {"StringEquals": {f"{URL}:repository_owner": "acme"}}])
CONDITIONS = st.builds(
    lambda tests, owners: {**owners, **{operator: {f"{URL}:sub": values} for operator, values in tests}},
    st.lists(st.tuples(OPERATORS, VALUES), max_size=2),
    OWNERS,
)
STATEMENTS = st.lists(st.tuples(st.sampled_from(["Allow", "Allow", "Deny"]), CONDITIONS), min_size=1, max_size=3)


def subject(token: dict[str, str], form: str = FORMS[0]) -> str:
    where = f"ref:refs/heads/{token['branch']}" if "branch" in token else f"environment:{token['environment']}"
    return form.format(**token, context=where)


def lets_in(document: Document, token: dict[str, str], form: str) -> bool:
    """By the evaluator: an Allow that holds, and no Deny that does."""
    known: dict[str, Any] = {f"{URL}:sub": (subject(token, form),), f"{URL}:repository_owner": (token["organization"],)}
    context = Context({**known, "a:b": None})
    about = [s for s in document.statements if s.concerns(ACTION.lower())]
    effects = {s.effect for s in about if s.applies("*", context) is ALWAYS}
    return effects == {Effect.ALLOW}


def takes_in(found: Admitted, token: dict[str, str]) -> bool:
    """By the fields of an admission; those that it leaves open take in anything."""
    folded = str.lower if found.admission.says.endswith("in any case") else str
    fields = found.admission.fields
    places = {"branch", "environment"} & fields.keys()
    if places and places.isdisjoint(token):
        return False
    breadth = found.admission.breadth
    if breadth in ("exact", "any-branch", "any-repository") and "organization" not in fields:
        return False
    return breadth != "nobody" and all(
        glob(folded(fields[name]))(folded(token[name])) for name in token if name in fields
    )


@given(STATEMENTS)
def test_nobody_gets_in_who_is_not_said_to(statements: list[tuple[str, dict[str, Any]]]) -> None:
    document = Document.parse(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": effect, "Principal": {"Federated": PROVIDER}, "Action": ACTION, "Condition": condition}
                for effect, condition in statements
            ],
        }
    )
    found = list(admitted_subjects(document))
    for token, form in product(TOKENS, FORMS):
        if lets_in(document, token, form):
            assert any(takes_in(one, token) for one in found), subject(token, form)


@given(STATEMENTS)
def test_a_further_deny_never_lets_more_in(statements: list[tuple[str, dict[str, Any]]]) -> None:
    def read(extra: list[dict[str, Any]]) -> list[Admitted]:
        common = {"Principal": {"Federated": PROVIDER}, "Action": ACTION}
        own = [{**common, "Effect": effect, "Condition": condition} for effect, condition in statements]
        return list(admitted_subjects(Document.parse({"Version": "2012-10-17", "Statement": [*own, *extra]})))

    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:*"}
    assert {one.admission.breadth for one in read([deny])} <= {"nobody"}
    assert len(read([deny])) == len({one.statement.number for one in read([])})
