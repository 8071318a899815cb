"""What administrators of IAM Identity Center gain in an organization of a thousand accounts, in process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from muniment.analysis.escalation.center import Center, PermissionSet
from muniment.analysis.escalation.escalations import Escalations
from muniment.analysis.escalation.surroundings import Surroundings
from muniment.analysis.iam.estates.estate import Account, Estate, Identity, IdentityKind, Organization
from muniment.analysis.iam.policies.statements import Policy
from muniment.schema import Edge

from .measure import Figure

ACCOUNTS, SETS, GROUPS, PEOPLE = 1_000, 100, 200, 3_000
INSTANCE, ON = "arn:aws:sso:::instance/ssoins-1", ["arn:aws:sso:::instance/*", "arn:aws:sso:::account/*"]
RED = {"StringEquals": {"aws:ResourceTag/team": "red"}}
TRUST = Policy.parse({"Statement": []}, "trust")
HELD = {
    "everything": [("*", "*", {})],
    "reading": [("s3:Get*", "*", {})],
    "all of Identity Center": [("sso:*", "*", {})],
    "assignments of tagged sets": [
        ("sso:CreateAccountAssignment", ON, {}),
        ("sso:CreateAccountAssignment", "arn:aws:sso:::permissionSet/*/*", RED),
    ],
    "some sets, written": [
        (["sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"], resource, {})
        for resource in (ON, "arn:aws:sso:::permissionSet/*/ps-1*")
    ],
}
"""What the policies of the estate allow, each on what, under which condition; all but ``reading`` two users hold."""


def figures() -> Iterator[Figure]:
    """Work out CAN_ESCALATE_TO of the management account's users, in processor time."""
    accounts = [f"{number:012}" for number in range(110_000_000_000, 110_000_000_000 + ACCOUNTS)]
    sets = [_permission_set(number, accounts) for number in range(SETS)]
    estate = _estate(accounts, sets)
    started = time.process_time()
    facts = list(Escalations(estate, Surroundings(centers=(_center(accounts, sets),))).facts())
    seconds = time.process_time() - started
    yield Figure("accounts", ACCOUNTS, "")
    yield Figure("permission sets", SETS, "")
    yield Figure("reserved roles", len(estate.roles), "")
    found = [fact for fact in facts if isinstance(fact, Edge) and fact.type == "CAN_ESCALATE_TO"]
    yield Figure("relationships", len(found), "")
    yield Figure("all that their administrators gain", seconds, "s", 60)


def _permission_set(number: int, accounts: list[str]) -> PermissionSet:
    """Every tenth set is in all accounts, the next in every second, and so on; every twentieth gives anything."""
    where = accounts[:: number % 10 + 1]
    name = f"set{number}"
    reserved = f"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{name}_0123456789abcdef"
    return PermissionSet(
        f"arn:aws:sso:::permissionSet/ssoins-1/ps-{number}",
        name,
        frozenset(where),
        ("reading" if number % 20 else "everything",),
        roles={account: f"arn:aws:iam::{account}:{reserved}" for account in where},
        tags={"team": "blue" if number % 4 else "red"},
    )


def _center(accounts: list[str], sets: list[PermissionSet]) -> Center:
    store = f"arn:aws:identitystore::{accounts[0]}:identitystore/d-1"
    groups, people = (
        tuple(f"arn:aws:identitystore:::{kind}/{number}" for number in range(count))
        for kind, count in (("group", GROUPS), ("user", PEOPLE))
    )
    return Center(INSTANCE, store, accounts[0], "eu-west-1", frozenset(accounts), tuple(sets), groups, people)


def _estate(accounts: list[str], sets: list[PermissionSet]) -> Estate:
    home = accounts[0]
    holders = [name for name in HELD if name != "reading" for _ in range(2)]
    users = {f"arn:aws:iam::{home}:user/u{number}": name for number, name in enumerate(holders)}
    roles = {role: account for one in sets for account, role in one.roles.items()}
    return Estate(
        {id_: Account(id_, organization="o-1", management=id_ == home) for id_ in accounts},
        {"o-1": Organization("o-1", home)},
        {arn: Identity(arn, IdentityKind.USER, home, policies=(name,)) for arn, name in users.items()},
        {a: Identity(a, IdentityKind.ROLE, owner, policies=("reading",), trust=TRUST) for a, owner in roles.items()},
        {},
        {name: _policy(name, statements) for name, statements in HELD.items()},
    )


def _policy(name: str, statements: list[tuple[Any, Any, dict[str, Any]]]) -> Policy:
    made = [
        {"Effect": "Allow", "Action": action, "Resource": on, "Condition": condition}
        for action, on, condition in statements
    ]
    return Policy.parse({"Version": "2012-10-17", "Statement": made}, name)
