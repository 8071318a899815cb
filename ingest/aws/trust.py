"""Trust policies: whom a role's own policy names, statement by statement.

Every form of principal becomes a relationship to what it names, with the whole statement on it; what the statement
allows is for analysis to say. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Arn, Edge, Node, Ownership
from ...schema.facts import Properties
from ...schema.identifiers import ACCOUNT_ID
from .documents import Document, as_list
from .references import account_reference
from .values import json_text, well_formed

UNIQUE_ID = re.compile(r"A[A-Z]{2}A[A-Z0-9]{12,124}")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""

IDENTITY_PROVIDERS = frozenset(
    {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}
)
"""Identity providers that have no ARN: AWS knows them by name.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity"""

SERVICE = re.compile(r"[A-Za-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal|api\.aws)")

_KINDS_BY_RESOURCE = {
    "role": "Role",
    "user": "User",
    "oidc-provider": "OidcProvider",
    "saml-provider": "SamlProvider",
}


def principal_node(principal: str) -> Node:
    """What a principal of a policy names, as a node that is only named: see the kinds of ``schema/kinds/identity.py``.

    The text alone decides, not the member of ``Principal`` that it stands in: one text is one node, whatever a policy
    says of it.
    """
    if principal == "*":
        return _named("Anyone", "*", "anyone")
    arn = Arn.maybe(principal)
    if arn is None:
        return _without_arn(principal)
    if arn.service == "iam" and arn.resource == "root" and ACCOUNT_ID.fullmatch(arn.account):
        return account_reference(arn.account)
    kind = _KINDS_BY_RESOURCE.get(arn.resource_type) if arn.service == "iam" else None
    if kind is None or "*" in principal or not ACCOUNT_ID.fullmatch(arn.account):
        return _named("OtherPrincipal", f"principal:{principal}", principal, arn.account)
    return _named(kind, principal, arn.name, arn.account)


def trust_facts(role: str, document: Document) -> tuple[list[Node | Edge], str | None]:
    """The TRUSTS relationships of a role and the nodes they end in, and what of the policy could not be understood."""
    facts: list[Node | Edge] = []
    problems = [document.malformed] if document.malformed else []
    for number, statement in document.statements:
        stated = _statement(role, number, statement)
        types_by_end: dict[str, list[str]] = {}
        for element in ("Principal", "NotPrincipal"):
            for principal_type, principal in _principals(statement.get(element)):
                end = principal_node(principal)
                types = types_by_end.setdefault(end.id, [])
                if principal_type in types:
                    continue
                types.append(principal_type)
                named: Properties = {
                    "negated": element == "NotPrincipal",
                    "principal": principal,
                    "principal_type": principal_type,
                }
                key = str(number) if len(types) == 1 else f"{number}/{principal_type}"
                facts += (end, Edge("TRUSTS", role, end.id, {**stated, **named}, key))
        problem = _problem(statement)
        if problem:
            problems.append(f"statement {number}: {problem}")
    return facts, "; ".join(problems)[:1000] or None


def principal_problems(document: Document) -> list[str]:
    """Why the principals of a resource's policy cannot all be understood, statement by statement."""
    found = ((number, _problem(statement)) for number, statement in document.statements)
    return [f"statement {number}: {problem}" for number, problem in found if problem]


def _statement(role: str, number: int, statement: Mapping[str, Any]) -> Properties:
    conditions = statement.get("Condition")
    return {
        "effect": statement["Effect"],
        "actions": as_list(statement.get("Action", [])),
        "conditions": json_text(conditions) if conditions else None,
        "statement": json_text(statement),
        "statement_id": f"{role}#trust/{number}",
    }


def _principals(element: object) -> Iterator[tuple[str, str]]:
    """The principals of a Principal or NotPrincipal element, each with the member that it stands in."""
    if element == "*":
        yield "AWS", "*"
    if isinstance(element, Mapping):
        for principal_type, named in element.items():
            yield from ((well_formed(str(principal_type)), principal) for principal in as_list(named) if principal)


def _problem(statement: Mapping[str, Any]) -> str | None:
    """Why the principals of a statement cannot all be understood; None where they can."""
    if ("Principal" in statement) == ("NotPrincipal" in statement):
        return "it must have either Principal or NotPrincipal"
    element = statement.get("Principal", statement.get("NotPrincipal"))
    if element == "*":
        return None
    if not isinstance(element, Mapping) or not element:
        return "its principals are neither * nor an object"
    for principal_type, named in element.items():
        members = named if isinstance(named, list) else [named]
        if not members or not all(isinstance(member, str) and member for member in members):
            return f"its {principal_type} principals are not all texts"
    return None


def _without_arn(principal: str) -> Node:
    if ACCOUNT_ID.fullmatch(principal):
        return account_reference(principal)
    if UNIQUE_ID.fullmatch(principal):
        return _named("DeletedPrincipal", principal, principal)
    if principal in IDENTITY_PROVIDERS:
        return _named("FederatedPrincipal", principal, principal)
    if SERVICE.fullmatch(principal):
        return _named("ServicePrincipal", principal, principal)
    return _named("OtherPrincipal", f"principal:{principal}", principal)


def _named(kind: str, identifier: str, name: str, account: str = "") -> Node:
    account_id = account if ACCOUNT_ID.fullmatch(account) else None
    return Node(kind, identifier, {"name": name, "provider": "aws", "account_id": account_id}, Ownership.REFERENCE)
