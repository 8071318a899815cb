"""GitHub's issuer for one enterprise: a path of its own (``…/ENTERPRISE``), or a server of its own."""

from __future__ import annotations

from ..issuer import Issuer
from .github import CLAIMS, PLACES, SUBJECTS

ISSUER = Issuer(
    "GitHub Enterprise",
    r"token\.actions\.githubusercontent\.com/(?P<enterprise>[^/]+)|(?P<server>[^/]+)/_services/token",
    SUBJECTS,
    everyone="anyone of the enterprise",
    documentation="https://docs.github.com/en/enterprise-cloud@latest/actions/reference/security/oidc",
    shared=False,
    places=PLACES,
    slashed=True,
    claims=CLAIMS,
)
