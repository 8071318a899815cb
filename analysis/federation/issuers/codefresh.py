"""Codefresh: one URL for all accounts. Accounts and pipelines are ids; what follows differs by how a build began."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Codefresh",
    r"oidc\.codefresh\.io",
    forms("account:{account}:pipeline:{pipeline}:{context}", "account:{account}:pipeline:{pipeline}"),
    everyone="anyone with a Codefresh account",
    documentation="https://codefresh.io/docs/docs/integrations/oidc-pipelines/",
    tenant="account",
    thing="pipeline",
    places=("branch",),
)
