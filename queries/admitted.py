"""Whom an identity provider lets into a role, in the words of its federated subjects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, TypeAlias

from .library import step

if TYPE_CHECKING:
    from ..graph.database import Database

PROVIDERS = frozenset({"OidcProvider", "SamlProvider", "FederatedPrincipal"})
"""Kinds of principals that sign others in."""

Admitted: TypeAlias = Mapping[tuple[str, str], str]
"""Whom a provider lets into a role, as a sentence without its full stop."""


def admitted(database: Database, roles: Collection[str]) -> Admitted:
    """Whom each provider lets into each of the roles; nothing of a role for which that is not concluded."""
    said: dict[tuple[str, str], set[str]] = {}
    for row in database.read(step("admitted"), roles=sorted(roles)) if roles else ():
        for provider, name in row["admitted"]:
            said.setdefault((provider, row["role"]), set()).add(name)
    return {entrance: "; ".join(sorted(names)) for entrance, names in said.items()}
