"""What of the register a caller sees that is limited to some accounts: what belongs to them, and what is AWS's own.

By default it sees nothing: what cannot be attributed to an account is hidden, unless AWS itself keeps it for everybody
(its managed policies, its services as principals, and ``*``, which is nobody in particular).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...schema import SCHEMA

_OWN_PREFIXES = tuple(f"arn:{partition}:iam::aws:" for partition in ("aws", "aws-cn", "aws-us-gov"))
_BY_PREFIX = ("ManagedPolicy", "Statement")
"""Kinds of which some are AWS's own, by their ids."""
_ALL = ("ServicePrincipal", "Anyone")
"""Kinds of which all are."""
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")

SEEN = "seen"
"""The parameter that holds the accounts."""


def visible(kind: str, name: str) -> str:
    """That a node ``name`` of a kind may be seen, in Cypher, of the accounts ``$seen``."""
    tests = [f"{name}.account_id IN $seen"]
    if any(SCHEMA.is_a(one, kind) or SCHEMA.is_a(kind, one) for one in _ALL):
        tests += [f"{name}:{one}" for one in _ALL if SCHEMA.is_a(one, kind) or one == kind]
    if any(SCHEMA.is_a(one, kind) for one in _BY_PREFIX):
        own = " OR ".join(f"{name}.id STARTS WITH '{prefix}'" for prefix in _OWN_PREFIXES)
        tests.append(f"({name}.account_id IS NULL AND ({own}))")
    return f"({' OR '.join(tests)})"


def may_see(node: Mapping[str, Any], labels: Iterable[str], accounts: frozenset[str]) -> bool:
    """The same of a node that is at hand, of which ``account_id`` and ``id`` are known."""
    account = node.get("account_id")
    if account is not None:
        return account in accounts
    return not {*labels}.isdisjoint(_ALL) or str(node["id"]).startswith(_OWN_PREFIXES)


def foreign(text: str, accounts: frozenset[str]) -> bool:
    """Whether a text names an account that is none of these, by its number."""
    return any(found not in accounts for found in _ACCOUNT.findall(text))


def cleared(properties: Mapping[str, Any], accounts: frozenset[str]) -> dict[str, Any]:
    """A relationship's properties without the texts that name another account."""
    return {name: seen for name, value in properties.items() if (seen := _cleared(value, accounts)) is not None}


def _cleared(value: Any, accounts: frozenset[str]) -> Any:
    if isinstance(value, str):
        return None if foreign(value, accounts) else value
    if isinstance(value, list):
        return [one for one in value if not (isinstance(one, str) and foreign(one, accounts))]
    return value
