"""The roles that Identity Center made of permission sets."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.iam.estate import Estate
from ...analysis.identity_center import PermissionSet, ReservedRole, provisioned_as
from ...graph.database import Database
from ...schema import Arn, Edge
from ..estate_queries import PERMISSION_SETS
from .analysis import Analysis


def _facts(database: Database, estate: Estate) -> Iterator[Edge]:
    sets = [
        PermissionSet(row["id"], row["name"], frozenset(row["accounts"]) or None)
        for row in database.read(PERMISSION_SETS)
        if row["name"]
    ]
    roles = (
        ReservedRole(role.arn, role.account, _path(role.arn), role.name)
        for role in (estate.roles.values() if sets else ())
    )
    return provisioned_as(sets, roles)


def _path(arn: str) -> str:
    """The path in a role's ARN: ``/a/b/`` of ``role/a/b/name``."""
    parsed = Arn.maybe(arn)
    resource = parsed.resource.removeprefix("role") if parsed else ""
    return resource[: resource.rfind("/") + 1]


ANALYSIS = Analysis("provisioned-as", ("PROVISIONED_AS",), frozenset({"identity-center", "iam"}), _facts)
