"""The collector's role as a CloudFormation template and as Terraform, for every account of an organization.

The role trusts one principal by its ARN, and asks for an external id where one is given. It can be entered and it can
read; it can change nothing.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import yaml

from .policy import Policy, managed_policies

SESSION_SECONDS = 3600
"""A role entered from a role lasts an hour at most, whatever it allows."""
PRINCIPAL_PATTERN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(root|user/.+|role/.+)$"
EXTERNAL_ID_PATTERN = r"^$|^[A-Za-z0-9+=,.@:/_-]{2,1224}$"
DESCRIPTION = "Lets Muniment read this account for its register. It can change nothing."


def cloudformation(policy: Policy, role_name: str) -> str:
    """A template in YAML, ready for a StackSet; it needs the capability CAPABILITY_NAMED_IAM."""
    parts = managed_policies(policy)
    names = ["ReadOnly"] if len(parts) == 1 else [f"ReadOnly{number}" for number in range(1, len(parts) + 1)]
    path, name = split_role(role_name)
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": DESCRIPTION,
        "Parameters": _parameters(name),
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": _role(path, names)},
            **{
                part_name: {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {"Description": DESCRIPTION, "PolicyDocument": part},
                }
                for part_name, part in zip(names, parts, strict=True)
            },
        },
        "Outputs": {"RoleArn": {"Description": "The role to enter.", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return yaml.dump(template, Dumper=_Indented, sort_keys=False, width=120)


def _parameters(role_name: str) -> dict[str, Any]:
    return {
        "CollectorPrincipal": {
            "Type": "String",
            "Description": "ARN of the role or user that Muniment runs as.",
            "AllowedPattern": PRINCIPAL_PATTERN,
        },
        "ExternalId": {
            "Type": "String",
            "Description": "What Muniment must say to enter (--external-id). Empty to ask for nothing.",
            "Default": "",
            "AllowedPattern": EXTERNAL_ID_PATTERN,
        },
        "RoleName": {
            "Type": "String",
            "Description": "Name of the role, the same in every account (--role-name).",
            "Default": role_name,
        },
    }


def _role(path: str, policies: Sequence[str]) -> dict[str, Any]:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "CollectorPrincipal"}},
        "Action": "sts:AssumeRole",
        "Condition": {
            "Fn::If": [
                "HasExternalId",
                {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
                {"Ref": "AWS::NoValue"},
            ]
        },
    }
    return {
        "RoleName": {"Ref": "RoleName"},
        "Path": path,
        "Description": DESCRIPTION,
        "MaxSessionDuration": SESSION_SECONDS,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "ManagedPolicyArns": [{"Ref": name} for name in policies],
    }


def terraform(policy: Policy, role_name: str) -> str:
    """A module for one account: apply it to each, with a provider for it."""
    parts = managed_policies(policy)
    names = ["read_only"] if len(parts) == 1 else [f"read_only_{number}" for number in range(1, len(parts) + 1)]
    path, name = split_role(role_name)
    policies = "".join(
        _TERRAFORM_POLICY.format(name=part_name, role=f"${{var.role_name}}-{part_name}", document=_hcl(part, 1))
        for part_name, part in zip(names, parts, strict=True)
    )
    filled = {
        "PRINCIPAL_PATTERN": json.dumps(PRINCIPAL_PATTERN),
        "DESCRIPTION": json.dumps(DESCRIPTION),
        "SESSION_SECONDS": str(SESSION_SECONDS),
        "ROLE_PATH": json.dumps(path),
        "ROLE_NAME": json.dumps(name),
    }
    return re.sub("|".join(filled), lambda found: filled[found[0]], _TERRAFORM_ROLE) + policies + _TERRAFORM_OUTPUT


def split_role(role_name: str) -> tuple[str, str]:
    """Path and name of a role: ``audit/MunimentCollector`` gives ``/audit/`` and ``MunimentCollector``."""
    path, _, name = role_name.strip("/").rpartition("/")
    return (f"/{path}/" if path else "/"), name


_TERRAFORM_ROLE = """\
variable "collector_principal" {
  description = "ARN of the role or user that Muniment runs as."
  type        = string

  validation {
    condition     = can(regex(PRINCIPAL_PATTERN, var.collector_principal))
    error_message = "It must be the ARN of an account, a user or a role."
  }
}

variable "external_id" {
  description = "What Muniment must say to enter (--external-id). Empty to ask for nothing."
  type        = string
  default     = ""
}

variable "role_name" {
  description = "Name of the role, the same in every account (--role-name)."
  type        = string
  default     = ROLE_NAME
}

resource "aws_iam_role" "collector" {
  name                 = var.role_name
  path                 = ROLE_PATH
  description          = DESCRIPTION
  max_session_duration = SESSION_SECONDS

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(
        {
          Effect    = "Allow"
          Principal = { AWS = var.collector_principal }
          Action    = "sts:AssumeRole"
        },
        var.external_id == "" ? {} : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } },
      )
    ]
  })
}
"""

_TERRAFORM_POLICY = """
resource "aws_iam_policy" "{name}" {{
  name = "{role}"

  policy = jsonencode({document})
}}

resource "aws_iam_role_policy_attachment" "{name}" {{
  role       = aws_iam_role.collector.name
  policy_arn = aws_iam_policy.{name}.arn
}}
"""

_TERRAFORM_OUTPUT = """
output "role_arn" {
  description = "The role to enter."
  value       = aws_iam_role.collector.arn
}
"""


def _hcl(value: object, depth: int) -> str:
    """A JSON value as an expression of HCL, laid out as ``terraform fmt`` does, continued at that indentation."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, Mapping):
        return "{\n" + "".join(_members(value, depth + 1)) + outer + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{inner}{_hcl(member, depth + 1)},\n" for member in value) + outer + "]"
    return json.dumps(value).replace("${", "$${").replace("%{", "%%{")


def _members(value: Mapping[str, object], depth: int) -> Iterator[str]:
    """The members of an object, a line each; the signs of neighbours that take one line are aligned."""
    shown = [(_key(name), _hcl(member, depth)) for name, member in value.items()]
    for short, run in groupby(shown, key=lambda member: "\n" not in member[1]):
        members = list(run)
        width = max(len(name) for name, _ in members) if short else 0
        yield from (f"{'  ' * depth}{name:<{width}} = {expression}\n" for name, expression in members)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)


class _Indented(yaml.SafeDumper):
    """YAML with lists indented under their keys, and nothing referred to twice by an anchor."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True
