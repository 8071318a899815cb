"""CircleCI: every organization has a URL of its own. Projects are UUIDs."""

from __future__ import annotations

from ..issuer import Issuer, forms

PREFIX = "org/{organization}/project/{project}"

ISSUER = Issuer(
    "CircleCI",
    r"oidc\.circleci\.com/org/(?P<organization>[^/]+)",
    forms(
        f"{PREFIX}/user/{{user}}/vcs-origin/{{origin}}/vcs-ref/refs/heads/{{branch}}",
        f"{PREFIX}/user/{{user}}/vcs-origin/{{origin}}/vcs-ref/refs/tags/{{tag}}",
        f"{PREFIX}/user/{{user}}/vcs-origin/{{origin}}/vcs-ref/{{ref}}",
        f"{PREFIX}/user/{{user}}",
        PREFIX,
    ),
    everyone="anyone of the organization",
    documentation="https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/",
    shared=False,
    thing="project",
    places=("branch", "tag", "ref"),
    claims={"oidc.circleci.com/project-id": forms("{project}")},
)
