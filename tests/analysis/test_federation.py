"""Whom conditions on federated subjects admit: the cases of ``cases/federation``, and what holds of any pattern."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.analysis.federation.derive import derive_federation, subject_node
from muniment.analysis.federation.issuers import issuers
from muniment.analysis.federation.subjects import admission
from muniment.analysis.federation.trust import admitted_subjects
from muniment.analysis.iam.conditions.patterns import glob
from muniment.analysis.iam.policies.statements import Document
from muniment.schema import Edge, Node

from ..written import written
from .small_estate import estate

FOLDER = Path(__file__).parents[1] / "cases" / "federation"
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in written(path)]
GITHUB = "token.actions.githubusercontent.com"


def trust(case: dict[str, Any]) -> Document:
    provider = case.get("provider") or f"arn:aws:iam::111111111111:oidc-provider/{case.get('url', GITHUB)}"
    common = {"Action": case.get("action", "sts:AssumeRoleWithWebIdentity"), "Principal": {"Federated": provider}}
    statements = case.get("statements") or [
        {"Effect": "Allow", **({"Condition": case["condition"]} if "condition" in case else {})}
    ]
    document = {"Version": "2012-10-17", "Statement": [{**common, **statement} for statement in statements]}
    return Document.parse(document)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_whom_a_trust_admits(case: dict[str, Any]) -> None:
    found = [
        {"says": a.admission.says, "audiences": list(a.audiences), "conditions": list(a.conditions)}
        | {key: value for key, value in subject_node(a).properties.items() if value is not None}
        for a in admitted_subjects(trust(case))
    ]
    expected = case["admits"]
    assert [{key: one.get(key) for key in wanted} for one, wanted in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_has_its_reason(case: dict[str, Any]) -> None:
    assert case["why"]


@pytest.mark.parametrize("issuer", issuers(), ids=lambda issuer: issuer.name)
def test_an_issuer_documents_itself_and_its_own_forms_match(issuer: Any) -> None:
    assert issuer.documentation.startswith("https://")
    for form in issuer.forms:
        fields = {name: f"x{n}" for n, (_, name, _) in enumerate(form.pieces) if name}
        subject = "".join(literal + fields.get(name, "") for literal, name, _ in form.pieces)
        assert form.align(subject) == {**fields, **form.implied}
        assert issuer.fields(subject) is not None


NAMES = st.sampled_from(["acme", "acme-evil", "a", "aa", "main"])
PLACES = st.tuples(NAMES, NAMES, NAMES)
SPANS = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 8), st.sampled_from("*?")), max_size=3)


@given(PLACES, PLACES, SPANS)
def test_what_is_called_narrow_is_narrow(
    written: tuple[str, str, str], other: tuple[str, str, str], spans: list[tuple[int, int, str]]
) -> None:
    """A subject that a pattern matches is never outside of what the pattern is said to admit."""
    pattern = "repo:{}/{}:ref:refs/heads/{}".format(*written)
    for at, length, wildcard in spans:
        pattern = pattern[:at] + wildcard + pattern[at + (length if wildcard == "*" else 1) :]
    organization, repository, branch = other
    if not glob(pattern)("repo:{}/{}:ref:refs/heads/{}".format(*other)):
        organization, repository, branch = written
    found = admission(GITHUB, pattern, {})
    if found.breadth != "anyone":
        assert found.fields["organization"] == organization
    if found.breadth in ("exact", "any-branch"):
        assert found.fields["repository"] == repository
    if found.breadth == "exact":
        assert found.fields["branch"] == branch


def test_roles_that_admit_the_same_share_one_subject() -> None:
    provider = "arn:aws:iam::111111111111:oidc-provider/gitlab.com"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"gitlab.com:sub": "project_path:acme/web:*"}},
    }
    reserved = "1/role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x_0123456789abcdef"
    identities = {name: {"trust": [statement]} for name in ("1/role/a", "1/role/b", reserved)}
    facts = list(derive_federation(estate({"accounts": {1: {}}, "identities": identities})))
    (subject,) = [fact for fact in facts if isinstance(fact, Node)]
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    assert [edge.start for edge in edges] == [subject.id] * 2
    assert {edge.end.rpartition("/")[2] for edge in edges} == {"a", "b"}
    assert edges[0].properties["provider"] == provider
    assert edges[0].properties["statement_id"] == f"{edges[0].end}#trust/1"
