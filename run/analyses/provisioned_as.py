"""The roles that Identity Center made of permission sets."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.iam.estates.estate import Estate
from ...analysis.identity_center import PermissionSet, provisioned_as
from ...graph.database import Database
from ...schema import Edge
from ..estate_queries import PERMISSION_SETS
from ..identity_center import reserved_roles
from .analysis import Analysis


def _facts(database: Database, estate: Estate) -> Iterator[Edge]:
    sets = [
        PermissionSet(row["id"], row["name"], frozenset(row["accounts"]) or None)
        for row in database.read(PERMISSION_SETS)
        if row["name"]
    ]
    return provisioned_as(sets, reserved_roles(estate) if sets else ())


ANALYSIS = Analysis("provisioned-as", ("PROVISIONED_AS",), frozenset({"identity-center", "iam"}), _facts)
