"""GitHub Actions: github.com, an enterprise's own path of it, and GHE.com.

Since 2026 subjects of new repositories carry immutable ids: ``repo:acme@12/payments@34:…``. A name has no ``@`` in it,
so that the id is taken off what is shown.

A subject is a list of claims, ``repo:acme/payments:environment:live``, and organizations and repositories may choose
which, and in what order. One that tells of no repository and no owner, anyone can give to a repository of their own.
"""

from __future__ import annotations

from ..issuer import Form, Issuer, forms

CLAIMS = {
    "repository": forms("{organization}/{repository}"),
    "repository_id": forms("{repository id}"),
    "repository_owner": forms("{organization}"),
    "repository_owner_id": forms("{organization id}"),
    "enterprise": forms("{enterprise}"),
    "enterprise_id": forms("{enterprise id}"),
    "environment": forms("{environment}"),
    "ref": forms("refs/heads/{branch}", "refs/tags/{tag}"),
    "job_workflow_ref": forms("{workflow}"),
    "pull_request": (Form("", {"pull request": "*"}),),
}

ISSUER = Issuer(
    "GitHub",
    r"token\.actions\.githubusercontent\.com|token\.actions\.(?P<enterprise>[^./]+)\.ghe\.com",
    (),
    everyone="anyone with a GitHub account",
    documentation="https://docs.github.com/en/actions/reference/security/oidc",
    places=("environment", "branch", "tag", "pull request", "context"),
    slashed=True,
    claims=CLAIMS,
    listed=True,
    called={"repo": "repository"},
    alone=frozenset({"pull_request"}),
    closed_by=("enterprise", "enterprise id"),
)
