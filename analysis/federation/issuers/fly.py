"""Fly.io: every organization has a URL of its own."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Fly.io",
    r"oidc\.fly\.io/(?P<organization>[^/]+)",
    forms("{organization}:{application}:{machine}"),
    everyone="any machine of the organization",
    documentation="https://fly.io/docs/security/openid-connect/",
    shared=False,
    thing="application",
    places=("machine",),
)
