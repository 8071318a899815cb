"""Buildkite. A step may ask for an id as its subject: of a pipeline or of an organization, which nobody can tell."""

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
        "{id}",
    ),
    everyone="anyone with a Buildkite account",
    documentation="https://buildkite.com/docs/agent/v3/cli/reference/oidc",
    thing="pipeline",
    places=("branch", "tag", "ref"),
    slashed=True,
    closed_by=("id",),
    claims={"organization_slug": forms("{organization}"), "pipeline_slug": forms("{pipeline}")},
)
