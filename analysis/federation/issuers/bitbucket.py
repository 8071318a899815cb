"""Bitbucket Pipelines: every workspace has a URL of its own. Its repositories, environments and steps are UUIDs.

``REPOSITORY[:ENVIRONMENT]:STEP``: of two parts nobody can tell by the text whether the second is a step, and steps
differ each time; only the second of three is an environment for sure.
"""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Bitbucket",
    r"api\.bitbucket\.org/2\.0/workspaces/(?P<workspace>[^/]+)/pipelines-config/identity/oidc",
    forms("{repository}:{environment}:{step}", "{repository}:{step}", "{repository}"),
    everyone="anyone of the workspace",
    documentation="https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
    shared=False,
    tenant="workspace",
    places=("environment",),
    claims={"repositoryuuid": forms("{repository}"), "deploymentenvironmentuuid": forms("{environment}")},
)
