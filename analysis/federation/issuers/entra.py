"""Microsoft Entra ID: every tenant has a URL of its own. People, applications and managed identities are object ids."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Entra ID",
    r"sts\.windows\.net/(?P<tenant>[^/]+)/?|login\.microsoftonline\.com/(?P<directory>[^/]+)/v2\.0/?",
    forms("{identity}"),
    everyone="anyone of the tenant",
    documentation="https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference",
    shared=False,
    tenant="tenant",
    thing="identity",
    signs_in="unknown",
)
