"""Auth0: an application's users, who sign up themselves unless that is turned off; programs (``CLIENT@clients``)."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Auth0",
    r"[^./]+(\.[a-z]{2}(-\d+)?)?\.auth0\.com/?",
    forms("{identity}"),
    everyone="whoever may sign up with the tenant",
    documentation="https://auth0.com/docs/secure/tokens/id-tokens/id-token-structure",
    tenant="identity",
    thing="identity",
    signs_in="unknown",
)
