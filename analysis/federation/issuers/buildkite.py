"""Buildkite."""

from __future__ import annotations

from ..issuer import Issuer, forms

PREFIX = "organization:{organization}:pipeline:{pipeline}"

ISSUER = Issuer(
    "Buildkite",
    r"agent\.buildkite\.com",
    forms(
        f"{PREFIX}:ref:refs/heads/{{branch}}:commit:{{commit}}:step:{{step}}",
        f"{PREFIX}:ref:refs/tags/{{tag}}:commit:{{commit}}:step:{{step}}",
        f"{PREFIX}:ref:{{ref}}:commit:{{commit}}:step:{{step}}",
        PREFIX,
    ),
    everyone="anyone with a Buildkite account",
    documentation="https://buildkite.com/docs/pipelines/security/oidc/aws",
    thing="pipeline",
    places=("branch", "tag", "ref"),
    slashed=True,
    claims={"organization_slug": forms("{organization}"), "pipeline_slug": forms("{pipeline}")},
)
