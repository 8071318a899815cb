"""CAN_ASSUME after a change: what follows is the same as from scratch, and little of it is worked out again."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.assuming.assume import Assumptions
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind, Level, Organization
from muniment.analysis.iam.policies.statements import Policy
from muniment.schema import Edge, Node

from .test_iam_properties import ROLES, documents, estates, policy, trusts

ALLOW = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


def said(facts: Iterable[Node | Edge]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {fact.identity if isinstance(fact, Edge) else (fact.kind, fact.id): dict(fact.properties) for fact in facts}


@st.composite
def changes(draw: st.DrawFn) -> Policy:
    """A policy or a trust policy that becomes another one."""
    changed = draw(st.sampled_from(["p", "q", "r", "scp", "rcp", "admin", *ROLES]))
    if changed in ROLES:
        return policy(draw(trusts), f"{changed}#trust")
    principal = {"Principal": "*"} if changed == "rcp" else {}
    return policy([statement | principal for statement in draw(documents)], changed)


def changed(estate: Estate, new: Policy) -> Estate:
    role = estate.roles.get(new.id.removesuffix("#trust"))
    if role is None:
        return replace(estate, policies={**estate.policies, new.id: new})
    return replace(estate, roles={**estate.roles, role.arn: replace(role, trust=new)})


@settings(max_examples=40, deadline=None)
@given(estates(), st.lists(changes(), min_size=1, max_size=3))
def test_after_changes_follows_what_would_from_scratch(estate: Estate, news: list[Policy]) -> None:
    assumptions = Assumptions(estate, remember=True)
    before = said(assumptions.facts())
    after = assumptions
    for new in news:
        role = new.id.removesuffix("#trust")
        after = after.replace_trust(role, new) if role in estate.roles else after.replace(new)
        estate = changed(estate, new)
        assert said(after.facts()) == said(Assumptions(estate).facts())
    assert said(assumptions.facts()) == before


def trusting(principal: object, name: str) -> Policy:
    return policy([{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}], f"{name}#trust")


def many(accounts: int) -> Estate:
    """In each account ten users with a policy of their own, and two roles of which each can assume one."""
    users: dict[str, Identity] = {}
    roles: dict[str, Identity] = {}
    policies = {"scp": policy([{**ALLOW, "Action": "*"}], "scp")}
    found = {}
    for number in range(accounts):
        id_ = f"{number + 1:012}"
        found[id_] = Account(id_, organization="o-1", levels=(Level(id_, ("scp",)),))
        for name in ("a", "b"):
            arn = f"arn:aws:iam::{id_}:role/{name}"
            trust = trusting({"AWS": f"arn:aws:iam::{id_}:root"}, arn)
            roles[arn] = Identity(arn, IdentityKind.ROLE, id_, trust=trust)
        for n in range(10):
            arn, own = f"arn:aws:iam::{id_}:user/u{n}", f"own-{number}-{n}"
            allow = {**ALLOW, "Resource": f"arn:aws:iam::{id_}:role/{'ab'[n % 2]}"}
            policies[own] = policy([{**allow, "Condition": {"StringEquals": {"sts:ExternalId": str(n)}}}], own)
            users[arn] = Identity(arn, IdentityKind.USER, id_, None, (own,))
    return Estate(found, {"o-1": Organization("o-1")}, users, roles, {}, policies)


def test_a_changed_policy_costs_only_the_signatures_that_contain_it() -> None:
    estate = many(5)
    before = Assumptions(estate, remember=True)
    assert len(said(before.facts())) == 50
    work = before.work
    assert (work.signatures, work.decisions) == (55, 50)

    allow = {**ALLOW, "Resource": "arn:aws:iam::000000000001:role/*"}
    after = before.replace(policy([allow], "own-0-0"))
    assert len(said(after.facts())) == 51
    assert (after.work.signatures, after.work.decisions) == (56, 52)
    assert len(said(after.facts())) == 51
    assert after.work.decisions == 52


def test_a_changed_trust_policy_costs_only_its_role() -> None:
    before = Assumptions(many(5), remember=True)
    assert len(said(before.facts())) == 50
    role = "arn:aws:iam::000000000003:role/a"
    nobody = before.replace_trust(role, trusting({"AWS": "arn:aws:iam::000000000003:user/u0"}, role))
    assert len(said(nobody.facts())) == 46
    assert nobody.work.signatures == before.work.signatures
    assert nobody.work.decisions == before.work.decisions + 1


def test_a_changed_scp_costs_the_accounts_below_it() -> None:
    before = Assumptions(many(5), remember=True)
    list(before.facts())
    after = before.replace(policy([{**ALLOW, "Action": "s3:*"}], "scp"))
    assert said(after.facts()) == {}
    assert after.work.signatures == 2 * before.work.signatures


def test_overlapping_patterns_of_one_policy_are_decided_once() -> None:
    own, role = "arn:aws:iam::111111111111", "arn:aws:iam::111111111111:role/app-ops"
    allow = {**ALLOW, "Resource": [f"{own}:role/app-*", f"{own}:role/*-ops"]}
    user = Identity(f"{own}:user/ann", IdentityKind.USER, "111111111111", None, ("p",))
    target = Identity(role, IdentityKind.ROLE, "111111111111", trust=trusting({"AWS": f"{own}:root"}, role))
    accounts = {"111111111111": Account("111111111111")}
    found = Estate(accounts, {}, {user.arn: user}, {role: target}, {}, {"p": policy([allow], "p")})
    assumptions = Assumptions(found)
    (edge,) = assumptions.facts()
    assert isinstance(edge, Edge)
    assert (edge.start, edge.end, edge.properties["decision"]) == (user.arn, role, "allow")
    assert assumptions.work.decisions == 1


def test_whoever_has_the_collector_of_cycles_off_keeps_it_off() -> None:
    assumptions = Assumptions(many(1))
    running = gc.isenabled()
    try:
        for wanted in (False, True):
            (gc.enable if wanted else gc.disable)()
            assert len(list(assumptions.facts())) == 10
            assert gc.isenabled() is wanted
    finally:
        (gc.enable if running else gc.disable)()


def test_roles_that_trust_everyone_by_different_names_tell_one_crowd_apart() -> None:
    def role(name: str, pattern: str) -> Identity:
        arn = f"arn:aws:iam::111111111111:role/{name}"
        condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::*:user/{pattern}"}}
        trust = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": condition}
        return Identity(arn, IdentityKind.ROLE, "111111111111", trust=policy([trust], f"{arn}#trust"))

    roles = {made.arn: made for made in (role("a", "a*"), role("b", "b*"))}
    arns = [f"arn:aws:iam::222222222222:user/{letter}{n}" for letter in "abc" for n in range(3)]
    users = {arn: Identity(arn, IdentityKind.USER, "222222222222", None, ("own",)) for arn in arns}
    accounts = {id_: Account(id_) for id_ in ("111111111111", "222222222222")}
    estate = Estate(accounts, {}, users, roles, {}, {"own": policy([ALLOW], "own")})

    edges = [fact for fact in Assumptions(estate).facts() if isinstance(fact, Edge)]
    members: dict[str, set[str]] = {}
    for edge in edges:
        if edge.type == "GATHERED_IN":
            members.setdefault(edge.end, set()).add(edge.start)
    for made in roles.values():
        (into,) = [e.start for e in edges if e.type == "CAN_ASSUME" and e.end == made.arn and e.start in members]
        assert members[into] == {arn for arn in arns if arn.rpartition("/")[2][0] == made.name}
