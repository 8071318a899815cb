"""Subjects of SAML assertions: people whom an identity provider signs in.

The provider itself says, in the assertion's ``Role`` attribute, for which roles it signs a person in, so that without a
condition on the subject it admits whomever the provider gives the role, and nobody else.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

from ..iam.conditions.patterns import is_literal
from .breadth import Breadth
from .claims import shown
from .issuer import Issuer, forms
from .subjects import Admission

SAML = Issuer(
    "SAML",
    "",
    forms("{person}"),
    everyone="whomever it gives the role",
    documentation="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html",
    shared=False,
    tenant="provider",
    thing="person",
    signs_in="human",
)


def saml_admission(provider: str, pattern: str | None) -> Admission:
    """What a pattern on ``SAML:sub`` admits of a provider."""
    if pattern is None or pattern == "*":
        says = f"anyone to whom {provider} gives the role"
        return Admission(SAML, provider, "*", {"provider": provider}, Breadth.ANY_REPOSITORY, says)
    fields = {"provider": provider, "person": shown(pattern)}
    if is_literal(pattern):
        return Admission(SAML, provider, shown(pattern), fields, Breadth.EXACT, f"{shown(pattern)} of {provider}")
    says = f"anyone like {shown(pattern)} of {provider}"
    return Admission(SAML, provider, shown(pattern), fields, Breadth.ANY_REPOSITORY, says)
