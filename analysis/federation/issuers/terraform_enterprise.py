"""Terraform Enterprise: a server of one's own, known by the form of its subjects."""

from __future__ import annotations

from dataclasses import replace

from .terraform import ISSUER as CLOUD

ISSUER = replace(
    CLOUD,
    name="Terraform Enterprise",
    url=r"(tfe|terraform)\.(?!io$)[^/]+",
    everyone="anyone with an account of the server",
    documentation="https://developer.hashicorp.com/terraform/enterprise/workspaces/dynamic-provider-credentials/aws-configuration",
    shared=False,
)
