"""GitLab CI: gitlab.com. Groups within groups make part of the project's path.

A project may have more in its subjects behind the branch: whether the environment is protected, and what tier it is.
"""

from __future__ import annotations

from ..issuer import Issuer, forms

PREFIX = "project_path:{group}/{project}"

SUBJECTS = forms(
    f"{PREFIX}:ref_type:branch:ref:{{branch}}:{{more}}",
    f"{PREFIX}:ref_type:branch:ref:{{branch}}",
    f"{PREFIX}:ref_type:tag:ref:{{tag}}:{{more}}",
    f"{PREFIX}:ref_type:tag:ref:{{tag}}",
    f"{PREFIX}:ref_type:{{ref type}}:ref:{{branch}}",
    f"{PREFIX}:{{context}}",
    PREFIX,
)

CLAIMS = {
    "project_path": forms("{group}/{project}"),
    "namespace_path": forms("{group}"),
    "ref": forms("{branch}"),
    "environment": forms("{environment}"),
}

PLACES = ("branch", "tag", "environment")

ISSUER = Issuer(
    "GitLab",
    r"gitlab\.com",
    SUBJECTS,
    everyone="anyone with a GitLab account",
    documentation="https://docs.gitlab.com/ci/cloud_services/aws/",
    tenant="group",
    thing="project",
    places=PLACES,
    slashed=True,
    claims=CLAIMS,
)
