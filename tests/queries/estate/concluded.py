"""What was concluded of the estate."""

from __future__ import annotations

from typing import Any

from muniment.schema import Edge, ScopeId

from .names import (
    ACME,
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    CHECKOUT,
    CHECKOUT_DEPLOYER,
    CI,
    DANA,
    DEPLOYER,
    DEV_ADMIN,
    FUNCTION,
    GITHUB,
    LAKE,
    MFA,
    NOBODY_KNOWN,
    OPEN,
    OUTSIDE,
    PAY,
    PAYDEV,
    PERMISSION_SET,
    PLACES,
    PLATFORM,
    PROD_ADMIN,
    SET,
    SHARED,
    SSO,
    role_arn,
)
from .oddities import VENDOR, has_access
from .read import SUBJECT


def conclusions() -> dict[ScopeId, list[Edge]]:
    """What was concluded, by scope."""
    return {
        ScopeId.parse("muniment/all/global/can-assume"): _can_assume(),
        ScopeId.parse("muniment/all/global/administers"): _administers(),
        ScopeId.parse("muniment/all/global/escalations"): _escalations(),
        ScopeId.parse("muniment/all/global/provisioned-as"): [
            Edge("PROVISIONED_AS", PERMISSION_SET, SSO, {"account_id": LAKE})
        ],
        ScopeId.parse("muniment/all/global/federation"): [_admitted()],
        ScopeId.parse("muniment/all/global/identities"): _identified(),
    }


def can_assume(start: str, role: str, decision: str = "allow", *conditions: str, reason: str | None = None) -> Edge:
    properties = {
        "derived": True,
        "decision": decision,
        "conditions": list(conditions),
        "because": [f"{role}#trust/1: allows {start}"],
        "action": "sts:AssumeRole",
        "reason": reason,
    }
    return Edge("CAN_ASSUME", start, role, properties, "sts:AssumeRole")


def _can_assume() -> list[Edge]:
    return [
        *(Edge("GATHERED_IN", member, SET, {"derived": True}) for member in (ALICE, CI, DEPLOYER)),
        can_assume(SET, ADMIN),
        can_assume(ADMIN, PROD_ADMIN),
        can_assume(PROD_ADMIN, ADMIN),
        can_assume(CAROL, DEPLOYER),
        can_assume(CAROL, PROD_ADMIN, "unknown", reason="the boundary of carol was not read"),
        can_assume("ec2.amazonaws.com", DEPLOYER),
        can_assume(PLATFORM, SSO),
        can_assume(NOBODY_KNOWN, SSO),
        can_assume(SSO, PROD_ADMIN, "conditional", MFA),
        can_assume(OUTSIDE, PROD_ADMIN, "conditional", "sts:ExternalId is 'x'"),
        can_assume("*", OPEN),
        can_assume(GITHUB, CHECKOUT_DEPLOYER, "conditional", "the subject is repo:acme/checkout"),
    ]


def _admitted() -> Edge:
    properties = {
        "derived": True,
        "action": "sts:AssumeRole",
        "provider": GITHUB,
        "audiences": ["sts.amazonaws.com"],
        "conditions": [],
        "statement_id": f"{CHECKOUT_DEPLOYER}#trust/1",
    }
    return Edge("ADMITTED_TO", SUBJECT.id, CHECKOUT_DEPLOYER, properties, f"1/{GITHUB}")


def _identified() -> list[Edge]:
    people, machines = (BOB, CAROL, ALICE, SSO, DANA), (CI, DEPLOYER, CHECKOUT_DEPLOYER)
    found = [(who, "human") for who in people] + [(who, "machine") for who in machines]
    found += [(f"arn:aws:iam::{account}:root", "human") for account in PLACES]
    found += [(role, "unknown") for role in (ADMIN, PROD_ADMIN, DEV_ADMIN, OPEN)]
    return [
        Edge(
            "IDENTIFIED_AS",
            who,
            f"identity-kind/{kind}",
            {
                "derived": True,
                "evidence": "none" if kind == "unknown" else "use",
                "weak": who == CI,
                "because": ["it was seen"],
                "also": ["machine"] if who == BOB else None,
                "doubts": ["its name has ci in it, like a machine's"] if who == ALICE else None,
            },
        )
        for who, kind in found
    ]


def escalation(start: str, end: str, technique: str, decision: str = "allow", *conditions: str, **more: Any) -> Edge:
    properties = {
        "derived": True,
        "decision": decision,
        "conditions": list(conditions),
        "because": [f"policy of {start}#1: allows it"],
        "technique": technique,
        "compute": [],
        "through": [],
        **more,
    }
    return Edge("CAN_ESCALATE_TO", start, end, properties, technique)


def _escalations() -> list[Edge]:
    unread = f"the instances of account {SHARED} were not read"
    return [
        escalation(CHECKOUT_DEPLOYER, CHECKOUT, "iam-009"),
        escalation(CHECKOUT_DEPLOYER, OPEN, "lambda-003", compute=[FUNCTION]),
        escalation(SET, ALICE, "iam-002"),
        escalation(SET, DEPLOYER, "lambda-001", "conditional", MFA),
        escalation(CI, DEPLOYER, "ssm-001", "unknown", reason=unread),
        escalation(CAROL, ACME, "iam-014", through=[role_arn(ACME, "Ops")]),
    ]


def _administers() -> list[Edge]:
    holders = {ADMIN: PAY, PROD_ADMIN: PAY, BOB: PAY, DEV_ADMIN: PAYDEV, OPEN: CHECKOUT, SSO: LAKE}
    return [
        Edge(
            "ADMINISTERS",
            holder,
            account,
            {"derived": True, "decision": "allow", "because": [f"{holder}: AdministratorAccess allows everything"]},
        )
        for holder, account in holders.items()
    ]


def all_conclusions() -> dict[ScopeId, list[Edge]]:
    """What was concluded of the whole estate, the oddities and the data resources too."""
    concluded = {**conclusions(), **has_access()}
    concluded[ScopeId.parse("muniment/all/global/can-assume")].append(can_assume(VENDOR, OPEN))
    return concluded
