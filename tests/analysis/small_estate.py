"""Estates written in a few lines of YAML, for the tests of what follows from them.

Names are short: ``1/user/bob`` is ``arn:aws:iam::111111111111:user/bob``, ``1`` alone the account.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from muniment.analysis.iam.estates.estate import (
    Account,
    Assignment,
    Estate,
    Identity,
    IdentityKind,
    Level,
    Organization,
)
from muniment.analysis.iam.policies.statements import Document, Policy

SERVICE_LINKED = "role/aws-service-role/"


def account_id(short: Any) -> str:
    """``1`` is ``111111111111``."""
    return str(short) * 12 if len(str(short)) == 1 else str(short)


def arn(short: str) -> str:
    """``1/user/bob`` is ``arn:aws:iam::111111111111:user/bob``; other texts are as they are."""
    account, slash, rest = short.partition("/")
    return f"arn:aws:iam::{account_id(account)}:{rest}" if slash and account.isdigit() else short


def lengthen(value: Any) -> Any:
    """Short names in a document made long: ``<1/role/x>`` and ``<1>``."""
    if isinstance(value, Mapping):
        return {key: lengthen(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lengthen(item) for item in value]
    if isinstance(value, str) and value.startswith("<") and value.endswith(">"):
        inner = value[1:-1]
        return arn(inner) if "/" in inner else account_id(inner)
    return value


def policy(raw: Any, name: str) -> Policy:
    """Statements, or a document, as a policy."""
    if isinstance(raw, list):
        raw = {"Version": "2012-10-17", "Statement": raw}
    return Policy(name, document(json.dumps(lengthen(raw))))


@cache
def document(text: str) -> Document:
    """Equal documents are one, as in an estate read from the graph."""
    return Document.parse(json.loads(text))


def estate(raw: Mapping[str, Any]) -> Estate:
    """The estate of a case."""
    policies = {name: policy(document, name) for name, document in (raw.get("policies") or {}).items()}
    accounts = dict(_accounts(raw))
    organizations = {
        name: Organization(name, **(details or {})) for name, details in (raw.get("organizations") or {}).items()
    }
    identities = dict(_identities(raw, policies))
    return Estate(
        accounts,
        organizations,
        {name: one for name, one in identities.items() if one.kind is IdentityKind.USER},
        {name: one for name, one in identities.items() if one.kind is IdentityKind.ROLE},
        {arn(name): tuple(held) for name, held in (raw.get("groups") or {}).items()},
        policies,
        tuple(
            Assignment(a["holder"], a["set"], account_id(a["account"]), arn(a["role"])) for a in raw.get("people", ())
        ),
        {arn(name): account_id(name.partition("/")[0]) for name in raw.get("root_users", ())},
        frozenset(raw.get("full_policies", ())),
        {
            name: tuple(policy(document, f"{name}#{number}") for number, document in others.items())
            for name, others in raw.get("versions", {}).items()
        },
        frozenset(raw.get("unread_versions", ())),
    )


def _accounts(raw: Mapping[str, Any]) -> Iterator[tuple[str, Account]]:
    for short, details in raw["accounts"].items():
        details = dict(details or {})
        levels = tuple(
            Level(f"level-{n}", tuple(level.get("scp", ())), tuple(level.get("rcp", ())))
            for n, level in enumerate(details.pop("levels", ()), 1)
        )
        yield account_id(short), Account(account_id(short), levels=levels, **details)


def _identities(raw: Mapping[str, Any], policies: dict[str, Policy]) -> Iterator[tuple[str, Identity]]:
    for short, details in raw.get("identities", {}).items():
        details = dict(details or {})
        own = arn(short)
        attached = list(details.get("policies", ()))
        if "inline" in details:
            inline = f"{own}/inline-policy/p"
            policies[inline] = policy(details["inline"], inline)
            attached.append(inline)
        trust = details.get("trust")
        yield (
            own,
            Identity(
                own,
                IdentityKind.USER if "/user/" in short else IdentityKind.ROLE,
                account_id(short.partition("/")[0]),
                details.get("unique_id"),
                tuple(attached),
                tuple(arn(group) for group in details.get("groups", ())),
                details.get("boundary"),
                details.get("tags", {}),
                SERVICE_LINKED in short,
                policy(trust, f"{own}#trust") if trust is not None else None,
            ),
        )
