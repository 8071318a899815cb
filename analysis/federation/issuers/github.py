"""GitHub Actions: github.com, an enterprise's own path of it, and GHE.com.

Since 2026 subjects of new repositories carry immutable ids: ``repo:acme@12/payments@34:…``. A name has no ``@`` in it,
so that the id is taken off what is shown.
"""

from __future__ import annotations

from ..issuer import Form, Issuer, forms

PREFIX = "repo:{organization}/{repository}"

SUBJECTS = (
    *forms(
        f"{PREFIX}:environment:{{environment}}",
        f"{PREFIX}:ref:refs/heads/{{branch}}",
        f"{PREFIX}:ref:refs/tags/{{tag}}",
    ),
    Form(f"{PREFIX}:pull_request", {"pull request": "*"}),
    *forms(
        f"{PREFIX}:job_workflow_ref:{{workflow}}",
        f"{PREFIX}:{{context}}",
        PREFIX,
        "repository_owner:{organization}:{rest}",
        "repository_owner:{organization}",
        "repository:{organization}/{repository}:{context}",
        "repository:{organization}/{repository}",
    ),
)

CLAIMS = {
    "repository": forms("{organization}/{repository}"),
    "repository_owner": forms("{organization}"),
    "environment": forms("{environment}"),
    "ref": forms("refs/heads/{branch}", "refs/tags/{tag}"),
    "job_workflow_ref": forms("{workflow}"),
}

PLACES = ("environment", "branch", "tag", "pull request", "context")

ISSUER = Issuer(
    "GitHub",
    r"token\.actions\.githubusercontent\.com|token\.actions\.(?P<enterprise>[^./]+)\.ghe\.com",
    SUBJECTS,
    everyone="anyone with a GitHub account",
    documentation="https://docs.github.com/en/actions/reference/security/oidc",
    places=PLACES,
    slashed=True,
    claims=CLAIMS,
)
