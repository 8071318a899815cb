"""Scalr: one URL for all accounts."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Scalr",
    r"scalr\.io",
    forms("account:{account}:environment:{environment}:workspace:{workspace}"),
    everyone="anyone with a Scalr account",
    documentation="https://docs.scalr.io/docs/aws",
    tenant="account",
    thing="workspace",
    places=("environment",),
)
