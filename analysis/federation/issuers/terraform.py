"""HCP Terraform (Terraform Cloud), and Terraform Enterprise by the form of its subjects. A workspace's name is its
organization's own, whatever the project."""

from __future__ import annotations

from ..issuer import Issuer, forms

PREFIX = "organization:{organization}"

ISSUER = Issuer(
    "HCP Terraform",
    r"app(\.eu)?\.terraform\.io",
    forms(
        f"{PREFIX}:project:{{project}}:workspace:{{workspace}}:run_phase:{{run phase}}",
        f"{PREFIX}:project:{{project}}:stack:{{workspace}}:deployment:{{deployment}}:operation:{{run phase}}",
        f"{PREFIX}:workspace:{{workspace}}:run_phase:{{run phase}}",
        f"{PREFIX}:project:{{project}}:workspace:{{workspace}}",
    ),
    everyone="anyone with an HCP Terraform account",
    documentation="https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration",
    thing="workspace",
    places=("run phase",),
    claims={
        "terraform_organization_name": forms("{organization}"),
        "terraform_workspace_name": forms("{workspace}"),
        "terraform_project_name": forms("{project}"),
        "terraform_run_phase": forms("{run phase}"),
    },
)
