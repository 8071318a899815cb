"""Semaphore: every organization has a URL of its own. Projects are UUIDs."""

from __future__ import annotations

from ..issuer import Form, Issuer, forms

PREFIX = "org:{organization}:project:{project}:repo:{repository}"

ISSUER = Issuer(
    "Semaphore",
    r"(?P<organization>[^./]+)\.semaphoreci\.com",
    (
        *forms(
            f"{PREFIX}:ref_type:branch:ref:refs/heads/{{branch}}",
            f"{PREFIX}:ref_type:tag:ref:refs/tags/{{tag}}",
        ),
        Form(f"{PREFIX}:ref_type:pull-request:ref:{{ref}}", {"pull request": "*"}),
        *forms(f"{PREFIX}:{{context}}", PREFIX),
    ),
    everyone="anyone of the organization",
    documentation="https://docs.semaphoreci.com/using-semaphore/openid",
    shared=False,
    thing="project",
    places=("branch", "tag", "pull request"),
)
