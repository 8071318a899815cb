"""``who-can`` through chains of CAN_ASSUME: the same as following every relationship from one to the next."""

from __future__ import annotations

from hypothesis import given, settings
from muniment.analysis.iam.assuming.assume import Assumptions
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind
from muniment.analysis.iam.everyone.chains import DECISIONS, Chains
from muniment.analysis.iam.everyone.who_can import Index
from muniment.schema import Edge

from .test_iam_properties import ACCOUNTS, estates, policy
from .test_who_can import questions


def steps_of(estate: Estate) -> dict[tuple[str, str], int]:
    """Each step from one to a role, with the rank of the surest of its relationships; sets taken apart."""
    edges = [fact for fact in Assumptions(estate).facts() if isinstance(fact, Edge)]
    members: dict[str, list[str]] = {}
    for edge in edges:
        if edge.type == "GATHERED_IN":
            members.setdefault(edge.end, []).append(edge.start)
    found: dict[tuple[str, str], int] = {}
    for edge in edges:
        if edge.type == "CAN_ASSUME":
            rank = DECISIONS.index(str(edge.properties["decision"]))
            for start in members.get(edge.start, [edge.start]):
                found[start, edge.end] = min(rank, found.get((start, edge.end), rank))
    return found


def one_by_one(direct: dict[str, int], steps: dict[tuple[str, str], int]) -> dict[str, int]:
    """The rank of the surest chain of each, found by following single steps until nothing changes."""
    found = dict(direct)
    changed = True
    while changed:
        changed = False
        for (start, role), rank in steps.items():
            if role in found and max(rank, found[role]) < found.get(start, len(DECISIONS)):
                found[start], changed = max(rank, found[role]), True
    return found


@settings(max_examples=60, deadline=None)
@given(estates(), questions)
def test_chains_lead_where_single_steps_do(estate: Estate, question: tuple[str, str]) -> None:
    index = Index(estate)
    direct = {arn: DECISIONS.index(made.word) for arn, made in index.who_can(*question)}
    steps = steps_of(estate)
    wanted = one_by_one(direct, steps)
    behind = Chains(index.population, Assumptions(estate).facts()).behind(index.who_can(*question))
    assert dict(behind) == {arn: DECISIONS[rank] for arn, rank in wanted.items()}
    assert len(behind) == len(wanted)
    for arn, rank in wanted.items():
        first, *others = path = behind.path(arn)
        assert first == arn
        assert direct[path[-1]] <= rank
        assert all(steps[hop] <= rank for hop in zip(path, others, strict=False))


def test_a_chain_of_three_is_named_step_by_step() -> None:
    own = f"arn:aws:iam::{ACCOUNTS[0]}"
    roles = {}
    trusted = "user/ann"
    for name in ("first", "second", "third"):
        trust = [{"Effect": "Allow", "Principal": {"AWS": f"{own}:{trusted}"}, "Action": "sts:AssumeRole"}]
        held = ("admin",) if name == "third" else ()
        role = f"{own}:role/{name}"
        roles[role] = Identity(role, IdentityKind.ROLE, ACCOUNTS[0], None, held, trust=policy(trust, f"{role}#trust"))
        trusted = f"role/{name}"
    ann = Identity(f"{own}:user/ann", IdentityKind.USER, ACCOUNTS[0])
    admin = policy([{"Effect": "Allow", "Action": "*", "Resource": "*"}], "admin")
    accounts = {ACCOUNTS[0]: Account(ACCOUNTS[0])}
    estate = Estate(accounts, users={ann.arn: ann}, roles=roles, policies={"admin": admin})
    index = Index(estate)
    behind = Chains(index.population, Assumptions(estate).facts()).behind(index.who_can("s3:ListAllMyBuckets"))
    assert behind.path(ann.arn) == (ann.arn, *roles)


def test_roles_that_can_become_one_another_and_a_set_are_followed_once() -> None:
    own, root = f"arn:aws:iam::{ACCOUNTS[0]}", {"AWS": f"arn:aws:iam::{ACCOUNTS[0]}:root"}
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    trusts = {
        "one": [{"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}],
        "two": [{"Effect": "Allow", "Principal": {"AWS": f"{own}:role/one"}, "Action": "sts:AssumeRole"}],
        "end": [
            {"Effect": "Allow", "Principal": {"AWS": f"{own}:role/two"}, "Action": "sts:AssumeRole", "Condition": mfa}
        ],
    }
    held = {"one": (), "two": ("assume",), "end": ("admin",)}
    roles = {
        f"{own}:role/{name}": Identity(
            f"{own}:role/{name}", IdentityKind.ROLE, ACCOUNTS[0], None, held[name], trust=policy(trust, name)
        )
        for name, trust in trusts.items()
    }
    users = {
        f"{own}:user/{name}": Identity(f"{own}:user/{name}", IdentityKind.USER, ACCOUNTS[0], None, (policy_,))
        for name, policy_ in (("ann", "assume"), ("bob", "assume"), ("cat", "admin"))
    }
    policies = {
        "admin": policy([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}], "admin"),
        "assume": policy([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"{own}:role/one"}], "assume"),
    }
    estate = Estate({ACCOUNTS[0]: Account(ACCOUNTS[0])}, users=users, roles=roles, policies=policies)
    index = Index(estate)
    behind = Chains(index.population, Assumptions(estate).facts()).behind(index.who_can("s3:ListAllMyBuckets"))
    ann, bob, cat = users
    one, two, end = roles
    assert dict(behind) == {end: "allow", cat: "allow", **dict.fromkeys((ann, bob, one, two), "conditional")}
    assert len(behind) == 6
    for user in (ann, bob):
        assert behind.path(user) == (user, one, two, end)
