"""Who stands behind each principal."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.iam.estates.estate import Estate
from ...analysis.identities.derive import derive_identities
from ...analysis.identities.users import Key, User
from ...graph.database import Database
from ...schema import Edge, Node
from .analysis import Analysis

USERS = """MATCH (u:User) WHERE u.scope <> 'reference'
RETURN u.id AS id, u.name AS name, u.console_access AS console_access, u.password_last_used AS password_last_used,
       u.mfa_active AS mfa_active"""

KEYS = """MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u:User)
RETURN u.id AS holder, k.active AS active, k.last_used_at AS last_used_at, k.last_used_service AS last_used_service,
       k.id AS id
ORDER BY id"""

PEOPLE = "MATCH (u:IdentityCenterUser) WHERE u.scope <> 'reference' RETURN u.id AS id"


def _facts(database: Database, estate: Estate) -> Iterator[Node | Edge]:
    keys: dict[str, list[Key]] = {}
    for row in database.read(KEYS):
        keys.setdefault(row["holder"], []).append(Key(row["active"], row["last_used_at"], row["last_used_service"]))
    users = (
        User(
            row["id"],
            row["name"] or "",
            row["console_access"],
            row["password_last_used"],
            row["mfa_active"],
            tuple(keys.get(row["id"], ())),
        )
        for row in database.read(USERS)
    )
    return derive_identities(estate, users, [row["id"] for row in database.read(PEOPLE)])


ANALYSIS = Analysis("identities", ("IDENTIFIED_AS",), frozenset({"iam", "identity-center"}), _facts)
