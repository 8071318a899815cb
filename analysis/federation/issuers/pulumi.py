"""Pulumi Cloud: deployments and environments."""

from __future__ import annotations

from ..issuer import Issuer, forms

PREFIX = "pulumi:deploy:org:{organization}:project:{project}:stack:{stack}"

ISSUER = Issuer(
    "Pulumi",
    r"api\.pulumi\.com/oidc",
    forms(
        f"{PREFIX}:operation:{{operation}}:scope:{{scope}}",
        "pulumi:environments:org:{organization}:env:{project}",
        "pulumi:environments:org:{organization}:{context}",
    ),
    everyone="anyone with a Pulumi account",
    documentation="https://www.pulumi.com/docs/administration/access-identity/oidc-client/",
    thing="project",
    places=("stack", "operation", "scope"),
)
