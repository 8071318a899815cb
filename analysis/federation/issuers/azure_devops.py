"""Azure DevOps service connections: every organization has a URL of its own."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Azure DevOps",
    r"vstoken\.dev\.azure\.com/(?P<organization_id>[^/]+)/?",
    forms("sc://{organization}/{project}/{service connection}"),
    everyone="anyone of the organization",
    documentation="https://docs.aws.amazon.com/vsts/latest/userguide/getting-started.html",
    shared=False,
    thing="project",
    places=("service connection",),
    slashed=True,
)
