"""Vercel by a team's own URL: only the team gets tokens of it."""

from __future__ import annotations

from dataclasses import replace

from .vercel import ISSUER as VERCEL

ISSUER = replace(
    VERCEL, name="Vercel team", url=r"oidc\.vercel\.com/(?P<team>[^/]+)", everyone="anyone of the team", shared=False
)
