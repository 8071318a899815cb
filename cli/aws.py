"""`muniment aws policy`: what AWS must allow the collector, and the role that holds it."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Annotated

import typer


class PolicyFormat(StrEnum):
    """How the policy is written."""

    JSON = "json"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


class Side(StrEnum):
    """Whose policy it is."""

    MANAGEMENT = "management"
    MEMBER = "member"


def register(app: typer.Typer) -> None:
    """Add ``muniment aws``."""
    aws = typer.Typer(help="Prepare AWS for the collector.", no_args_is_help=True)
    aws.callback()(_aws)
    aws.command("policy")(policy)
    app.add_typer(aws, name="aws")


def _aws() -> None:
    """Prepare AWS for the collector."""


def policy(
    written_as: Annotated[
        PolicyFormat,
        typer.Option(
            "--format", help="The policy alone, or the role with it as a CloudFormation template or Terraform."
        ),
    ] = PolicyFormat.JSON,
    side: Annotated[
        Side | None,
        typer.Option(
            "--for",
            help="The account that Muniment starts in (management), or all others (member). "
            "[json: management; cloudformation, terraform: member]",
        ),
    ] = None,
    collector: Annotated[
        list[str] | None, typer.Option(help="Only what this collector needs; may be repeated. [all]", metavar="NAME")
    ] = None,
    role_name: Annotated[
        str | None, typer.Option(help="The role in every account. [MunimentCollector]", metavar="NAME")
    ] = None,
    partition: Annotated[str, typer.Option(help="aws, aws-cn or aws-us-gov.", metavar="NAME")] = "aws",
) -> None:
    """Print the least that AWS must allow for everything to be read. Nothing in it changes anything.

    Muniment starts in the management account, or in an account that services are delegated to, and enters every other
    account by one role. The template is made for a StackSet, the Terraform for a module applied to each account.
    """
    from ..ingest.aws.policy import LARGEST_POLICY, Audience, collector_policy, managed_policies
    from ..ingest.aws.session import DEFAULT_ROLE
    from ..ingest.aws.templates import cloudformation, terraform

    usual = Side.MANAGEMENT if written_as is PolicyFormat.JSON else Side.MEMBER
    role = _checked(role_name or DEFAULT_ROLE)
    document = collector_policy(Audience(side or usual), names=collector or (), role_name=role, partition=partition)
    match written_as:
        case PolicyFormat.JSON:
            text = json.dumps(document, indent=2) + "\n"
            if len(managed_policies(document)) > 1:
                typer.echo(f"This is longer than a managed policy may be ({LARGEST_POLICY} characters).", err=True)
        case PolicyFormat.CLOUDFORMATION:
            text = cloudformation(document, role)
        case PolicyFormat.TERRAFORM:
            text = terraform(document, role)
    typer.echo(text, nl=False)


def _checked(role_name: str) -> str:
    """A role's name with its path, if it is one that IAM takes; UsageError otherwise."""
    from ..errors import UsageError

    if re.fullmatch(r"/?([!-.0-~]+/)*[\w+=,.@-]{1,64}", role_name, re.ASCII):
        return role_name.strip("/")
    raise UsageError(
        f"{role_name!r} is no name of a role", "Letters, digits and +=,.@_- are; a path may come before it."
    )
