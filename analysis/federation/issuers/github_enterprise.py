"""GitHub's issuer for one enterprise: a path of its own (``…/ENTERPRISE``), or a server of its own."""

from __future__ import annotations

from dataclasses import replace

from .github import ISSUER as GITHUB

ISSUER = replace(
    GITHUB,
    name="GitHub Enterprise",
    url=r"token\.actions\.githubusercontent\.com/(?P<enterprise>[^/]+)|(?P<server>[^/]+)/_services/token",
    everyone="anyone of the enterprise",
    documentation="https://docs.github.com/en/enterprise-cloud@latest/actions/reference/security/oidc",
    shared=False,
)
