"""What holds of escalation whatever the policies say: more Deny, a boundary or a control policy never adds a way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.escalation.choices import meet
from muniment.analysis.escalation.escalations import Escalations
from muniment.analysis.escalation.surroundings import TEMPLATES, Compute, Surroundings
from muniment.analysis.escalation.technique import Target, techniques
from muniment.analysis.iam.administering.administrators import Administrators
from muniment.analysis.iam.conditions.patterns import glob
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind, Level, Organization
from muniment.analysis.iam.evaluation.decisions import Deny
from muniment.analysis.iam.policies.statements import Policy
from muniment.schema import Edge

A = "111111111111"
ANN, BOB, EVE = (f"arn:aws:iam::{A}:user/{name}" for name in ("ann", "bob", "eve"))
APP, TASK = f"arn:aws:iam::{A}:role/app", f"arn:aws:iam::{A}:role/task"
OWN = f"arn:aws:iam::{A}:policy/own"
RANK = {"allow": 0, "conditional": 1, "unknown": 2}

actions = st.sampled_from(
    (
        *("iam:PassRole", "iam:*", "iam:Attach*", "iam:PutUserPolicy", "iam:PutRolePolicy", "iam:CreatePolicyVersion"),
        *("iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy", "iam:AddUserToGroup", "sts:AssumeRole", "ssm:*"),
        *("iam:DeleteUserPermissionsBoundary", "ec2:RunInstances", "lambda:*", "lambda:CreateFunction"),
        *("lambda:InvokeFunction", "lambda:UpdateFunctionCode", "iam:DetachUserPolicy", "iam:DeleteUserPolicy"),
        *("iam:SetDefaultPolicyVersion", "iam:DeleteRolePermissionsBoundary", "iam:CreateUser", "iam:CreateRole"),
    )
)
resources = st.sampled_from(
    (
        *("*", APP, TASK, BOB, OWN, f"arn:aws:iam::{A}:role/*", f"arn:aws:iam::{A}:user/${{aws:username}}"),
        *("arn:aws:lambda:*:*:function:a-*", "arn:aws:lambda:eu-west-1:*:*", "arn:aws:ec2:*:*:*"),
        f"arn:aws:iam::{A}:group/*",
    )
)
conditions = st.sampled_from(
    (
        *(None, None, None, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        {"StringEquals": {"aws:ResourceTag/t": "a"}},
    )
)


def statement(effect: str, action: list[str], resource: list[str], condition: Any) -> dict[str, Any]:
    made = {"Effect": effect, "Action": action, "Resource": resource}
    return {**made, "Condition": condition} if condition else made


def statements(effect: str, most: int = 4) -> st.SearchStrategy[list[dict[str, Any]]]:
    lists = (st.lists(actions, min_size=1, max_size=4), st.lists(resources, min_size=1, max_size=2))
    return st.lists(st.builds(statement, st.just(effect), *lists, conditions), min_size=1, max_size=most)


def policy(id_: str, found: list[dict[str, Any]]) -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": found}, id_)


def trust(role: str, *principals: dict[str, Any]) -> Policy:
    return policy(
        f"{role}#trust", [{"Effect": "Allow", "Principal": p, "Action": "sts:AssumeRole"} for p in principals]
    )


def estate(allow: list[dict[str, Any]], more: Iterable[dict[str, Any]] = (), **limits: Any) -> Estate:
    """Ann, with the statements; Bob and Eve, who hold others; a role for anyone of the account and one for services."""
    policies = {
        "ann": policy("ann", [*allow, *more]),
        OWN: policy(OWN, [statement("Allow", ["s3:*"], ["*"], None)]),
        "everything": policy("everything", [statement("Allow", ["*"], ["*"], None)]),
        "limit": policy("limit", limits.get("boundary", [])),
        "control": policy("control", limits.get("control", [statement("Allow", ["*"], ["*"], None)])),
    }
    bound = "limit" if "boundary" in limits else None
    users = {
        ANN: Identity(ANN, IdentityKind.USER, A, policies=("ann", OWN), boundary=bound),
        BOB: Identity(BOB, IdentityKind.USER, A, policies=("everything",), tags={"t": "a"}),
        EVE: Identity(EVE, IdentityKind.USER, A, policies=("ann", OWN), boundary=bound),
    }
    services = {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}
    roles = {
        APP: Identity(APP, IdentityKind.ROLE, A, policies=("ann",), trust=trust(APP, {"AWS": A}), boundary=bound),
        TASK: Identity(TASK, IdentityKind.ROLE, A, policies=("everything",), trust=trust(TASK, services)),
    }
    account = Account(A, organization="o-1", path="o-1/", levels=(Level("o-1", ("control",)),))
    groups = {f"arn:aws:iam::{A}:group/administrators": ("everything",)}
    versions = {OWN: (policy(f"{OWN}#v1", [statement("Allow", ["*"], ["*"], None)]),)}
    return Estate({A: account}, {"o-1": Organization("o-1")}, users, roles, groups, policies, versions=versions)


def compute() -> tuple[Compute, ...]:
    filled = {kind: t.replace("{partition}", "aws").replace("{region}", "eu-west-1") for kind, t in TEMPLATES.items()}
    return tuple(
        Compute(arn.replace("{account}", A).replace("{any}", "a-one"), kind, A, "eu-west-1", (TASK,), {"t": "a"})
        for kind, arn in filled.items()
        if kind in ("LambdaFunction", "Instance")
    )


SURROUNDINGS = Surroundings(compute(), {(kind, A): None for kind in TEMPLATES}, passwords={BOB: True, EVE: False})


UNDOING = frozenset(id_ for id_, technique in techniques().items() if technique.undoes)
"""Those who have to undo what holds them: without it they would escalate in other ways, or administer as they are."""


def ways(given: Estate) -> dict[tuple[str, str, str], int]:
    """Who can escalate to whom and how, sets taken apart, with how sure it is."""
    facts = list(Escalations(given, SURROUNDINGS).facts())
    members: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact, Edge) and fact.type == "GATHERED_IN":
            members.setdefault(fact.end, []).append(fact.start)
    return {
        (start, fact.end, fact.key): RANK[str(fact.properties["decision"])]
        for fact in facts
        if isinstance(fact, Edge) and fact.type == "CAN_ESCALATE_TO"
        for start in members.get(fact.start, [fact.start])
        if start != fact.end
    }


def assert_never_more(fewer: dict[Any, int], more: dict[Any, int]) -> None:
    fewer = {way: sure for way, sure in fewer.items() if way[2] not in UNDOING}
    assert fewer.keys() <= more.keys()
    assert all(fewer[way] >= more[way] for way in fewer)


@settings(max_examples=600, deadline=None)
@given(statements("Allow"), statements("Deny", 2))
def test_a_deny_never_adds_a_way(allow: list[dict[str, Any]], deny: list[dict[str, Any]]) -> None:
    assert_never_more(ways(estate(allow, deny)), ways(estate(allow)))


@settings(max_examples=60, deadline=None)
@given(statements("Allow"), statements("Allow"))
def test_a_boundary_or_a_control_policy_never_adds_a_way(
    allow: list[dict[str, Any]], limit: list[dict[str, Any]]
) -> None:
    everything = ways(estate(allow))
    assert_never_more(ways(estate(allow, boundary=limit)), everything)
    controlled = ways(estate(allow, control=limit))
    # Administrators escalate to nothing, until the control policy makes them less.
    assert_never_more({way: sure for way, sure in controlled.items() if way[0] not in (BOB, TASK)}, everything)


@settings(max_examples=200, deadline=None)
@given(statements("Allow"), statements("Deny", 2), st.none() | statements("Allow"))
def test_what_is_undone_gives_no_more_than_if_it_had_never_been(
    allow: list[dict[str, Any]], deny: list[dict[str, Any]], limit: list[dict[str, Any]] | None
) -> None:
    """Whoever takes off what denies, or lifts a boundary, gets what it would have without them, by whatever way."""
    held = ways(estate(allow, deny, **({"boundary": limit} if limit else {})))
    free = estate(allow)
    without = {(start, end) for start, end, _ in ways(free)}
    administrators = Administrators(free)
    for start, end, technique in held:
        if technique.startswith(("policy-removal", "permissions-boundary")):
            identity = free.identity(start)
            assert identity is not None
            assert (start, end) in without or not isinstance(administrators.of(identity), Deny)


@settings(max_examples=60, deadline=None)
@given(statements("Allow"), st.randoms())
def test_the_order_of_statements_does_not_matter(allow: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(allow)
    random.shuffle(shuffled)
    assert ways(estate(shuffled)) == ways(estate(allow))


@settings(max_examples=60, deadline=None)
@given(statements("Allow"))
def test_gathering_changes_no_answer(allow: list[dict[str, Any]]) -> None:
    """Whoever shares a set gets what it would get alone."""
    together = estate(allow)
    alone = replace(together, users={arn: one for arn, one in together.users.items() if arn != EVE})
    assert {way: sure for way, sure in ways(together).items() if EVE not in way} == ways(alone)


BY_ITSELF = frozenset(id_ for id_, technique in techniques().items() if technique.target is Target.SELF)


@settings(max_examples=600, deadline=None)
@given(statements("Allow"), st.just([]) | statements("Deny", 2), st.none() | statements("Allow"))
def test_whoever_grants_itself_anything_administers(
    allow: list[dict[str, Any]], deny: list[dict[str, Any]], limit: list[dict[str, Any]] | None
) -> None:
    """What is said of escalation by oneself does not contradict ADMINISTERS."""
    given_ = estate(allow, deny, **({"boundary": limit} if limit else {}))
    administrators = Administrators(given_)
    for start, end, technique in ways(given_):
        if end == A and technique in BY_ITSELF:
            identity = given_.identity(start)
            assert identity is not None
            assert not isinstance(administrators.of(identity), Deny)


@given(st.lists(st.text("ab*?", max_size=6), min_size=1, max_size=3))
def test_a_meeting_of_patterns_matches_them_all(patterns: list[str]) -> None:
    met = meet(tuple(patterns))
    if met is not None:
        assert all(glob(pattern)(met) for pattern in patterns)


@given(st.text("ab", max_size=5), st.lists(st.sampled_from("*?"), max_size=3), st.randoms())
def test_patterns_of_one_text_meet(text: str, wildcards: list[str], random: Any) -> None:
    patterns = []
    for wildcard in wildcards:
        at = random.randint(0, len(text))
        put = text[:at] + wildcard + text[at + (1 if wildcard == "?" else 0) :]
        patterns.append(put if wildcard == "*" or at < len(text) else text)
    assert meet((text, *patterns)) == text


@given(st.text("ab-", min_size=1, max_size=6), st.data())
def test_a_name_that_all_patterns_take_in_is_found(name: str, data: Any) -> None:
    """Whatever else is allowed: if one name may be made and called, the way is open."""
    other = st.lists(st.text("cd", min_size=1, max_size=3), max_size=3)

    def on(action: str) -> dict[str, Any]:
        at = data.draw(st.integers(0, len(name)))
        some = (
            [f"{name[:at]}*", *data.draw(other)] if data.draw(st.booleans()) else [f"*{name[at:]}", *data.draw(other)]
        )
        return statement("Allow", [action], [f"arn:aws:lambda:eu-*:*:function:{each}" for each in some], None)

    passes = statement("Allow", ["iam:PassRole"], [TASK], None)
    found = ways(estate([passes, on("lambda:CreateFunction"), on("lambda:InvokeFunction")]))
    assert found[ANN, TASK, "lambda-001"] == RANK["allow"]


@given(st.lists(st.tuples(st.sampled_from((TASK, APP)), st.sampled_from((True, False, None)))))
def test_batches_go_over_projects_that_are_set_up_for_them(projects: list[tuple[str, bool | None]]) -> None:
    """https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build.html"""
    service = {"Service": "codebuild.amazonaws.com"}
    given_ = estate([statement("Allow", ["codebuild:StartBuildBatch"], ["*"], None)])
    given_.roles.update({arn: replace(role, trust=trust(arn, service)) for arn, role in given_.roles.items()})
    there = tuple(
        Compute(f"arn:aws:codebuild:eu-west-1:{A}:project/{n}", "CodeBuildProject", A, "eu-west-1", (role,))
        for n, (role, _) in enumerate(projects)
    )
    there = tuple(replace(one, ready={"batch_builds": is_so}) for one, (_, is_so) in zip(there, projects, strict=True))
    read = {(kind, A): None for kind in TEMPLATES}
    facts = Escalations(given_, Surroundings(there, read)).facts()
    edges = [
        fact for fact in facts if isinstance(fact, Edge) and fact.key == "codebuild-003" and fact.start != fact.end
    ]
    said = {edge.end: edge.properties["decision"] for edge in edges if edge.start in (ANN,) or "set" in edge.start}
    for role in (TASK, APP):
        known = [is_so for of, is_so in projects if of == role]
        expected = "allow" if True in known else "unknown" if None in known else None
        assert said.get(role) == expected
