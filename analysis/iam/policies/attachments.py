"""What is made of a policy document by what it is attached to: AWS stores some statements on one thing, not on another.

A statement that AWS would not store there gets a flaw, so that what it may decide is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from .grammar import can_match
from .principals import PrincipalElement
from .statements import Document, Statement

AsAttached: TypeAlias = Callable[[Document], Document]
EVERYBODY = PrincipalElement.parse("*")


def of_bearer(document: Document) -> Document:
    """As attached to somebody. "You cannot use the Principal element in an identity-based policy", nor in an SCP:
    nobody can say what a statement with one does.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    flaw = "it has a principal, but is attached to one"
    return _where(document, lambda s: s.principal is not None, flaw=flaw)


def of_endpoint(document: Document) -> Document:
    """As that of a VPC endpoint, where a statement that names nobody is for everybody. AWS stores none that has such:
    "It must contain a Principal element".

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    return _where(document, lambda s: s.principal is None and s.flaw is None, principal=EVERYBODY)


def of_service_control(document: Document) -> Document:
    """As an SCP. AWS completes an incomplete ARN "in an identity-based policy"; of an SCP nothing says that it does.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    flaw = "a service control policy has an incomplete ARN"
    return _where(of_bearer(document), lambda s: not all(map(can_match, s.resources or ())), flaw=flaw)


def of_resource_control(document: Document) -> Document:
    """As an RCP: "You can only specify * in the Principal element". What one that names others does nobody can say.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    """
    flaw = "a resource control policy has a principal other than *"
    return _where(document, lambda s: s.principal is not None and not s.principal.names_everyone, flaw=flaw)


AS_ATTACHED: Mapping[str, AsAttached] = {
    "identity_policies": of_bearer,
    "permission_boundaries": of_bearer,
    "session_policies": of_bearer,
    "service_control_policies": of_service_control,
    "resource_control_policies": of_resource_control,
    "endpoint_policies": of_endpoint,
}
"""By the field of a request to ``simulate``."""


def _where(document: Document, wanted: Callable[[Statement], bool], **changes: Any) -> Document:
    if not any(map(wanted, document.statements)):
        return document
    statements = tuple(replace(s, **changes) if wanted(s) else s for s in document.statements)
    return replace(document, statements=statements)
