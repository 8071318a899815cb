"""Spacelift: every account has a URL of its own."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Spacelift",
    r"(?P<account>[^./]+)\.app(\.us)?\.spacelift\.io",
    forms(
        "space:{space}:stack:{stack}:run_type:{run type}:scope:{scope}",
        "space:{space}:module:{stack}:run_type:{run type}:scope:{scope}",
        "space:{space}:{context}",
    ),
    everyone="anyone of the account",
    documentation="https://docs.spacelift.io/integrations/cloud-providers/oidc/aws-oidc",
    shared=False,
    tenant="account",
    thing="stack",
    places=("run type", "scope"),
)
