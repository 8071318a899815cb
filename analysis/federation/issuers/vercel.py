"""Vercel: one URL for all (``oidc.vercel.com``), or one of a team's own."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Vercel",
    r"oidc\.vercel\.com",
    forms("owner:{team}:project:{project}:environment:{environment}"),
    everyone="anyone with a Vercel account",
    documentation="https://vercel.com/docs/oidc/aws",
    tenant="team",
    thing="project",
    places=("environment",),
    slashed=True,
)
